#include "adapters/barcode/zpl_field.hpp"

#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"
#include "store/model/assert.hpp"

#include <algorithm>
#include <vector>

namespace lotgate::barcode {

namespace {

constexpr std::size_t code128_characters_max = 48;

std::string hex_escape(char c) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    return {'_', hex[byte >> 4U], hex[byte & 15U]};
}

// Decoded again before it is printed: what a scanner would say of it must be what was meant.
Result<std::string> checked(std::string text, std::span<const LabelElement> elements) {
    DecodeOptions options;
    options.aim = "]d2";
    const Decoded decoded = decode(text, options);
    if (!decoded.ok()) {
        return fail(FaultCode::invalid_input,
                    "cannot be printed: " + explain(decoded, decoded.error()),
                    text);
    }
    bool same = decoded.element_count() == elements.size();
    for (std::size_t i = 0; same && i < elements.size(); ++i) {
        const Element read = decoded.element(i);
        same = read.ai == elements[i].ai && read.value == elements[i].value;
    }
    if (!same) return fail(FaultCode::invalid_input, "would be read back differently", text);
    return text;
}

// Code 128 (ISO/IEC 15417): leading digits go in pairs into subset C, from the first other
// character on all goes into B. Back to C (">5") would be shorter for long digits at the end, but
// not every program that reads ZPL knows it, and a label that is read wrong is worse than a long
// one.
class Code128Writer {
public:
    explicit Code128Writer(bool starts_with_digits) : in_c_(starts_with_digits) {
        out_ = starts_with_digits ? ">;>8" : ">:>8";
    }

    void put_digits(std::string_view digits) {
        const std::size_t paired = in_c_ ? digits.size() / 2 * 2 : 0;
        out_.append(digits, 0, paired);
        for (const char digit : digits.substr(paired)) put_character(digit);
    }

    void put_character(char c) {
        if (in_c_) out_ += ">6";
        in_c_ = false;
        out_ += c == '>' ? std::string(">0") : std::string(1, c);
    }

    void put_fnc1() { out_ += ">8"; }

    [[nodiscard]] std::string text() && { return std::move(out_); }

private:
    std::string out_;
    bool in_c_;
};

std::size_t digits_from(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    return end - at;
}

bool is_printable_ascii(char c) {
    return c >= 0x20 && c < 0x7f;
}

}  // namespace

Result<std::string> element_string(std::span<const LabelElement> elements) {
    if (elements.empty()) return fail(FaultCode::invalid_input, "no element to print");
    std::string text;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const AiEntry* entry = built_in_dictionary().find(elements[i].ai);
        if (entry == nullptr) {
            return fail(FaultCode::invalid_input,
                        "unknown application identifier",
                        std::string(elements[i].ai));
        }
        text += elements[i].ai;
        text += elements[i].value;
        const bool last = i + 1 == elements.size();
        if (!last && !entry->predefined_length) text += '\x1d';
    }
    return checked(std::move(text), elements);
}

std::string bracketed_string(std::span<const LabelElement> elements) {
    std::string text;
    for (const LabelElement& element : elements) {
        text += '(';
        text += element.ai;
        text += ')';
        for (const char c : element.value) {
            if (c == '(') text += '\\';
            text += c;
        }
    }
    return text;
}

Result<std::string> code128_field(std::span<const LabelElement> elements) {
    LG_TRY(const std::string text, element_string(elements));
    if (text.size() > code128_characters_max) {
        return fail(FaultCode::invalid_input,
                    "a GS1-128 symbol holds 48 characters; print two symbols or a DataMatrix");
    }
    Code128Writer writer(digits_from(text, 0) >= 2);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t digits = digits_from(text, at);
        if (digits > 0) {
            writer.put_digits(std::string_view(text).substr(at, digits));
            at += digits;
        } else if (text[at] == '\x1d') {
            writer.put_fnc1();
            ++at;
        } else {
            writer.put_character(text[at]);
            ++at;
        }
    }
    return std::move(writer).text();
}

Result<std::string> datamatrix_field(std::span<const LabelElement> elements, char escape) {
    constexpr std::string_view escapes = "@$|[]{}\\";
    LG_ASSERT(escapes.find(escape) != std::string_view::npos);
    LG_TRY(const std::string text, element_string(elements));
    const std::string fnc1{escape, '1'};
    std::string field = fnc1;
    for (const char c : text) {
        if (c == '\x1d') {
            field += fnc1;
            continue;
        }
        field += c;
    }
    return field;
}

std::string text_field(std::string_view utf8) {
    std::string field;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            field += ' ';
        } else if (byte >= 0x80 || c == '^' || c == '~' || c == '_') {
            field += hex_escape(c);
        } else {
            field += c;
        }
    }
    return field;
}

Result<std::string> code128_plain_field(std::string_view ascii) {
    if (ascii.empty() || !std::all_of(ascii.begin(), ascii.end(), is_printable_ascii)) {
        return fail(
            FaultCode::invalid_input, "a plain Code 128 holds printable ASCII", std::string(ascii));
    }
    std::string field = ">:";
    for (const char c : ascii) {
        if (c == '>') {
            field += ">0";
        } else if (c == '^' || c == '~' || c == '_') {
            field += hex_escape(c);
        } else {
            field += c;
        }
    }
    return field;
}

Result<std::string> qr_field(std::string_view bytes) {
    if (bytes.empty() || !std::all_of(bytes.begin(), bytes.end(), is_printable_ascii)) {
        return fail(FaultCode::invalid_input,
                    "a QR code of ours holds printable ASCII",
                    std::string(bytes));
    }
    return "MA," + text_field(bytes);
}

}  // namespace lotgate::barcode
