#include "adapters/label_template/tspl_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace lotgate::adapters {

namespace {

using Shape = LabelTemplate::Shape;

constexpr std::size_t code128_characters_max = 48;  // GS1 General Specifications 5.4.1
constexpr std::string_view quote = "\\[\"]";
constexpr std::string_view line_break = "\\[R]\\[L]";

bool is_printable_ascii(char c) {
    return c >= 0x20 && c < 0x7f;
}

Result<std::string> plain_ascii(const std::string& value, const char* what) {
    const bool is_plain =
        !value.empty() && std::all_of(value.begin(), value.end(), is_printable_ascii);
    if (!is_plain || value.find("\\[") != std::string::npos)
        return fail(FaultCode::invalid_input, fmt::format("{} holds printable ASCII", what), value);
    return tspl_text(value);
}

std::string block_text(const std::string& value) {
    std::string text;
    for (std::size_t from = 0; from <= value.size();) {
        const auto end = std::min(value.find('\n', from), value.size());
        if (from > 0) text += line_break;
        text += tspl_text(std::string_view(value).substr(from, end - from));
        from = end + 1;
    }
    return text;
}

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

std::string tspl_text(std::string_view utf8) {
    std::string text;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        // What follows a backslash may be an order of the printer's; at the end of the text it is
        // what the template goes on with.
        const bool is_escape =
            utf8[i] == '\\' && (i + 1 == utf8.size() || utf8[i + 1] == '[' || utf8[i + 1] == '"');
        if (byte < 0x20 || byte == 0x7f) {
            text += ' ';
        } else if (utf8[i] == '"') {
            text += quote;
        } else if (is_escape) {
            text += '/';
        } else {
            text += utf8[i];
        }
    }
    return text;
}

Result<std::string> tspl_shaped(Shape shape, const std::string& value) {
    switch (shape) {
        case Shape::text:
            return tspl_text(value);
        case Shape::block:
            return block_text(value);
        case Shape::plain128:
            return plain_ascii(value, "a plain Code 128");
        default:
            return plain_ascii(value, "a QR code of ours");
    }
}

Result<std::string> tspl_code128(std::span<const barcode::LabelElement> elements) {
    LG_TRY(const std::string text, barcode::element_string(elements));
    if (text.size() > code128_characters_max)
        return fail(FaultCode::invalid_input,
                    "a GS1-128 symbol holds 48 characters; print two symbols or a DataMatrix");
    if (text.find('!') != std::string::npos || text.find('"') != std::string::npos)
        return fail(FaultCode::invalid_input,
                    "\"!\" and quotes cannot stand in a TSPL barcode; print a DataMatrix",
                    text);
    const auto leading = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    bool in_c = leading >= 2;
    std::string content = in_c ? "!105!102" : "!104!102";
    for (std::size_t i = 0; i < text.size();) {
        const bool is_pair = i + 1 < text.size() && is_digit(text[i]) && is_digit(text[i + 1]);
        if (text[i] == '\x1d') {
            content += "!102";
            ++i;
        } else if (in_c && is_pair) {
            content += text.substr(i, 2);
            i += 2;
        } else {
            if (in_c) content += "!100";
            in_c = false;
            content += text[i++];
        }
    }
    return content;
}

Result<std::string> tspl_datamatrix(std::span<const barcode::LabelElement> elements) {
    LG_TRY(const std::string text, barcode::element_string(elements));
    std::string content = "~1";
    for (const char c : text) {
        if (c == '\x1d')
            content += "~1";
        else if (c == '"' || c == '~')
            content += fmt::format("~d{:03}", static_cast<unsigned>(c));
        else
            content += c;
    }
    return content;
}

}  // namespace lotgate::adapters
