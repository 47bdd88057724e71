// HIBC supplier labels (ANSI/HIBC 2.6). Over the 43 characters of Code 39:
//   primary      := "+" LIC PCN unit check
//   secondary    := "+" data link check             link = the check of its primary
//   concatenated := "+" LIC PCN unit "/" data { "/" more } check
//   data         := YYJJJ lot | "$" lot | "$+" serial | "$$" dated lot | "$$+" dated serial
//   dated        := [ "8" QQ | "9" QQQQQ ] date;  more := "S" serial | "14D" date | "16D" date
//                   | "Q" quantity
//   date         := MMYY | "2" MMDDYY | "3" YYMMDD | "4" YYMMDDHH | "5" YYJJJ | "6" YYJJJHH | "7"
// The check is the sum of all characters before it, modulo 43; it may be a space.

#include "adapters/barcode/hibc.hpp"

#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"

#include <algorithm>
#include <array>

namespace lotgate::barcode {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

constexpr std::size_t lic_size = 4;
constexpr std::size_t identifier_max = 18;  // PCN, lot and serial

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_alphanumeric(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_upper(c); });
}

bool refuse(Reading& reading, ErrorClass error, std::uint32_t position) {
    return reading.writer.refuse(error, position);
}

bool month_and_day(int year, int month, int day) {
    std::string text = std::to_string(1000000 + year % 100 * 10000 + month * 100 + day).substr(1);
    return month < 100 && check_yymmdd(text, false).error == ErrorClass::none;
}

bool is_day_of_year(std::string_view yyjjj) {
    const int year = number_in(yyjjj.substr(0, 2));
    const int day = number_in(yyjjj.substr(2, 3));
    return day >= 1 && day <= (year % 4 == 0 ? 366 : 365);
}

bool is_hour(std::string_view hh) {
    return number_in(hh) < 24;
}

// The digits of a date by its format digit; 0 for none such.
std::size_t date_digits(char format) {
    switch (format) {
        case '0':
        case '1':
            return 4;
        case '2':
        case '3':
            return 7;
        case '4':
            return 9;
        case '5':
            return 6;
        case '6':
            return 8;
        case '7':
            return 1;
        default:
            return 0;
    }
}

bool is_date(std::string_view date) {
    const std::string_view rest = date.substr(1);
    switch (date.front()) {
        case '0':
        case '1': {
            const int month = number_in(date.substr(0, 2));
            return month >= 1 && month <= 12;
        }
        case '2':
            return month_and_day(number_in(rest.substr(4, 2)),
                                 number_in(rest.substr(0, 2)),
                                 number_in(rest.substr(2, 2)));
        case '3':
            return check_yymmdd(rest, false).error == ErrorClass::none;
        case '4':
            return check_yymmdd(rest.substr(0, 6), false).error == ErrorClass::none &&
                   is_hour(rest.substr(6, 2));
        case '5':
            return is_day_of_year(rest);
        case '6':
            return is_day_of_year(rest) && is_hour(rest.substr(5, 2));
        default:
            return true;
    }
}

bool add_identifier(Reading& reading, std::string_view name, const Slice& value) {
    if (value.text.empty()) return refuse(reading, ErrorClass::hibc_malformed, value.at);
    if (value.text.size() > identifier_max) {
        return refuse(reading,
                      ErrorClass::value_too_long,
                      value.at + static_cast<std::uint32_t>(identifier_max));
    }
    return reading.writer.add(name, value);
}

// The date at the front of `rest`; consumed, and added unless there is none to add.
bool read_date(Reading& reading, Slice& rest) {
    if (rest.text.empty()) return true;
    const std::size_t size = date_digits(rest.text.front());
    if (size == 0) return true;  // a lot right after the quantity
    const Slice date = rest.first(size);
    if (date.text.size() < size || !all_digits(date.text) || !is_date(date.text)) {
        return refuse(reading, ErrorClass::hibc_bad_date, rest.at);
    }
    rest = rest.from(size);
    return size == 1 || reading.writer.add("EXPIRY", date);
}

bool read_quantity(Reading& reading, Slice& rest) {
    const char mark = rest.text.empty() ? '\0' : rest.text.front();
    if (mark != '8' && mark != '9') return true;
    const Slice digits = rest.from(1).first(mark == '8' ? 2 : 5);
    if (digits.text.size() < (mark == '8' ? 2U : 5U) || !all_digits(digits.text)) {
        return refuse(reading, ErrorClass::hibc_malformed, rest.at);
    }
    rest = rest.from(1 + digits.text.size());
    return reading.writer.add("QUANTITY", digits);
}

bool read_dated(Reading& reading, Slice rest, std::string_view name) {
    if (!read_quantity(reading, rest) || !read_date(reading, rest)) return false;
    return rest.text.empty() || add_identifier(reading, name, rest);
}

