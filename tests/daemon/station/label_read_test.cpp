// One read event, whatever number of codes it brought, as one label.

#include "daemon/station/label_read.hpp"

#include "adapters/keyed_parts.hpp"
#include "daemon/station/attempt_of.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace lotgate::site {

namespace {

const std::string gs(1, '\x1d');
const std::string ean = "]E04006381333931";
const std::string gtin = "04006381333931";

Date today() {
    return Date(std::chrono::year(2026) / 11 / 28);
}

adapters::Scan scan_of(std::vector<std::string> codes) {
    adapters::Scan scan(DeviceId::parse("D1").value(), codes.front(), Instant{0});
    scan.codes = std::move(codes);
    return scan;
}

LabelRead read(std::vector<std::string> codes) {
    return read_label(scan_of(std::move(codes)), today(), nullptr);
}

std::string lot_of(const LabelRead& label) {
    return label.what.lot ? std::string(label.what.lot->as_labelled()) : "";
}

std::string serial_of(const LabelRead& label) {
    return label.what.serial ? std::string(label.what.serial->as_labelled()) : "";
}

}  // namespace

TEST_CASE("the product in one code and the lot in another are one identity", "[station][N-14]") {
    const LabelRead label = read({ean, "]C110L-7" + gs + "17270131"});
    CHECK(label.seen.parse_error.empty());
    CHECK(label.seen.label_conflict.empty());
    REQUIRE(label.what.gtin);
    CHECK(label.what.gtin->text() == gtin);
    CHECK(lot_of(label) == "L-7");
    CHECK(label.what.expires_on.has_value());
    CHECK(label.seen.warnings.empty());
}

TEST_CASE("what is keyed in completes the label, and never corrects it", "[station][R-03]") {
    const LabelRead label = read(adapters::with_keyed_parts(ean, " S-7", "L-7"));
    CHECK(label.seen.parse_error.empty());
    CHECK(label.what.gtin->text() == gtin);
    CHECK(serial_of(label) == "S-7");
    CHECK(lot_of(label) == "L-7");
    const LabelRead other = read(adapters::with_keyed_parts("]d201" + gtin + "21S-8", "S-7", ""));
    CHECK_FALSE(other.seen.label_conflict.empty());
    // Nothing keyed in: the code stands alone.
    CHECK(adapters::with_keyed_parts(ean, "  ", "").empty());
}

TEST_CASE("a lot without any code that names its product stays without", "[station][N-12]") {
    const LabelRead label = read({"]C110L-7"});
    CHECK_FALSE(label.what.gtin);
    CHECK(lot_of(label) == "L-7");
    CHECK(label.seen.warnings == std::vector<std::string>{"required_ai_missing"});
}

TEST_CASE("three codes say product, lot and serial whichever is seen first", "[station][N-14]") {
    std::vector<std::string> codes{ean, "]C110L-7", "]C121S-1"};
    std::sort(codes.begin(), codes.end());
    do {
        const LabelRead label = read(codes);
        CHECK(lot_of(label) == "L-7");
        CHECK(serial_of(label) == "S-1");
        CHECK(label.seen.raw == "]C121S-1");
        CHECK(label.seen.other_codes == std::vector<std::string>{"]C110L-7", ean});
    } while (std::next_permutation(codes.begin(), codes.end()));
}

TEST_CASE("codes of one label that contradict each other give no identity", "[station][N-14]") {
    const LabelRead lots = read({"]C101" + gtin + "10L-7", "]d201" + gtin + "10L-8"});
    CHECK_FALSE(lots.seen.label_conflict.empty());
    CHECK(lots.seen.label_conflict.find("L-7") != std::string::npos);
    CHECK(lots.seen.label_conflict.find("L-8") != std::string::npos);
    CHECK_FALSE(lots.what.gtin);
    CHECK_FALSE(lots.what.lot);
    CHECK_FALSE(read({ean, "]C1010950600013435210L-7"}).seen.label_conflict.empty());
    CHECK_FALSE(read({"]C121S-1", "]d201" + gtin + "21S-2"}).seen.label_conflict.empty());
    CHECK(read({"]C101" + gtin + "10L-7", "]d201" + gtin + "10L-7"}).seen.label_conflict.empty());
}

TEST_CASE("a lot that differs only in its case is the same lot on one label", "[station][N-06]") {
    const LabelRead label = read({"]C101" + gtin + "10l-7", "]d201" + gtin + "10L-7"});
    CHECK(label.seen.label_conflict.empty());
    CHECK(label.what.lot);
}

