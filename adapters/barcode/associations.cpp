// What may and must stand together on one item (GenSpecs 4.13 and 4.14): no identifier twice
// with different values, exclusive pairs, mandatory pairings, and serial keys under a signature.

#include "adapters/barcode/associations.hpp"

#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"

#include <algorithm>

namespace lotgate::barcode {

namespace {

// The two places that elements come from: one scan, without copying, or a label's list.
struct OfScan {
    const Decoded& decoded;

    [[nodiscard]] std::size_t size() const { return decoded.element_count(); }

    [[nodiscard]] Element operator[](std::size_t i) const { return decoded.element(i); }
};

constexpr std::size_t codes_max = 4 * elements_max;

struct Present {
    std::array<AiCode, codes_max> codes;
    std::size_t count = 0;

    void add(AiCode code) {
        if (count < codes.size()) codes[count++] = code;
    }

    // Some identifier of the pattern, other than `self`.
    [[nodiscard]] bool has(const Term& term, AiCode self) const {
        for (std::size_t i = 0; i < count; ++i) {
            const AiCode code = codes[i];
            if (code >= term.first && code <= term.last && code != self) return true;
        }
        return false;
    }
};

template <class Elements>
void collect(const Elements& elements, bool gtin_beside, Present& present) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const Element element = elements[i];
        if (is_digit(element.ai.front()) && all_digits(element.ai))
            present.add(ai_code(element.ai));
    }
    if (gtin_beside) present.add(ai_code("01"));
}

bool excludes_another(const Dictionary& dictionary, const AiEntry& entry, const Present& present) {
    const AiCode self = ai_code(entry.name());
    const auto terms = dictionary.terms(entry.excludes);
    return std::any_of(
        terms.begin(), terms.end(), [&](const Term& term) { return present.has(term, self); });
}

// Groups are ANDed; a group holds when one of its alternatives holds whole.
bool needs_are_met(const Dictionary& dictionary, const AiEntry& entry, const Present& present) {
    const AiCode self = ai_code(entry.name());
    bool alternative = true;
    bool group = false;
    for (const Term& term : dictionary.terms(entry.needs)) {
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

template <class Elements>
AssociationFinding exclusive_pair(const Dictionary& dictionary,
                                  const Elements& elements,
                                  const Present& present) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const AiEntry* entry = dictionary.find(elements[i].ai);
        if (entry == nullptr || entry->excludes.size == 0) continue;
        if (excludes_another(dictionary, *entry, present)) {
            return {ErrorClass::ai_pair_conflict, i};
        }
    }
    return {};
}

template <class Elements>
AssociationFinding contradicting_repeat(const Elements& elements) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const Element first = elements[i];
        for (std::size_t k = i + 1; k < elements.size(); ++k) {
            const Element second = elements[k];
            if (first.ai != second.ai || first.value == second.value) continue;
            if (all_digits(first.ai)) return {ErrorClass::ai_repeat_conflict, k};
        }
    }
    return {};
}

template <class Elements>
AssociationFinding unserialised_key(const Elements& elements) {
    bool is_signed = false;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        is_signed = is_signed || elements[i].ai == "8030";
    }
    for (std::size_t i = 0; is_signed && i < elements.size(); ++i) {
        if (key_lacks_serial(elements[i])) return {ErrorClass::serial_required, i};
    }
    return {};
}

template <class Elements>
AssociationFinding first_conflict(const Dictionary& dictionary,
                                  const Elements& elements,
                                  const Present& present) {
    auto finding = exclusive_pair(dictionary, elements, present);
    if (finding.error == ErrorClass::none) finding = contradicting_repeat(elements);
    if (finding.error == ErrorClass::none) finding = unserialised_key(elements);
    return finding;
}

template <class Elements, class Act>
void each_unmet(const Dictionary& dictionary,
                const Elements& elements,
                const Present& present,
                const Act& act) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const AiEntry* entry = dictionary.find(elements[i].ai);
        if (entry == nullptr || needs_are_met(dictionary, *entry, present)) continue;
        if (!act(i)) return;
    }
}

}  // namespace

bool check_associations(Reading& reading, bool gtin_beside) {
    const OfScan elements{reading.writer.decoded()};
    if (elements.size() == 0) return true;
    Present present;
    collect(elements, gtin_beside, present);
    const AssociationFinding finding = first_conflict(reading.dictionary, elements, present);
    if (finding.error != ErrorClass::none) {
        const Element element = elements[finding.element];
        return reading.writer.refuse(finding.error, element.position, element.ai);
    }
    each_unmet(reading.dictionary, elements, present, [&](std::size_t index) {
        const Element element = elements[index];
        reading.writer.incomplete(element.position, element.ai);
        reading.writer.warn(WarningClass::required_ai_missing, element.position);
        return false;
    });
    return true;
}

AssociationFinding find_conflict(const Dictionary& dictionary,
                                 std::span<const Element> elements,
                                 bool gtin_beside) {
    Present present;
    collect(elements, gtin_beside, present);
    return first_conflict(dictionary, elements, present);
}

std::vector<std::size_t> find_unmet_needs(const Dictionary& dictionary,
                                          std::span<const Element> elements,
                                          bool gtin_beside) {
    Present present;
    collect(elements, gtin_beside, present);
    std::vector<std::size_t> unmet;
    each_unmet(dictionary, elements, present, [&unmet](std::size_t index) {
        unmet.push_back(index);
        return true;
    });
    return unmet;
}

}  // namespace lotgate::barcode
