// What may and must stand together on one item (GenSpecs 4.13 and 4.14): no identifier twice
// with different values, exclusive pairs, mandatory pairings, and serial keys under a signature.

#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"

#include <algorithm>

namespace lotgate::barcode {

namespace {

struct Present {
    std::array<AiCode, elements_max> codes;
    std::size_t count = 0;

    // Some identifier of the pattern, other than `self`.
    [[nodiscard]] bool has(const Term& term, AiCode self) const {
        for (std::size_t i = 0; i < count; ++i) {
            const AiCode code = codes[i];
            if (code >= term.first && code <= term.last && code != self) return true;
        }
        return false;
    }
};

Present present_in(const Decoded& decoded, bool gtin_beside) {
    Present present;
    for (const Element element : decoded.elements()) {
        if (all_digits(element.ai)) present.codes[present.count++] = ai_code(element.ai);
    }
    if (gtin_beside && present.count < elements_max) present.codes[present.count++] = ai_code("01");
    return present;
}

bool excludes_another(const Reading& reading, const AiEntry& entry, const Present& present) {
    const AiCode self = ai_code(entry.name());
    const auto terms = reading.dictionary.terms(entry.excludes);
    return std::any_of(
        terms.begin(), terms.end(), [&](const Term& term) { return present.has(term, self); });
}

// Groups are ANDed; a group holds when one of its alternatives holds whole.
bool needs_are_met(const Reading& reading, const AiEntry& entry, const Present& present) {
    const AiCode self = ai_code(entry.name());
    bool alternative = true;
    bool group = false;
    for (const Term& term : reading.dictionary.terms(entry.needs)) {
        alternative = alternative && present.has(term, self);
        if (term.ends_alternative) {
            group = group || alternative;
            alternative = true;
        }
        if (!term.ends_group) continue;
        if (!group) return false;
        group = false;
    }
    return true;
}

// AI 8030 signs an instance: keys with an optional serial must carry it (GenSpecs 3.8.25).
bool key_lacks_serial(const Element& element) {
    if (element.ai == "253" || element.ai == "255") return element.value.size() == 13;
    return element.ai == "8003" && element.value.size() == 14;
}

bool refuse_exclusive(Reading& reading, const Present& present) {
    for (const Element element : reading.writer.decoded().elements()) {
        const AiEntry* entry = reading.dictionary.find(element.ai);
        if (entry == nullptr || !excludes_another(reading, *entry, present)) continue;
        return reading.writer.refuse(ErrorClass::ai_pair_conflict, element.position, element.ai);
    }
    return true;
}

bool refuse_repeated(Reading& reading) {
    const Decoded& decoded = reading.writer.decoded();
    for (std::size_t i = 0; i < decoded.element_count(); ++i) {
        const Element first = decoded.element(i);
        for (std::size_t k = i + 1; k < decoded.element_count(); ++k) {
            const Element second = decoded.element(k);
            if (first.ai != second.ai || first.value == second.value) continue;
            return reading.writer.refuse(
                ErrorClass::ai_repeat_conflict, second.position, second.ai);
        }
    }
    return true;
}

bool refuse_unserialised(Reading& reading) {
    const Decoded& decoded = reading.writer.decoded();
    if (!decoded.find("8030")) return true;
    for (const Element element : decoded.elements()) {
        if (!key_lacks_serial(element)) continue;
        return reading.writer.refuse(ErrorClass::serial_required, element.position, element.ai);
    }
    return true;
}

}  // namespace

bool check_associations(Reading& reading, bool gtin_beside) {
    const Decoded& decoded = reading.writer.decoded();
    if (decoded.element_count() == 0) return true;
    const Present present = present_in(decoded, gtin_beside);
    if (!refuse_exclusive(reading, present)) return false;
    if (!refuse_repeated(reading)) return false;
    if (!refuse_unserialised(reading)) return false;
    for (const Element element : decoded.elements()) {
        const AiEntry* entry = reading.dictionary.find(element.ai);
        if (entry == nullptr || needs_are_met(reading, *entry, present)) continue;
        reading.writer.incomplete(element.position, element.ai);
        reading.writer.warn(WarningClass::required_ai_missing, element.position);
        break;
    }
    return true;
}

}  // namespace lotgate::barcode
