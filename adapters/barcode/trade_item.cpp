// Numbers of trade items: EAN-8, EAN-13 (UPC-A and UPC-E arrive as 13 digits), ITF-14, and digits
// that came without an AIM identifier.

#include "adapters/barcode/trade_item.hpp"

#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/writer.hpp"
#include "store/model/identity.hpp"

#include <algorithm>
#include <array>

namespace lotgate::barcode {

namespace {

// Where the composite part of an EAN/UPC symbol begins: a new message after '|'.
constexpr std::string_view composite_mark = "|]e0";

bool read_number(Reading& reading, const Slice& number) {
    const auto refuse = [&](ErrorClass error, std::size_t offset) {
        return reading.writer.refuse(error, number.at + static_cast<std::uint32_t>(offset));
    };
    const auto bad = std::find_if_not(number.text.begin(), number.text.end(), is_digit);
    if (bad != number.text.end()) {
        return refuse(ErrorClass::bad_character,
                      static_cast<std::size_t>(bad - number.text.begin()));
    }
    if (!mod10_is_right(number.text)) {
        return refuse(ErrorClass::bad_check_digit, number.text.size() - 1);
    }
    reading.writer.text(number);
    return true;
}

// `rest` after the number: nothing, the composite part, or an add-on of 2 or 5 digits.
bool read_after_number(Reading& reading, const Slice& rest, bool add_on) {
    if (rest.text.empty()) return true;
    if (rest.text.substr(0, composite_mark.size()) == composite_mark) {
        const Slice composite = rest.from(composite_mark.size());
        if (!read_element_string(reading, composite)) return false;
        reading.writer.kind(Kind::trade_item);
        return check_associations(reading, true);
    }
    const bool fits = add_on && (rest.text.size() == 2 || rest.text.size() == 5);
    if (fits && all_digits(rest.text)) return true;
    return reading.writer.refuse(ErrorClass::value_too_long, rest.at);
}

bool read_ean(Reading& reading, const Slice& data, std::size_t digits, bool add_on) {
    if (data.text.size() < digits) {
        return reading.writer.refuse(ErrorClass::value_too_short, data.end());
    }
    const Slice rest = data.from(digits);
    const bool composite = rest.text.substr(0, composite_mark.size()) == composite_mark;
    const bool sized = rest.text.empty() || composite || add_on;
    if (!sized) return reading.writer.refuse(ErrorClass::value_too_long, rest.at);
    return read_number(reading, data.first(digits)) && read_after_number(reading, rest, add_on);
}

}  // namespace

std::string upc_e_expanded(std::string_view digits) {
    if (!all_digits(digits) || digits.size() < 6 || digits.size() > 8) return {};
    const std::string_view body = digits.size() == 6 ? digits : digits.substr(1, 6);
    const char system = digits.size() == 6 ? '0' : digits.front();
    if (system != '0' && system != '1') return {};
    const char last = body[5];
    std::string upc_a(1, system);
    if (last <= '2') {
        upc_a.append(body, 0, 2).append(1, last).append("0000").append(body, 2, 3);
    } else if (last == '3') {
        upc_a.append(body, 0, 3).append("00000").append(body, 3, 2);
    } else if (last == '4') {
        upc_a.append(body, 0, 4).append("00000").append(body, 4, 1);
    } else {
        upc_a.append(body, 0, 5).append("0000").append(1, last);
    }
    const char check = gs1_check_digit(upc_a);
    if (digits.size() == 8 && digits.back() != check) return {};
    return upc_a + check;
}

int gtin_native_length(std::string_view digits) {
    const std::size_t zeros = std::min(digits.find_first_not_of('0'), digits.size());
    const std::size_t significant = digits.size() - zeros;
    if (significant <= 8) return 8;
    if (significant <= 12) return 12;
    return significant == 13 ? 13 : 14;
}

bool read_trade_item(Reading& reading, const Slice& data) {
    reading.writer.kind(Kind::trade_item);
    const std::string_view aim = reading.writer.decoded().aim();
    if (aim == "]E4") return read_ean(reading, data, 8, false);
    if (aim == "]I1") return read_ean(reading, data, 14, false);
    return read_ean(reading, data, 13, aim == "]E3");
}

bool try_bare_digits(Reading& reading, const Slice& data) {
    const std::size_t size = data.text.size();
    if (size < 6 || size > 18 || !all_digits(data.text)) return false;
    const bool checked = mod10_is_right(data.text);
    if (size == 18 && checked) {
        reading.writer.kind(Kind::logistic_unit);
        reading.writer.text(data);
        return true;
    }
    const std::string expanded = upc_e_expanded(data.text);
    if (checked && (size == 8 || size == 12 || size == 13 || size == 14)) {
        reading.writer.kind(Kind::trade_item);
        reading.writer.text(data);
        if (!expanded.empty()) reading.writer.ambiguous(data.at);
        return true;
    }
    if (expanded.empty()) return false;
    reading.writer.kind(Kind::trade_item);
    reading.writer.own_text(expanded);
    // Without its check digit any six digits would do: somebody's serial number, say.
    if (size < 8) reading.writer.ambiguous(data.at);
    return true;
}

}  // namespace lotgate::barcode
