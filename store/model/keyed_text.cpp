#include "store/model/keyed_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lotgate {

namespace {

struct Code {
    std::uint32_t point = 0;
    std::size_t length = 0;  ///< in bytes; 0: no UTF-8
};

Code code_at(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::uint32_t lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if ((lead >= 0x80 && lead < 0xc2) || length > text.size()) return {};
    std::uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) return {};
        point = point << 6U | (byte(i) & 0x3fU);
    }
    return {point, length};
}

bool is_invisible(std::uint32_t c) {
    return (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff || c == 0xad;
}

bool is_space(std::uint32_t c) {
    return c == 0x09 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

bool is_dash(std::uint32_t c) {
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string keyed_text(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const Code code = code_at(text.substr(i));
        if (code.length == 0) return std::string(text);
        if (is_space(code.point))
            out.push_back(' ');
        else if (is_dash(code.point))
            out.push_back('-');
        else if (code.point >= 0xff01 && code.point <= 0xff5e)
            out.push_back(static_cast<char>(code.point - 0xff01 + '!'));
        else if (!is_invisible(code.point))
            out.append(text.substr(i, code.length));
        i += code.length;
    }
    const std::size_t first = out.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

std::optional<std::string_view> without_prefix_word(std::string_view text) {
    constexpr std::array<std::string_view, 14> words{"batch no",
                                                     "batch",
                                                     "charge",
                                                     "serial no",
                                                     "serial",
                                                     "lot no",
                                                     "lot",
                                                     "l/n",
                                                     "s/n",
                                                     "b/n",
                                                     "sn",
                                                     "bn",
                                                     "ch.-b.",
                                                     "lotto"};
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

}  // namespace lotgate
