// What values mean: numbers of items, dates, quantities, lots and serials.

#include "adapters/barcode/trade_item.hpp"
#include "store/model/keyed_text.hpp"
#include "tests/adapters/barcode/spoken.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lotgate;
using namespace lotgate::barcode;

namespace {

std::string date_in(std::string_view yymmdd, int year_now = 2026) {
    const Date now{std::chrono::year{year_now}, std::chrono::month{6}, std::chrono::day{1}};
    const auto date = label_date(yymmdd, now);
    return date ? to_string(date->date) : "none";
}

}  // namespace

TEST_CASE("an item number keeps the length it has by nature", "[barcode][values]") {
    struct Row {
        const char* digits;
        int native;
    };

    const auto row = GENERATE(values<Row>({{"0036000291452", 12},
                                           {"00036000291452", 12},
                                           {"00000902914511", 12},
                                           {"5901234123457", 13},
                                           {"000096385074", 8},
                                           {"01234565", 8},
                                           {"95012345678903", 14}}));
    INFO(row.digits);
    CHECK(gtin_native_length(row.digits) == row.native);
}

TEST_CASE("the same item is the same item in every symbol", "[barcode][values]") {
    for (const char* raw : {"]E00416000336108",
                            "]C10100416000336108",
                            "]d20100416000336108",
                            "]Q1https://id.gs1.org/01/00416000336108",
                            "]I100416000336108"}) {
        INFO(raw);
        const Identity identity = identity_of(raw);
        REQUIRE(identity.gtin);
        CHECK(identity.gtin->text() == "00416000336108");
        CHECK(identity.gtin->native_length() == 12);
    }
    // A case is another trade item than what is in it.
    CHECK(identity_of("]C10195012345678903").gtin->text() == "95012345678903");
    CHECK(identity_of("]E402345673").gtin->text() == "00000002345673");
    CHECK(identity_of("]E402345673").gtin->native_length() == 8);
    CHECK(identity_of("]E3211234567890012").gtin->text() == "02112345678900");
}

TEST_CASE("UPC-E becomes the UPC-A it stands for", "[barcode][values]") {
    CHECK(upc_e_expanded("425261") == "042100005264");
    CHECK(upc_e_expanded("0425261") == "042100005264");
    CHECK(upc_e_expanded("04252614") == "042100005264");
    CHECK(upc_e_expanded("06397126") == "063200009716");
    CHECK(upc_e_expanded("123453") == "012300000451");
    CHECK(upc_e_expanded("123454") == "012340000053");
    CHECK(upc_e_expanded("123455") == "012345000058");
    CHECK(upc_e_expanded("123459") == "012345000096");
    CHECK(upc_e_expanded("14252611") == "142100005261");
    for (const char* wrong : {"04252615", "2425261", "12345", "1234567890", "42526A"}) {
        INFO(wrong);
        CHECK(upc_e_expanded(wrong).empty());
    }
}

TEST_CASE("two digits of a year mean the nearest century", "[barcode][dates]") {
    CHECK(date_in("261231") == "2026-12-31");
    CHECK(date_in("760101") == "2076-01-01");
    CHECK(date_in("770101") == "1977-01-01");
    CHECK(date_in("990101") == "1999-01-01");
    CHECK(date_in("000101") == "2000-01-01");
    CHECK(date_in("490101", 2099) == "2149-01-01");
    CHECK(date_in("500101", 2099) == "2050-01-01");
    CHECK(date_in("450101", 1995) == "2045-01-01");
    CHECK(date_in("460101", 1995) == "1946-01-01");
}

TEST_CASE("day 00 is the month's last day", "[barcode][dates]") {
    CHECK(date_in("190700") == "2019-07-31");
    CHECK(date_in("200200") == "2020-02-29");
    CHECK(date_in("210200") == "2021-02-28");
    CHECK(date_in("261100") == "2026-11-30");
    CHECK(date_in("260431") == "none");
    CHECK(date_in("261300") == "none");
    CHECK(date_in("26110") == "none");
    CHECK(date_in("26110A") == "none");
    const Identity identity = identity_of(
        "]C10112312312312333"
        "17261100");
    REQUIRE(identity.expiry);
    CHECK(identity.expiry->day_zero);
    CHECK(identity.expiry->raw == "261100");
    CHECK(identity.warnings == std::vector<WarningClass>{WarningClass::day_zero});
}

TEST_CASE("each kind of date is its own field", "[barcode][dates]") {
    const Identity identity = identity_of(
        "]d20112312312312333"
        "11260101"
        "13260102"
        "15260103"
        "16260104"
        "17260105"
        "7003261231"
        "2359");
    CHECK(to_string(identity.produced->date) == "2026-01-01");
    CHECK(to_string(identity.packed->date) == "2026-01-02");
    CHECK(to_string(identity.best_before->date) == "2026-01-03");
    CHECK(to_string(identity.sell_by->date) == "2026-01-04");
    CHECK(to_string(identity.expiry->date) == "2026-01-05");
    CHECK(identity.dates.size() == 6);
    CHECK(identity.dates.back().ai == "7003");
    CHECK(identity.dates.back().date.minutes_of_day == 23 * 60 + 59);
}

