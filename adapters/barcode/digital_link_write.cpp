#include "adapters/barcode/dictionary.hpp"
#include "adapters/barcode/digital_link.hpp"

#include <algorithm>
#include <vector>

namespace lotgate::barcode {

namespace {

struct Placed {
    const LabelElement* element = nullptr;
    const AiEntry* entry = nullptr;
    bool in_path = false;
};

Result<std::vector<Placed>> placed_elements(std::span<const LabelElement> elements) {
    std::vector<Placed> placed;
    for (const LabelElement& element : elements) {
        const AiEntry* entry = built_in_dictionary().find(element.ai);
        if (entry == nullptr) {
            return fail(FaultCode::invalid_input,
                        "unknown application identifier",
                        std::string(element.ai));
        }
        // The same element twice is said once.
        const bool known = std::any_of(placed.begin(), placed.end(), [&](const Placed& other) {
            return other.element->ai == element.ai;
        });
        if (!known) placed.push_back({&element, entry, false});
    }
    return placed;
}

void append_pair(std::string& uri, const Placed& placed) {
    uri += '/';
    uri += placed.element->ai;
    uri += '/';
    uri += percent_encoded(placed.element->value);
}

using Terms = std::span<const Term>;

// The alternative of qualifiers of which most are there; the first of equals.
std::vector<Term> best_qualifiers(const AiEntry& key, const std::vector<Placed>& placed) {
    std::vector<Term> best;
    std::vector<Term> current;
    for (const Term& term : built_in_dictionary().terms(key.qualifiers)) {
        const bool there = std::any_of(placed.begin(), placed.end(), [&](const Placed& candidate) {
            return ai_code(candidate.entry->name()) == term.first;
        });
        if (there) current.push_back(term);
        if (!term.ends_group) continue;
        if (current.size() > best.size()) best = current;
        current.clear();
    }
    return best;
}

void append_path(std::string& uri, std::vector<Placed>& placed, Placed& key) {
    key.in_path = true;
    append_pair(uri, key);
    for (const Term& term : best_qualifiers(*key.entry, placed)) {
        for (Placed& candidate : placed) {
            if (ai_code(candidate.entry->name()) != term.first) continue;
            candidate.in_path = true;
            append_pair(uri, candidate);
        }
    }
}

Result<> append_attribute(std::string& uri, char separator, const Placed& placed) {
    if (!placed.entry->link_attribute) {
        return fail(FaultCode::invalid_input,
                    "this identifier may not stand in a Digital Link's query",
                    std::string(placed.element->ai));
    }
    uri += separator;
    uri += placed.element->ai;
    uri += '=';
    uri += percent_encoded(placed.element->value);
    return {};
}

Result<> append_query(std::string& uri, const std::vector<Placed>& placed) {
    char separator = '?';
    for (const bool fixed : {true, false}) {
        for (const Placed& candidate : placed) {
            if (candidate.in_path || candidate.entry->predefined_length != fixed) continue;
            LG_CHECK(append_attribute(uri, separator, candidate));
            separator = '&';
        }
    }
    return {};
}

}  // namespace

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += hex[byte >> 4U];
        encoded += hex[byte & 15U];
    }
    return encoded;
}

Result<std::string> digital_link_uri(std::span<const LabelElement> elements,
                                     std::string_view stem) {
    // Nothing is written that would not be read: the elements are checked as a whole first.
    LG_CHECK(element_string(elements));
    LG_TRY(std::vector<Placed> placed, placed_elements(elements));
    const auto key = std::find_if(placed.begin(), placed.end(), [](const Placed& candidate) {
        return candidate.entry->link_key;
    });
    if (key == placed.end()) {
        return fail(FaultCode::invalid_input, "no primary key of a Digital Link among them");
    }
    if (!stem.empty() && stem.back() == '/') stem.remove_suffix(1);
    std::string uri(stem);
    append_path(uri, placed, *key);
    LG_CHECK(append_query(uri, placed));
    return uri;
}

Result<std::string> digital_link_uri(const Decoded& decoded, std::string_view stem) {
    if (!decoded.ok()) {
        return fail(FaultCode::invalid_input, explain(decoded, decoded.error()));
    }
    std::vector<LabelElement> elements;
    for (const Element element : decoded.elements()) {
        elements.push_back({element.ai, element.value});
    }
    return digital_link_uri(elements, stem);
}

}  // namespace lotgate::barcode
