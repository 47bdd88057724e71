// Identity out of HIBC labels and data identifiers (ANSI MH10.8.2).

#include "adapters/barcode/identity_fields.hpp"
#include "adapters/barcode/linters.hpp"
#include "store/model/product_code.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lotgate::barcode {

namespace {

std::optional<LabelDate> made(Date date, std::string_view raw) {
    if (!date.ok()) return {};
    return LabelDate{date, std::string(raw), false, {}};
}

// Day of the year.
std::optional<LabelDate> julian_date(std::string_view yyjjj, Date today) {
    const auto first = label_date(std::string(yyjjj.substr(0, 2)) + "0101", today);
    if (!first) return {};
    const auto day =
        std::chrono::sys_days{first->date} + std::chrono::days{number_in(yyjjj.substr(2, 3)) - 1};
    return made(Date{day}, yyjjj);
}

std::optional<LabelDate> eight_digit_date(std::string_view digits) {
    return made(Date{std::chrono::year{number_in(digits.substr(0, 4))},
                     std::chrono::month{static_cast<unsigned>(number_in(digits.substr(4, 2)))},
                     std::chrono::day{static_cast<unsigned>(number_in(digits.substr(6, 2)))}},
                digits);
}

void set_hour(std::optional<LabelDate>& date, std::string_view hh) {
    if (date) date->minutes_of_day = number_in(hh) * 60;
}

// MMYY means the whole month: the last day of it.
std::optional<LabelDate> month_date(std::string_view mmyy, Date today) {
    return label_date(std::string(mmyy.substr(2, 2)) + std::string(mmyy.substr(0, 2)) + "00",
                      today);
}

// The forms differ in length or in their first digit: see hibc.cpp.
std::optional<LabelDate> hibc_date(std::string_view raw, Date today) {
    std::optional<LabelDate> date;
    const std::string_view rest = raw.substr(1);
    if (raw.size() == 4) {
        date = month_date(raw, today);
    } else if (raw.size() == 5) {
        date = julian_date(raw, today);
    } else if (raw.size() == 8 && raw[0] != '6') {
        date = eight_digit_date(raw);
    } else if (raw[0] == '2') {
        date = label_date(std::string(rest.substr(4, 2)) + std::string(rest.substr(0, 4)), today);
    } else if (raw[0] == '3' || raw[0] == '4') {
        date = label_date(rest.substr(0, 6), today);
        if (raw[0] == '4') set_hour(date, rest.substr(6, 2));
    } else {
        date = julian_date(rest.substr(0, 5), today);
        if (raw[0] == '6') set_hour(date, rest.substr(5, 2));
    }
    if (date) date->raw = std::string(raw);
    return date;
}

void put_named(Identity& identity,
               std::string_view name,
               std::optional<LabelDate>& field,
               const std::optional<LabelDate>& date) {
    if (!date) return;
    if (!field) field = date;
    identity.dates.push_back({std::string(name), *date});
}

bool is_licence_plate(std::string_view di) {
    return di.size() == 2 && di[1] == 'J' && di[0] >= '1' && di[0] <= '6';
}

void put_code(Identity& identity, std::string_view scheme, std::string_view value) {
    std::string code(scheme);
    code += value;
    auto& codes = identity.product_codes;
    const bool is_new = std::find(codes.begin(), codes.end(), code) == codes.end();
    if (is_new && is_product_code(code)) codes.push_back(std::move(code));
}

// The supplier's own number of the part, else the customer's.
void put_supplier_item(Identity& identity, std::string_view di, std::string_view value) {
    const bool suppliers = di == "1P" || di == "9N" || di == "PNR";
    if (suppliers || (di == "P" && identity.supplier_item.empty())) {
        identity.supplier_item = std::string(value);
    }
    if (suppliers || di == "P") put_code(identity, di == "9N" ? "ppn:" : "part:", value);
}

}  // namespace

void put_hibc(Identity& identity, const Element& element, Date today) {
    const std::string_view name = element.ai;
    if (name == "LIC" || name == "PCN") identity.hibc_item += element.value;
    if (name == "UM") {
        identity.pack_type = std::string(element.value);
        put_code(identity, "hibc:", identity.hibc_item + identity.pack_type);
    }
    if (name == "LOT") identity.lot = lot_of(element.value);
    if (name == "SERIAL") identity.serial = serial_of(element.value);
    if (name == "QUANTITY") identity.count = whole_number(element.value);
    if (name == "EXPIRY") {
        put_named(identity, name, identity.expiry, hibc_date(element.value, today));
    }
    if (name == "PRODUCTION") {
        put_named(identity, name, identity.produced, hibc_date(element.value, today));
    }
}

void put_data_identifier(Identity& identity, const Element& element, Date today) {
    const std::string_view di = element.ai;
    const std::string_view value = element.value;
    if (di == "S" || di == "SER") identity.serial = serial_of(value);
    if (di == "25S" && !identity.serial) identity.serial = serial_of(value);
    if (di == "1T") identity.lot = lot_of(value);
    if (di == "Q") identity.count = whole_number(value);
    if (di == "8P") identity.gtin = gtin_of(value);
    if (is_licence_plate(di)) identity.licence_plate = std::string(value);
    put_supplier_item(identity, di, value);
    if (di == "14D") put_named(identity, di, identity.expiry, eight_digit_date(value));
    if (di == "15D") put_named(identity, di, identity.expiry, label_date(value, today));
    if (di == "16D") put_named(identity, di, identity.produced, eight_digit_date(value));
}

}  // namespace lotgate::barcode