TEST_CASE("a time of expiry, of production, and a range of harvest days", "[barcode][dates]") {
    const Identity timed = identity_of(
        "]d20112312312312333"
        "70032612311430");
    CHECK(to_string(timed.expiry->date) == "2026-12-31");
    CHECK(timed.expiry->minutes_of_day == 14 * 60 + 30);
    const Identity produced = identity_of(
        "]d20112312312312333"
        "8008261231"
        "09");
    CHECK(produced.produced->minutes_of_day == 9 * 60);
    const Identity harvest = identity_of(
        "]d20112312312312333"
        "7007261201"
        "261205");
    REQUIRE(harvest.dates.size() == 2);
    CHECK(to_string(harvest.dates[0].date.date) == "2026-12-01");
    CHECK(to_string(harvest.dates[1].date.date) == "2026-12-05");
}

TEST_CASE("99:99 on a delivery date says that there is no time", "[barcode][dates]") {
    const Decoded decoded = scanned(
        "]C100123456789012345675"
        "43242612319999");
    CHECK(verdict_on(decoded) == "ok");
    CHECK(warns(decoded, WarningClass::no_time));
    const Identity identity = identify(decoded, today);
    CHECK_FALSE(identity.dates.at(0).date.minutes_of_day);
    CHECK(verdict_on(scanned("]C10112312312312333"
                             "70032612319999")) == "lint:bad_date");
}

TEST_CASE("measures and money are exact scaled integers", "[barcode][values]") {
    struct Row {
        const char* raw;
        std::int64_t units;
        int scale;
        const char* unit;
    };

    const auto row = GENERATE(values<Row>({{"]C13103001750", 1750, 3, "KGM"},
                                           {"]C13100000042", 42, 0, "KGM"},
                                           {"]C13150123456", 123456, 0, "LTR"},
                                           {"]C13161123456", 123456, 1, "MTQ"},
                                           {"]C13344023456", 23456, 4, "MTK"},
                                           {"]C13202000150", 150, 2, "LBR"},
                                           {"]C13369999999", 0, 0, ""},
                                           {"]C13922000299", 299, 2, ""},
                                           {"]C13932978001999", 1999, 2, "978"},
                                           {"]C13909123456789012345", 123456789012345, 9, ""},
                                           {"]C139419999", 9999, 1, "P1"}}));
    INFO(row.raw);
    const Decoded decoded = scanned(row.raw);
    if (row.units == 0) {
        CHECK_FALSE(decoded.ok());
        return;
    }
    const Identity identity = identify(decoded, today);
    REQUIRE(identity.quantities.size() == 1);
    CHECK(identity.quantities[0].quantity.units == row.units);
    CHECK(identity.quantities[0].quantity.scale == row.scale);
    CHECK(identity.quantities[0].quantity.unit == row.unit);
}

TEST_CASE("a pallet names its contents and their count", "[barcode][values]") {
    const Identity identity = identity_of(
        "]C100123456789012345675"
        "0212312312312333"
        "3724\x1d"
        "10LOT");
    CHECK(identity.sscc->text() == "123456789012345675");
    CHECK(identity.content_gtin->text() == "12312312312333");
    CHECK_FALSE(identity.gtin);
    CHECK(identity.count == 24);
    CHECK(identify(decode("376130321109103420"), today).sscc->text() == "376130321109103420");
}

TEST_CASE("lots match whatever their case, serials only exactly", "[barcode][values]") {
    const Identity identity = identity_of(
        "]d20112312312312333"
        "10aB-Lot\x1d"
        "21aB-Ser");
    CHECK(identity.lot->as_labelled() == "aB-Lot");
    CHECK(identity.lot->key() == "ab-lot");
    CHECK(identity.serial->as_labelled() == "aB-Ser");
    CHECK(identity.serial->key() == "aB-Ser");
}

TEST_CASE("a refused scan has no identity", "[barcode][values]") {
    const Identity identity = identity_of(
        "]d20112312312312334"
        "10LOT");
    CHECK_FALSE(identity.gtin);
    CHECK_FALSE(identity.lot);
}

TEST_CASE("typed text loses what nobody sees, and nothing else", "[barcode][keyed]") {
    CHECK(keyed_text("\xef\xbb\xbfLOT\xe2\x80\x8b-7 ") == "LOT-7");
    CHECK(keyed_text("A\xe2\x80\x93"
                     "B\xe2\x88\x92"
                     "C") == "A-B-C");
    CHECK(keyed_text("\xef\xbc\xa1\xef\xbc\x91") == "A1");
    CHECK(keyed_text("A\xc2\xa0\xe3\x80\x80"
                     "B\xc2\xad") == "A  B");
    CHECK(keyed_text("\tA\tB") == "A B");
    CHECK(keyed_text("\xc3\x84\xff") == "\xc3\x84\xff");
    CHECK(keyed_text("O0l1") == "O0l1");
    CHECK(keyed_text("").empty());
}

TEST_CASE("a word in front of a typed lot is offered without it", "[barcode][keyed]") {
    CHECK(without_prefix_word("LOT: A12") == std::string_view("A12"));
    CHECK(without_prefix_word("Batch A12") == std::string_view("A12"));
    CHECK(without_prefix_word("S/N#77") == std::string_view("77"));
    CHECK(without_prefix_word("Lot No. 9") == std::string_view("9"));
    CHECK_FALSE(without_prefix_word("LOTUS7"));
    CHECK_FALSE(without_prefix_word("A12"));
    CHECK_FALSE(without_prefix_word("LOT"));
}
