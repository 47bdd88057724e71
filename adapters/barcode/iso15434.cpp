// ISO/IEC 15434 messages and ANSI MH10.8.2 data identifiers:
//   message  := "[)>" RS format { format } EOT;  format := digits2 GS data RS
//   "05" data := GS1 elements separated by GS;   "06" data := identifier value { GS … }
//   "12" data := word value { GS … } (text element identifiers of ATA Spec 2000)
//   identifier := 0 to 3 digits and one letter

#include "adapters/barcode/iso15434.hpp"

#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"

#include <algorithm>
#include <array>

namespace lotgate::barcode {

namespace {

constexpr char record_separator = '\x1e';
constexpr char group_separator = '\x1d';
constexpr char end_of_transmission = '\x04';
constexpr std::string_view header = "[)>\x1e";

bool refuse(Reading& reading, ErrorClass error, std::uint32_t position) {
    return reading.writer.refuse(error, position);
}

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_quantity(std::string_view text) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos) return all_digits(text);
    return all_digits(text.substr(0, point)) && all_digits(text.substr(point + 1));
}

// GTIN-8, -12, -13 or -14.
ErrorClass check_trade_item_number(std::string_view value) {
    const bool sized = value.size() == 8 || (value.size() >= 12 && value.size() <= 14);
    if (!sized || !all_digits(value)) return ErrorClass::lint_bad_value;
    return mod10_is_right(value) ? ErrorClass::none : ErrorClass::bad_check_digit;
}

ErrorClass check_data_value(std::string_view identifier, std::string_view value) {
    const auto date = [value](Linter linter) { return check(linter, value).error; };
    if (identifier == "14D" || identifier == "16D") return date(Linter::yyyymmdd);
    if (identifier == "15D") return date(Linter::yymmdd);
    if (identifier == "Q")
        return is_quantity(value) ? ErrorClass::none : ErrorClass::lint_bad_value;
    if (identifier == "9N") {
        return ppn_check_is_right(value) ? ErrorClass::none : ErrorClass::bad_check_digit;
    }
    if (identifier == "8P") return check_trade_item_number(value);
    return ErrorClass::none;
}

bool read_data_element(Reading& reading, const Slice& element) {
    const std::size_t size = data_identifier_size(element.text);
    if (size == 0) return refuse(reading, ErrorClass::unknown_data_identifier, element.at);
    const std::string_view identifier = element.text.substr(0, size);
    const Slice value = element.from(size);
    if (value.text.empty()) {
        return reading.writer.refuse(ErrorClass::value_empty, value.at, identifier);
    }
    const ErrorClass error = check_data_value(identifier, value.text);
    if (error != ErrorClass::none) return reading.writer.refuse(error, value.at, identifier);
    return reading.writer.add(identifier, value);
}

// "SER 12345": three letters, then the value, with or without a space between.
bool read_text_element(Reading& reading, const Slice& element) {
    const bool word = element.text.size() > 3 &&
                      std::all_of(element.text.begin(), element.text.begin() + 3, is_upper);
    if (!word) return refuse(reading, ErrorClass::unknown_data_identifier, element.at);
    Slice value = element.from(3);
    if (value.text.front() == ' ') value = value.from(1);
    if (value.text.empty()) return refuse(reading, ErrorClass::value_empty, value.at);
    return reading.writer.add(element.text.substr(0, 3), value);
}

template <class ReadOne>
bool read_each(Reading& reading, Slice data, ReadOne read_one) {
    while (true) {
        const std::size_t end = std::min(data.text.find(group_separator), data.text.size());
        const Slice element = data.first(end);
        if (!element.text.empty()) {
            if (!read_one(reading, element)) return false;
        } else {
            reading.writer.warn(WarningClass::double_separator, element.at);
        }
        if (end == data.text.size()) return true;
        data = data.from(end + 1);
    }
}

bool read_format(Reading& reading, const Slice& format) {
    const bool shaped = format.text.size() > 3 && all_digits(format.text.substr(0, 2)) &&
                        format.text[2] == group_separator;
    if (!shaped) return refuse(reading, ErrorClass::iso15434_malformed, format.at);
    const std::string_view code = format.text.substr(0, 2);
    const Slice data = format.from(3);
    if (code == "05") return read_element_string(reading, data);
    if (code == "06") return read_each(reading, data, read_data_element);
    if (code == "12") return read_each(reading, data, read_text_element);
    return reading.writer.refuse(ErrorClass::iso15434_unsupported_format, format.at, code);
}

bool read_formats(Reading& reading, Slice rest) {
    bool any = false;
    while (!rest.text.empty() && rest.text.front() != end_of_transmission) {
        std::size_t end = rest.text.find(record_separator);
        if (end == std::string_view::npos) {
            // Many label printers leave the trailer out.
            reading.writer.warn(WarningClass::trailer_missing, rest.end());
            end = std::min(rest.text.find(end_of_transmission), rest.text.size());
        }
        if (!read_format(reading, rest.first(end))) return false;
        any = true;
        rest = rest.from(std::min(end + 1, rest.text.size()));
        if (rest.text.empty()) reading.writer.warn(WarningClass::trailer_missing, rest.at);
    }
    if (!any) return refuse(reading, ErrorClass::iso15434_malformed, rest.at);
    if (rest.text.size() > 1) return refuse(reading, ErrorClass::iso15434_malformed, rest.at + 1);
    return true;
}

}  // namespace

std::size_t data_identifier_size(std::string_view text) {
    std::size_t digits = 0;
    while (digits < 3 && digits < text.size() && is_digit(text[digits])) ++digits;
    return digits < text.size() && is_upper(text[digits]) ? digits + 1 : 0;
}

bool ppn_check_is_right(std::string_view ppn) {
    // Two characters of registration code, the product number, two check digits.
    if (ppn.size() < 5 || ppn.size() > 22 || !all_digits(ppn.substr(ppn.size() - 2))) return false;
    unsigned sum = 0;
    for (std::size_t i = 0; i + 2 < ppn.size(); ++i) {
        sum += static_cast<unsigned char>(ppn[i]) * static_cast<unsigned>(i + 2);
    }
    const unsigned check = static_cast<unsigned>(ppn[ppn.size() - 2] - '0') * 10 +
                           static_cast<unsigned>(ppn[ppn.size() - 1] - '0');
    return sum % 97 == check;
}

bool read_iso15434(Reading& reading, const Slice& data) {
    if (data.text.substr(0, header.size()) != header) {
        reading.writer.kind(Kind::iso15434);
        return refuse(reading, ErrorClass::iso15434_malformed, data.at);
    }
    const bool good = read_formats(reading, data.from(header.size()));
    reading.writer.kind(Kind::iso15434);
    return good && check_associations(reading, false);
}

bool try_data_identifier(Reading& reading, const Slice& data) {
    const std::size_t size = data_identifier_size(data.text);
    if (size == 0 || size == data.text.size()) return false;
    const auto& allowed = reading.options.plain.data_identifiers;
    const std::string_view identifier = data.text.substr(0, size);
    if (std::find(allowed.begin(), allowed.end(), identifier) == allowed.end()) return false;
    if (check_data_value(identifier, data.text.substr(size)) != ErrorClass::none) return false;
    reading.writer.kind(Kind::iso15434);
    return reading.writer.add(identifier, data.from(size));
}

}  // namespace lotgate::barcode
