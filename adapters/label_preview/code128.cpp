#include "adapters/label_preview/symbols.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace lotgate::adapters {

namespace {

// ISO/IEC 15417, table 1: widths of bars and spaces by value.
constexpr std::array<std::string_view, 107> widths{
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112"};

constexpr unsigned start_b = 104;
constexpr unsigned start_c = 105;
constexpr unsigned to_c = 99;
constexpr unsigned to_b = 100;
constexpr unsigned fnc1 = 102;
constexpr unsigned stop = 106;

class Code128 {
public:
    void control(unsigned value) {
        values_.push_back(value);
        if (value == start_c || value == to_c) in_c_ = true;
        if (value == start_b || value == to_b) in_c_ = false;
    }

    /// False where the text cannot stand in the present subset.
    [[nodiscard]] bool text(std::string_view text) {
        if (values_.empty()) control(start_b);
        while (!text.empty()) {
            if (in_c_) {
                const bool is_pair = text.size() >= 2 && is_digit(text[0]) && is_digit(text[1]);
                if (!is_pair) return false;
                values_.push_back(digit(text[0]) * 10 + digit(text[1]));
                text.remove_prefix(2);
                continue;
            }
            const auto byte = static_cast<unsigned char>(text.front());
            if (byte < 0x20 || byte > 0x7e) return false;
            values_.push_back(byte - 0x20U);
            text.remove_prefix(1);
        }
        return true;
    }

    [[nodiscard]] Modules modules() {
        unsigned sum = values_.front();
        for (std::size_t i = 1; i < values_.size(); ++i)
            sum += static_cast<unsigned>(i) * values_[i];
        values_.push_back(sum % 103);
        values_.push_back(stop);
        std::string row;
        for (const unsigned value : values_) {
            bool is_dark = true;
            for (const char width : widths.at(value)) {
                row.append(static_cast<std::size_t>(width - '0'), is_dark ? '1' : '0');
                is_dark = !is_dark;
            }
        }
        return {row};
    }

    [[nodiscard]] bool is_empty() const { return values_.size() < 2; }

private:
    static bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

    static unsigned digit(char c) { return static_cast<unsigned>(c - '0'); }

    std::vector<unsigned> values_;
    bool in_c_ = false;
};

Result<Modules> finished(Code128& code, bool is_right, std::string_view of) {
    if (!is_right || code.is_empty())
        return fail(FaultCode::invalid_input, "this is no Code 128", std::string(of));
    return code.modules();
}

/// The value that a letter after ">" stands for; 0 where none.
unsigned zpl_control(char letter) {
    switch (letter) {
        case ';':
            return start_c;
        case ':':
            return start_b;
        case '8':
            return fnc1;
        case '6':
            return to_b;
        case '5':
            return to_c;
        default:
            return 0;
    }
}

}  // namespace

Result<Modules> code128_of_zpl(std::string_view field) {
    Code128 code;
    bool is_right = true;
    for (std::size_t i = 0; i < field.size() && is_right;) {
        if (field[i] == '>') {
            if (i + 1 == field.size()) return finished(code, false, field);  // nothing follows
            const unsigned value = zpl_control(field[i + 1]);
            if (value != 0)
                code.control(value);
            else
                is_right = field[i + 1] == '0' && code.text(">");
            i += 2;
            continue;
        }
        const auto end = std::min(field.find('>', i), field.size());
        is_right = code.text(field.substr(i, end - i));
        i = end;
    }
    return finished(code, is_right, field);
}

Result<Modules> code128_of_tspl(std::string_view content) {
    Code128 code;
    bool is_right = true;
    for (std::size_t i = 0; i < content.size() && is_right;) {
        if (content[i] == '!') {
            const auto number = content.substr(i + 1, 3);
            if (number.size() < 3) return finished(code, false, content);
            code.control(static_cast<unsigned>((number[0] - '0') * 100 + (number[1] - '0') * 10 +
                                               (number[2] - '0')) %
                         stop);
            i += 4;
            continue;
        }
        const auto end = std::min(content.find('!', i), content.size());
        is_right = code.text(content.substr(i, end - i));
        i = end;
    }
    return finished(code, is_right, content);
}

Result<Modules> code128_plain(std::string_view text) {
    Code128 code;
    const bool is_right = code.text(text);
    return finished(code, is_right, text);
}

}  // namespace lotgate::adapters