TEST_CASE("one code of a label that breaks its own format refuses the label", "[station][N-02]") {
    const LabelRead label = read({ean, "]C11727133110L-7"});
    CHECK(label.seen.parse_error == "lint:bad_date");
    CHECK(label.seen.parse_about == "17");
    CHECK_FALSE(label.seen.parse_told.empty());
    CHECK(label.seen.raw == "]C11727133110L-7");
    CHECK(label.seen.other_codes == std::vector<std::string>{ean});
    CHECK_FALSE(label.what.gtin);
}

TEST_CASE("advertising and a carrier's number beside the goods' code disturb nothing",
          "[station]") {
    const LabelRead label =
        read({"]d201" + gtin + "10L-7", "https://example.com/offers", "]C0JD014600006281"});
    CHECK(label.seen.parse_error.empty());
    CHECK(label.seen.label_conflict.empty());
    CHECK(lot_of(label) == "L-7");
    CHECK(label.what.plain.empty());
    CHECK(label.seen.other_codes.size() == 2);
}

TEST_CASE("a web address alone names nothing", "[station]") {
    CHECK_FALSE(read({"https://example.com/offers"}).seen.parse_error.empty());
}

TEST_CASE("the same code twice in one read event is one code", "[station][N-13]") {
    const LabelRead label = read({"]d201" + gtin + "21S-1", "]d201" + gtin + "21S-1"});
    CHECK(serial_of(label) == "S-1");
    CHECK(label.seen.other_codes.empty());
}

TEST_CASE("one code alone is read as it always was", "[station]") {
    adapters::Scan scan = scan_of({"]d201" + gtin + "10L-7"});
    scan.codes.clear();
    const LabelRead label = read_label(scan, today(), nullptr);
    CHECK(lot_of(label) == "L-7");
    CHECK(label.seen.aim == "]d2");
    CHECK(label.seen.raw == scan.bytes);
}

TEST_CASE("what a scanner sends for GS separates, where it is configured", "[station][N-02]") {
    adapters::Scan scan = scan_of({"]d201" + gtin + "10L-7<GS>21S-1"});
    CHECK(lot_of(read_label(scan, today(), nullptr)) == "L-7<GS>21S-1");
    auto reading = std::make_shared<adapters::CodeReading>();
    reading->gs_texts = {"<GS>"};
    scan.reading = reading;
    const LabelRead label = read_label(scan, today(), nullptr);
    CHECK(lot_of(label) == "L-7");
    CHECK(serial_of(label) == "S-1");
    CHECK(label.seen.warnings == std::vector<std::string>{"separator_replaced"});
    CHECK(label.seen.raw == scan.bytes);
}

TEST_CASE("a device's data identifiers and affixes are its own", "[station]") {
    adapters::Scan scan = scan_of({"S12345"});
    CHECK_FALSE(read_label(scan, today(), nullptr).what.serial);
    auto reading = std::make_shared<adapters::CodeReading>();
    reading->data_identifiers = {"S", "1T"};
    reading->prefix = "%";
    scan.reading = reading;
    CHECK(serial_of(read_label(scan, today(), nullptr)) == "12345");
    scan.bytes = "%PO-77";
    scan.codes.clear();
    CHECK(read_label(scan, today(), nullptr).what.plain == "PO-77");
}

TEST_CASE("a scanner without identifiers may be declared to read GS1 alone", "[station]") {
    adapters::Scan scan = scan_of({"10ABC"});
    CHECK(read_label(scan, today(), nullptr).seen.parse_error == "ambiguous");
    auto reading = std::make_shared<adapters::CodeReading>();
    reading->expects_gs1 = true;
    scan.reading = reading;
    CHECK(lot_of(read_label(scan, today(), nullptr)) == "ABC");
}

TEST_CASE("typed text loses hidden characters, a scanner's bytes lose nothing", "[station][N-04]") {
    adapters::Scan scan =
        scan_of({"\xe2\x80\x8b PO\xe2\x80\x93"
                 "77 "});
    scan.is_keyed = true;
    CHECK(read_label(scan, today(), nullptr).what.plain == "PO-77");
    scan.is_keyed = false;
    CHECK(read_label(scan, today(), nullptr).what.plain != "PO-77");
}

