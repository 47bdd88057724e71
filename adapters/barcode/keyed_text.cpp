#include "adapters/barcode/keyed_text.hpp"

#include "adapters/barcode/linters.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lotgate::barcode {

namespace {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t size = 1;
    bool valid = false;
};

CodePoint code_point_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return {first, 1, true};
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || at + size > text.size()) return {};
    std::uint32_t value = first & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) return {};
        value = (value << 6U) | (byte(i) & 0x3fU);
    }
    return {value, size, true};
}

bool is_hidden(std::uint32_t c) {
    return (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff || c == 0xad;
}

bool is_space(std::uint32_t c) {
    return c == 0x20 || c == 0x09 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
           c == 0x202f || c == 0x205f || c == 0x3000;
}

bool is_dash(std::uint32_t c) {
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string keyed_text(std::string_view utf8) {
    std::string text;
    for (std::size_t at = 0; at < utf8.size();) {
        const CodePoint point = code_point_at(utf8, at);
        const std::string_view bytes = utf8.substr(at, point.size);
        at += point.size;
        if (!point.valid) {
            text += bytes;
        } else if (is_hidden(point.value)) {
            continue;
        } else if (is_space(point.value)) {
            text += ' ';
        } else if (is_dash(point.value)) {
            text += '-';
        } else if (point.value >= 0xff01 && point.value <= 0xff5e) {
            text += static_cast<char>(point.value - 0xff01 + '!');
        } else {
            text += bytes;
        }
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

std::optional<std::string_view> without_prefix_word(std::string_view text) {
    constexpr std::array<std::string_view, 10> words{
        "batch", "serial", "lot no", "lot", "l/n", "s/n", "sn", "bn", "b/n", "ch.-b."};
    for (const std::string_view word : words) {
        const bool same = text.size() > word.size() &&
                          std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
                              return a == lower(b);
                          });
        if (!same) continue;
        const std::string_view rest = text.substr(word.size());
        const std::size_t start = rest.find_first_not_of(".:# ");
        if (start == std::string_view::npos || start == 0) continue;
        return rest.substr(start);
    }
    return {};
}

bool looks_mangled_by_spreadsheet(std::string_view text) {
    const std::size_t e = text.find_first_of("eE");
    if (e == std::string_view::npos || e == 0 || e + 2 > text.size()) return false;
    std::string_view exponent = text.substr(e + 1);
    if (exponent.front() != '+') return false;
    exponent.remove_prefix(1);
    const std::string_view mantissa = text.substr(0, e);
    const auto numeric = [](char c) { return is_digit(c) || c == '.' || c == ','; };
    return all_digits(exponent) && is_digit(mantissa.front()) &&
           std::all_of(mantissa.begin(), mantissa.end(), numeric);
}

}  // namespace lotgate::barcode
