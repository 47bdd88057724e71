#include "adapters/barcode/dictionary.hpp"

#include "store/model/assert.hpp"

namespace lotgate::barcode {

namespace {

#include "ai_table.inc"  // generated from application_identifiers.csv

// GenSpecs 7.8.5, figure "predefined length": value lengths by the first two digits.
constexpr std::array<std::uint8_t, 100> predefined_lengths = [] {
    std::array<std::uint8_t, 100> lengths{};
    lengths[0] = 18;
    for (std::size_t prefix = 1; prefix <= 3; ++prefix) lengths[prefix] = 14;
    lengths[4] = 16;
    for (std::size_t prefix = 11; prefix <= 19; ++prefix) lengths[prefix] = 6;
    lengths[20] = 2;
    for (std::size_t prefix = 31; prefix <= 36; ++prefix) lengths[prefix] = 6;
    lengths[41] = 13;
    return lengths;
}();

constexpr unsigned not_a_prefix = 100;

unsigned prefix_of(std::string_view data) {
    if (data.size() < 2) return not_a_prefix;
    const unsigned tens = static_cast<unsigned char>(data[0]) - unsigned{'0'};
    const unsigned ones = static_cast<unsigned char>(data[1]) - unsigned{'0'};
    return tens < 10 && ones < 10 ? tens * 10 + ones : not_a_prefix;
}

}  // namespace

Dictionary::Dictionary(std::span<const AiEntry> entries, std::span<const Term> terms)
    : entries_(entries), terms_(terms) {
    LG_ASSERT(entries.size() < 10000);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::string_view name = entries[i].name();
        length_by_prefix_[prefix_of(name)] = entries[i].ai_size;
        entry_by_code_[ai_code(name)] = static_cast<std::uint16_t>(i + 1);
    }
}

int Dictionary::ai_length(std::string_view data) const {
    const unsigned prefix = prefix_of(data);
    return prefix == not_a_prefix ? 0 : length_by_prefix_[prefix];
}

const AiEntry* Dictionary::match(std::string_view data) const {
    const unsigned prefix = prefix_of(data);
    if (prefix == not_a_prefix) return nullptr;
    const std::size_t length = length_by_prefix_[prefix];
    if (length == 0 || data.size() < length) return nullptr;
    unsigned code = prefix * 100;
    unsigned weight = 10;
    for (std::size_t i = 2; i < length; ++i, weight /= 10) {
        const unsigned digit = static_cast<unsigned char>(data[i]) - unsigned{'0'};
        if (digit > 9) return nullptr;
        code += digit * weight;
    }
    const std::uint16_t index = entry_by_code_[code];
    return index == 0 ? nullptr : &entries_[index - 1U];
}

const AiEntry* Dictionary::find(std::string_view ai) const {
    const AiEntry* entry = match(ai);
    return entry != nullptr && entry->ai_size == ai.size() ? entry : nullptr;
}

const Dictionary& built_in_dictionary() {
    static const Dictionary dictionary(built_in_entries, built_in_terms);
    return dictionary;
}

int predefined_value_length(std::string_view ai) {
    const unsigned prefix = prefix_of(ai);
    return prefix == not_a_prefix ? 0 : predefined_lengths[prefix];
}

}  // namespace lotgate::barcode