TEST_CASE("an HIBC label names its product, lot, serial and expiry", "[station][hibc]") {
    // The secondary symbol carries the primary's check character as its link.
    const LabelRead label = read({"+A123BJC5D6E71G", "+$$3270131LOT123GH"});
    CHECK(label.seen.parse_error.empty());
    CHECK(label.seen.label_conflict.empty());
    CHECK(label.what.product_codes == std::vector<std::string>{"hibc:A123BJC5D6E71"});
    CHECK(lot_of(label) == "LOT123");
    REQUIRE(label.what.expires_on);
    CHECK(to_string(*label.what.expires_on) == "2027-01-31");
    const LabelRead serial = read({"+A99912345/$$52001510X3/16D20111212/S77DEFG457"});
    CHECK(serial.what.product_codes == std::vector<std::string>{"hibc:A99912345"});
    CHECK(serial_of(serial) == "77DEFG45");
    CHECK(serial.what.plain.empty());
}

TEST_CASE("an envelope with a PPN names its product", "[station][ppn]") {
    const std::string envelope =
        "[)>\x1e"
        "06\x1d"
        "9N111234567842\x1d"
        "1TL-7\x1d"
        "S77\x1d"
        "14D20270131\x1e\x04";
    const LabelRead label = read({envelope});
    CHECK(label.what.product_codes == std::vector<std::string>{"ppn:111234567842"});
    CHECK(lot_of(label) == "L-7");
    CHECK(serial_of(label) == "77");
    CHECK(label.what.expires_on.has_value());
}

TEST_CASE("a typed lot with a word before it is offered without the word", "[station][N-08]") {
    adapters::Scan scan = scan_of({"(01)" + gtin + "(10)LOT A12(17)270131"});
    CHECK_FALSE(read_label(scan, today(), nullptr).what.lot);
    scan.is_keyed = true;
    const LabelRead label = read_label(scan, today(), nullptr);
    CHECK(label.seen.is_keyed);
    CHECK(label.seen.is_without_prefix_word);
    CHECK_FALSE(label.seen.parse_error.empty());
    CHECK(lot_of(label) == "A12");
    CHECK(label.what.expires_on.has_value());
    // The rest must be right, too.
    scan = scan_of({"(01)" + gtin + "(10)LOT A12(17)271331"});
    scan.is_keyed = true;
    CHECK_FALSE(read_label(scan, today(), nullptr).what.lot);
}

TEST_CASE("what a lost separator would make of the code is told to the rules", "[station][N-03]") {
    const LabelRead label = read({"]d201" + gtin + "10032915210526"});
    CHECK(lot_of(label) == "032915210526");
    // Also (10)032915(21)0526: the rules weigh them, nobody chooses here.
    const auto& others = label.seen.other_readings;
    const auto swallowed = std::find_if(
        others.begin(), others.end(), [](const auto& other) { return other.lot == "0329"; });
    REQUIRE(swallowed != others.end());
    CHECK(swallowed->told == "(01)" + gtin + "(10)0329(15)210526");
    CHECK(read({"]d201" + gtin + "10L-7"}).seen.other_readings.empty());
}

TEST_CASE("a read event of thousands of codes is cut, not suffered", "[station]") {
    std::vector<std::string> codes{"]d201" + gtin + "21S-1"};
    for (int i = 0; i < 5000; ++i) codes.push_back("]C0X" + std::to_string(i));
    const LabelRead label = read(codes);
    CHECK(label.seen.other_codes.size() < 64);
    CHECK(serial_of(label) == "S-1");
}

TEST_CASE("an attempt keeps who, where and when beside what the label says", "[station]") {
    config::StationConfig station;
    station.id = "DOCK-1";
    station.step = rules::Step::receive;
    station.policy = std::make_shared<rules::StationPolicy>();
    adapters::Scan scan = scan_of({ean, "]C110L-7"});
    scan.received = Instant{5};
    scan.age = std::chrono::milliseconds(7);
    const Moment moment{Instant{9}, today(), "synced"};
    const rules::Attempt attempt = attempt_of(scan, station, moment, "r-1");
    CHECK(attempt.observation.device == "D1");
    CHECK(attempt.observation.read_at.us == 5);
    CHECK(attempt.observation.age_ms == 7);
    CHECK(attempt.what.lot);
    CHECK(attempt.request_id == "r-1");
    scan.is_no_read = true;
    CHECK(attempt_of(scan, station, moment, "r-2").observation.is_no_read);
}

}  // namespace lotgate::site
