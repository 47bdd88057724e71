#include "store/model/identity.hpp"

#include <algorithm>

namespace lotgate {

namespace {

constexpr std::size_t identifier_length_max = 64;

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool check_digit_is_right(std::string_view text) {
    return gs1_check_digit(text.substr(0, text.size() - 1)) == text.back();
}

Result<> printable(std::string_view text, std::string_view what) {
    if (text.empty() || text.size() > identifier_length_max)
        return fail(FaultCode::invalid_input,
                    std::string(what) + " has 1 to 64 characters",
                    std::string(text));
    const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (has_control)
        return fail(FaultCode::invalid_input,
                    std::string(what) + " holds a control character",
                    std::string(text));
    return {};
}

}  // namespace

char gs1_check_digit(std::string_view digits) {
    int sum = 0;
    int weight = 3;
    for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
        sum += (*it - '0') * weight;
        weight = 4 - weight;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

Result<Gtin> Gtin::parse(std::string_view text) {
    const bool length_is_right =
        text.size() == 8 || text.size() == 12 || text.size() == 13 || text.size() == 14;
    if (!length_is_right || !all_digits(text))
        return fail(
            FaultCode::invalid_input, "a GTIN has 8, 12, 13 or 14 digits", std::string(text));
    if (!check_digit_is_right(text))
        return fail(FaultCode::invalid_input, "the GTIN's check digit is wrong", std::string(text));
    return Gtin(std::string(14 - text.size(), '0') + std::string(text),
                static_cast<int>(text.size()));
}

Result<Sscc> Sscc::parse(std::string_view text) {
    if (text.size() != 18 || !all_digits(text))
        return fail(FaultCode::invalid_input, "an SSCC has 18 digits", std::string(text));
    if (!check_digit_is_right(text))
        return fail(FaultCode::invalid_input, "the SSCC's check digit is wrong", std::string(text));
    return Sscc(std::string(text));
}

Result<Serial> Serial::parse(std::string_view text) {
    LG_CHECK(printable(text, "a serial number"));
    return Serial(std::string(text));
}

Result<Lot> Lot::parse(std::string_view text) {
    LG_CHECK(printable(text, "a lot number"));
    return Lot(std::string(text), lot_key_of(text));
}

std::string lot_key_of(std::string_view raw) {
    std::string key;
    key.reserve(raw.size());
    for (const char c : raw) {
        if (c == ' ' && (key.empty() || key.back() == ' ')) continue;
        // Never the locale's tolower: a Turkish I must not change which lot this is.
        key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    while (!key.empty() && key.back() == ' ') key.pop_back();
    return key;
}

Result<DeviceId> DeviceId::parse(std::string_view text) {
    const bool form_is_right =
        !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   c == '.' || c == '_' || c == '-';
        });
    if (!form_is_right)
        return fail(FaultCode::invalid_input,
                    "a name has 1 to 40 of the characters A-Z a-z 0-9 . _ -",
                    std::string(text));
    return DeviceId(std::string(text));
}

}  // namespace lotgate
