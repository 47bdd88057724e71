#include "adapters/barcode/identity.hpp"

#include "adapters/barcode/identity_fields.hpp"
#include "adapters/barcode/linters.hpp"
#include "adapters/barcode/trade_item.hpp"

#include <algorithm>
#include <array>

namespace lotgate::barcode {

namespace {

int two_digits(std::string_view text, std::size_t at) {
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

// GenSpecs 7.12: 51 to 99 years ahead of this year's two digits is the previous century, 50 to
// 99 behind is the next one.
int full_year(int two_digit_year, Date today) {
    const int year = static_cast<int>(today.year());
    const int century = year - year % 100;
    const int ahead = two_digit_year - year % 100;
    if (ahead >= 51) return century - 100 + two_digit_year;
    if (ahead <= -50) return century + 100 + two_digit_year;
    return century + two_digit_year;
}

std::optional<int> minutes_at(std::string_view text, std::size_t at) {
    if (text.size() < at + 2) return {};
    const int hours = two_digits(text, at);
    const int minutes = text.size() >= at + 4 ? two_digits(text, at + 2) : 0;
    if (hours > 23 || minutes > 59) return {};
    return hours * 60 + minutes;
}

void note_warning(Identity& identity, WarningClass warning) {
    auto& warnings = identity.warnings;
    if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
        warnings.push_back(warning);
    }
}

void put_date(Identity& identity, const Element& element, Date today) {
    auto date = label_date(element.value.substr(0, 6), today);
    if (!date) return;
    date->raw = std::string(element.value);
    date->minutes_of_day = minutes_at(element.value, 6);
    if (date->day_zero) note_warning(identity, WarningClass::day_zero);
    identity.dates.push_back({std::string(element.ai), *date});
    const std::string_view ai = element.ai;
    if (ai == "17" || (ai == "7003" && !identity.expiry)) identity.expiry = *date;
    if (ai == "15") identity.best_before = *date;
    if (ai == "16") identity.sell_by = *date;
    if (ai == "11" || (ai == "8008" && !identity.produced)) identity.produced = *date;
    if (ai == "13") identity.packed = *date;
}

// Harvest: one day, or the first and the last.
void put_date_range(Identity& identity, const Element& element, Date today) {
    for (std::size_t at = 0; at + 6 <= element.value.size(); at += 6) {
        auto date = label_date(element.value.substr(at, 6), today);
        if (date) identity.dates.push_back({std::string(element.ai), *date});
    }
}

constexpr std::array<std::string_view, 13> date_ais{
    "11", "12", "13", "15", "16", "17", "4324", "4325", "4326", "7003", "7006", "7011", "8008"};

// What the measures of AI 31nn to 36nn are in (UN/CEFACT Recommendation 20), by three digits.
struct MeasureUnit {
    std::string_view stem;
    std::string_view unit;
};

constexpr std::array measure_units{
    MeasureUnit{"310", "KGM"}, MeasureUnit{"311", "MTR"}, MeasureUnit{"312", "MTR"},
    MeasureUnit{"313", "MTR"}, MeasureUnit{"314", "MTK"}, MeasureUnit{"315", "LTR"},
    MeasureUnit{"316", "MTQ"}, MeasureUnit{"320", "LBR"}, MeasureUnit{"321", "INH"},
    MeasureUnit{"322", "FOT"}, MeasureUnit{"323", "YRD"}, MeasureUnit{"324", "INH"},
    MeasureUnit{"325", "FOT"}, MeasureUnit{"326", "YRD"}, MeasureUnit{"327", "INH"},
    MeasureUnit{"328", "FOT"}, MeasureUnit{"329", "YRD"}, MeasureUnit{"330", "KGM"},
    MeasureUnit{"331", "MTR"}, MeasureUnit{"332", "MTR"}, MeasureUnit{"333", "MTR"},
    MeasureUnit{"334", "MTK"}, MeasureUnit{"335", "LTR"}, MeasureUnit{"336", "MTQ"},
    MeasureUnit{"337", "28"},  MeasureUnit{"340", "LBR"}, MeasureUnit{"341", "INH"},
    MeasureUnit{"342", "FOT"}, MeasureUnit{"343", "YRD"}, MeasureUnit{"344", "INH"},
    MeasureUnit{"345", "FOT"}, MeasureUnit{"346", "YRD"}, MeasureUnit{"347", "INH"},
    MeasureUnit{"348", "FOT"}, MeasureUnit{"349", "YRD"}, MeasureUnit{"350", "INK"},
    MeasureUnit{"351", "FTK"}, MeasureUnit{"352", "YDK"}, MeasureUnit{"353", "INK"},
    MeasureUnit{"354", "FTK"}, MeasureUnit{"355", "YDK"}, MeasureUnit{"356", "APZ"},
    MeasureUnit{"357", "OZA"}, MeasureUnit{"360", "QTL"}, MeasureUnit{"361", "GLL"},
    MeasureUnit{"362", "QTL"}, MeasureUnit{"363", "GLL"}, MeasureUnit{"364", "INQ"},
    MeasureUnit{"365", "FTQ"}, MeasureUnit{"366", "YDQ"}, MeasureUnit{"367", "INQ"},
    MeasureUnit{"368", "FTQ"}, MeasureUnit{"369", "YDQ"},
};

std::string_view unit_of(std::string_view ai) {
    for (const MeasureUnit& entry : measure_units) {
        if (entry.stem == ai.substr(0, 3)) return entry.unit;
    }
    return {};
}

void put_quantity(Identity& identity, const Element& element) {
    const auto quantity = quantity_of(element.ai, element.value);
    if (quantity) identity.quantities.push_back({std::string(element.ai), *quantity});
    if (element.ai == "37" || element.ai == "30") identity.count = whole_number(element.value);
}

void put_gs1(Identity& identity, const Element& element, Date today) {
    const std::string_view ai = element.ai;
    const std::string_view value = element.value;
    if (ai == "00") identity.sscc = sscc_of(value);
    if (ai == "01" || ai == "03") identity.gtin = gtin_of(value);
    if (ai == "02") identity.content_gtin = gtin_of(value);
    if (ai == "8006") identity.gtin = gtin_of(value.substr(0, 14));
    if (ai == "8026") identity.content_gtin = gtin_of(value.substr(0, 14));
    if (ai == "21") identity.serial = serial_of(value);
    if (ai == "10") identity.lot = lot_of(value);
    if (std::find(date_ais.begin(), date_ais.end(), ai) != date_ais.end()) {
        put_date(identity, element, today);
    }
    if (ai == "7007") put_date_range(identity, element, today);
    put_quantity(identity, element);
}

void put_text(Identity& identity, const Decoded& decoded) {
    const std::string_view text = decoded.text();
    switch (decoded.kind()) {
        case Kind::trade_item:
            identity.gtin = gtin_of(text.substr(0, trade_item_digits(decoded)));
            break;
        case Kind::logistic_unit:
            identity.sscc = sscc_of(text);
            break;
        case Kind::plain:
            identity.plain = std::string(text);
            break;
        default:
            break;
    }
    const bool ascii = std::all_of(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!ascii) note_warning(identity, WarningClass::non_ascii);
}

}  // namespace

std::size_t trade_item_digits(const Decoded& decoded) {
    const std::string_view aim = decoded.aim();
    if (aim == "]E4") return 8;
    if (aim == "]E0" || aim == "]E3") return 13;
    return decoded.text().size();
}

std::optional<Gtin> gtin_of(std::string_view digits) {
    const auto native = static_cast<std::size_t>(gtin_native_length(digits));
    std::string padded(digits);
    if (padded.size() < native) padded.insert(0, native - padded.size(), '0');
    auto gtin = Gtin::parse(padded.substr(padded.size() - native));
    if (!gtin) return {};
    return std::move(*gtin);
}

std::optional<Sscc> sscc_of(std::string_view digits) {
    auto sscc = Sscc::parse(digits);
    if (!sscc) return {};
    return std::move(*sscc);
}

std::optional<Serial> serial_of(std::string_view text) {
    auto serial = Serial::parse(text);
    if (!serial) return {};
    return std::move(*serial);
}

std::optional<Lot> lot_of(std::string_view text) {
    auto lot = Lot::parse(text);
    if (!lot) return {};
    return std::move(*lot);
}

std::optional<std::int64_t> whole_number(std::string_view digits) {
    if (!all_digits(digits) || digits.size() > 18) return {};
    std::int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

std::optional<Quantity> quantity_of(std::string_view ai, std::string_view value) {
    if (ai.size() != 4 || ai[0] != '3') return {};
    const int decimals = ai[3] - '0';
    Quantity quantity;
    quantity.scale = decimals;
    const bool measure = ai[1] >= '1' && ai[1] <= '6';
    const bool money = ai.substr(0, 3) == "391" || ai.substr(0, 3) == "393";
    if (!measure && ai[1] != '9') return {};
    if (money) {
        quantity.unit = std::string(value.substr(0, 3));
        value = value.substr(std::min<std::size_t>(3, value.size()));
    } else if (measure) {
        quantity.unit = std::string(unit_of(ai));
    } else if (ai.substr(0, 3) == "394") {
        quantity.unit = "P1";  // percent
    }
    const auto units = whole_number(value);
    if (!units) return {};
    quantity.units = *units;
    return quantity;
}

std::optional<LabelDate> label_date(std::string_view yymmdd, Date today) {
    if (check_yymmdd(yymmdd, true).error != ErrorClass::none) return {};
    const std::chrono::year year{full_year(two_digits(yymmdd, 0), today)};
    const std::chrono::month month{static_cast<unsigned>(two_digits(yymmdd, 2))};
    const int day = two_digits(yymmdd, 4);
    LabelDate date{Date{year, month, std::chrono::day{static_cast<unsigned>(day)}}, {}, false, {}};
    if (day == 0) {
        date.date = Date{year / month / std::chrono::last};
        date.day_zero = true;
    }
    if (!date.date.ok()) return {};
    date.raw = std::string(yymmdd);
    return date;
}

Identity identify(const Decoded& decoded, Date today) {
    Identity identity;
    for (const Warning& warning : decoded.warnings()) note_warning(identity, warning.warning);
    if (!decoded.ok()) return identity;
    put_text(identity, decoded);
    // Of two readings, the elements are those of the other one.
    const bool other_reading = decoded.is_ambiguous() && decoded.kind() != Kind::element_string;
    for (const Element element : decoded.elements()) {
        if (other_reading) break;
        if (decoded.kind() == Kind::hibc) {
            put_hibc(identity, element, today);
        } else if (!all_digits(element.ai)) {
            put_data_identifier(identity, element, today);
        } else {
            put_gs1(identity, element, today);
        }
    }
    if (decoded.is_ambiguous()) {
        identity.lot_or_serial_withheld = true;
        identity.lot.reset();
        identity.serial.reset();
    }
    return identity;
}

}  // namespace lotgate::barcode