bool read_data(Reading& reading, const Slice& data) {
    const std::string_view text = data.text;
    if (text.substr(0, 3) == "$$+") return read_dated(reading, data.from(3), "SERIAL");
    if (text.substr(0, 2) == "$$") return read_dated(reading, data.from(2), "LOT");
    if (text.substr(0, 2) == "$+") return add_identifier(reading, "SERIAL", data.from(2));
    if (text.substr(0, 1) == "$") return add_identifier(reading, "LOT", data.from(1));
    if (text.size() < 5 || !all_digits(text.substr(0, 5))) {
        return refuse(reading, ErrorClass::hibc_malformed, data.at);
    }
    if (!is_day_of_year(text.substr(0, 5))) {
        return refuse(reading, ErrorClass::hibc_bad_date, data.at);
    }
    if (!reading.writer.add("EXPIRY", data.first(5))) return false;
    return text.size() == 5 || add_identifier(reading, "LOT", data.from(5));
}

bool read_eight_digit_date(Reading& reading, std::string_view name, const Slice& date) {
    const bool real =
        date.text.size() == 8 && check(Linter::yyyymmdd, date.text).error == ErrorClass::none;
    if (!real) return refuse(reading, ErrorClass::hibc_bad_date, date.at);
    return reading.writer.add(name, date);
}

bool read_more(Reading& reading, const Slice& data) {
    const std::string_view text = data.text;
    if (text.substr(0, 3) == "14D") return read_eight_digit_date(reading, "EXPIRY", data.from(3));
    if (text.substr(0, 3) == "16D") {
        return read_eight_digit_date(reading, "PRODUCTION", data.from(3));
    }
    if (text.substr(0, 1) == "S") return add_identifier(reading, "SERIAL", data.from(1));
    if (text.substr(0, 1) == "Q" && all_digits(text.substr(1))) {
        return reading.writer.add("QUANTITY", data.from(1));
    }
    return read_data(reading, data);
}

bool read_primary(Reading& reading, const Slice& data) {
    const std::size_t size = data.text.size();
    const bool sized = size >= lic_size + 2 && size <= lic_size + identifier_max + 1;
    if (!sized || !is_alphanumeric(data.text) || !is_digit(data.text.back())) {
        return refuse(reading, ErrorClass::hibc_malformed, data.at);
    }
    return reading.writer.add("LIC", data.first(lic_size)) &&
           reading.writer.add("PCN", data.from(lic_size).first(size - lic_size - 1)) &&
           reading.writer.add("UM", data.from(size - 1));
}

// `body` is what stands between '+' and the check character.
bool read_body(Reading& reading, Slice body) {
    if (!is_upper(body.text.front())) {
        if (body.text.size() < 2) return refuse(reading, ErrorClass::hibc_malformed, body.at);
        reading.writer.warn(WarningClass::check_not_verified, body.end() - 1);
        const Slice link = body.from(body.text.size() - 1);
        return read_data(reading, body.first(body.text.size() - 1)) &&
               reading.writer.add("LINK", link);
    }
    bool first = true;
    while (true) {
        const std::size_t slash = std::min(body.text.find('/'), body.text.size());
        const Slice part = body.first(slash);
        if (part.text.empty()) return refuse(reading, ErrorClass::hibc_malformed, part.at);
        const bool good = first ? read_primary(reading, part) : read_more(reading, part);
        if (!good) return false;
        if (slash == body.text.size()) return true;
        body = body.from(slash + 1);
        first = false;
    }
}

}  // namespace

char hibc_check_character(std::string_view text) {
    std::size_t sum = 0;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) return '\0';
        sum += value;
    }
    return alphabet[sum % alphabet.size()];
}

bool looks_like_hibc(std::string_view text) {
    constexpr std::size_t shortest_primary = 8;
    if (text.size() < 4 || text.front() != '+') return false;
    if (text.find_first_not_of(alphabet) != std::string_view::npos) return false;
    if (is_upper(text[1])) return text.size() >= shortest_primary;
    if (text[1] == '$') return true;
    const std::string_view digits = text.substr(1, 5);
    return text.size() >= 8 && all_digits(digits) && is_day_of_year(digits);
}

bool read_hibc(Reading& reading, const Slice& data) {
    reading.writer.kind(Kind::hibc);
    const std::size_t bad = data.text.find_first_not_of(alphabet);
    if (bad != std::string_view::npos || data.text.size() < 4) {
        return refuse(reading,
                      ErrorClass::hibc_malformed,
                      data.at + static_cast<std::uint32_t>(std::min(bad, data.text.size())));
    }
    const std::size_t last = data.text.size() - 1;
    if (hibc_check_character(data.text.substr(0, last)) != data.text[last]) {
        return refuse(
            reading, ErrorClass::hibc_bad_check, data.at + static_cast<std::uint32_t>(last));
    }
    return read_body(reading, data.from(1).first(last - 1));
}

}  // namespace lotgate::barcode
