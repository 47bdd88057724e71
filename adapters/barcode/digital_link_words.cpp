#include "adapters/barcode/digital_link_words.hpp"

#include "adapters/barcode/linters.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace lotgate::barcode {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> old_words{{
    {"cpid", "8010"}, {"cpsn", "8011"}, {"cpv", "22"},    {"gcn", "255"},    {"gdti", "253"},
    {"giai", "8004"}, {"ginc", "401"},  {"gln", "414"},   {"glnx", "254"},   {"gmn", "8013"},
    {"grai", "8003"}, {"gsin", "402"},  {"gsrn", "8018"}, {"gsrnp", "8017"}, {"gtin", "01"},
    {"itip", "8006"}, {"lot", "10"},    {"party", "417"}, {"refno", "8020"}, {"ser", "21"},
    {"srin", "8019"}, {"sscc", "00"},
}};

// The bits of base64url text, most significant first.
class BitReader {
public:
    explicit BitReader(std::string_view text) : text_(text) {}

    [[nodiscard]] bool has(std::size_t bits) const { return at_ + bits <= text_.size() * 6; }

    std::uint64_t take(std::size_t bits) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < bits; ++i, ++at_) {
            const unsigned six = value_of(text_[at_ / 6]);
            value = value * 2 + ((six >> (5 - at_ % 6)) & 1U);
        }
        return value;
    }

private:
    static unsigned value_of(char c) {
        constexpr std::string_view alphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return static_cast<unsigned>(alphabet.find(c));
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

bool is_checked_number(std::uint64_t number, std::size_t digits) {
    std::string text = std::to_string(number);
    if (text.size() > digits) return false;
    text.insert(0, digits - text.size(), '0');
    return mod10_is_right(text);
}

// Codes with a letter among their two hexadecimal digits stand for a list of identifiers that
// begins with 01, but for 9A to 9D (other keys).
bool starts_with_gtin(std::uint64_t code) {
    if (code == 0x01) return true;
    const bool lettered = (code >> 4U) > 9 || (code & 15U) > 9;
    return lettered && !(code >= 0x9a && code <= 0x9d);
}

}  // namespace

std::size_t digital_link_scheme(std::string_view text) {
    for (const std::string_view scheme : {"https://", "HTTPS://", "http://", "HTTP://"}) {
        if (text.substr(0, scheme.size()) == scheme) return scheme.size();
    }
    return 0;
}

bool looks_like_web_uri(std::string_view text) {
    std::string start(text.substr(0, 8));
    std::transform(start.begin(), start.end(), start.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return start == "https://" || start.substr(0, 7) == "http://";
}

std::string_view ai_of_old_word(std::string_view word) {
    for (const auto& [known, ai] : old_words) {
        if (known == word) return ai;
    }
    return {};
}

bool looks_compressed(std::string_view path) {
    const std::string_view segment = path.substr(path.rfind('/') + 1);
    constexpr std::size_t shortest = 10;  // 8 bits of code and 47 of a GTIN
    if (segment.size() < shortest) return false;
    if (check_charset(Charset::base64url, segment).error != ErrorClass::none ||
        segment.back() == '=') {
        return false;
    }
    BitReader bits(segment);
    const std::uint64_t code = bits.take(8);
    if (code == 0x00) return bits.has(60) && is_checked_number(bits.take(60), 18);
    return starts_with_gtin(code) && bits.has(47) && is_checked_number(bits.take(47), 14);
}

}  // namespace lotgate::barcode
