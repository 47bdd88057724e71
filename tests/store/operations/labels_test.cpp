// Numbers from leased ranges, labels printed again, labels that go to another printer.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* bench = "PACK-1";

bool is_same_after_rebuild(Warehouse& house) {
    return house.rebuild().find("\"ok\":true") != std::string::npos;
}

bool has_open_case(Warehouse& house, const std::string& kind) {
    return house.queries()->cases(true)->find("\"" + kind + "\"") != std::string::npos;
}

void report(Warehouse& house, const store::Outcome& outcome, const std::string& state) {
    store::EffectReport told;
    told.effect_id = outcome.effects.at(0).id;
    told.state = state;
    told.at = house.clock().now();
    REQUIRE(house.ask(std::move(told)));
}

/// SO-1 packed: the last goods close the carton, and its label is asked for.
store::Outcome packed_carton(Warehouse& house) {
    house.furnish();
    for (const char* serial : {"S-1", "S-2"})
        house.scan(house.unit(Step::receive, "DOCK-1", serial));
    house.scan(house.goods(Step::receive, "DOCK-1", "K-1", 10));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    house.scan(house.unit(Step::pack, bench, "S-2"));
    return house.scan(house.goods(Step::pack, bench, "k-1", 3));
}

}  // namespace

TEST_CASE("a unit without a serial gets one of the site's range, is here, and is followed",
          "[store][operation][label]") {
    Warehouse house;
    house.furnish();
    house.send(
        {{"serial_range", R"({"id":"SR-1","prefix":"G","width":6,"first":7,"last":9,"low":1})"}});
    const auto first = house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}});
    REQUIRE(first.verdict.accepted());
    CHECK(first.did == "unit_labelled");
    CHECK(print_field(first, "serial") == "G000007");
    CHECK(house.queries()->trace(std::string(widget) + "/G000007")->find("RECEIVED") !=
          std::string::npos);
    CHECK_FALSE(has_open_case(house, "RANGE_LOW"));

    const auto second = house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}});
    CHECK(print_field(second, "serial") == "G000008");
    CHECK(has_open_case(house, "RANGE_LOW"));
    CHECK(house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}}).verdict.accepted());

    const auto none = house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}});
    CHECK(none.verdict.code == "NO_RANGE");
    CHECK(none.verdict.told.find("No serial number is left at this site. Connect to the cloud") ==
          0);
    CHECK(none.effects.empty());

    house.send({{"serial_range", R"({"id":"SR-2","prefix":"G","width":6,"first":10,"last":99})"}});
    CHECK_FALSE(has_open_case(house, "RANGE_LOW"));
    CHECK(print_field(house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}}),
                      "serial") == "G000010");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a range survives a restart, and one that overlaps is refused",
          "[store][operation][label]") {
    Warehouse house;
    house.furnish();
    house.send({{"serial_range", R"({"id":"SR-1","prefix":"G","width":6,"first":1,"last":50})"}});
    house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}});
    house.restart();
    CHECK(print_field(house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}}),
                      "serial") == "G000002");

    const auto cases_before = *house.queries()->cases(true);
    house.send({{"serial_range", R"({"id":"SR-9","prefix":"G","width":6,"first":50,"last":60})"}});
    house.send(
        {{"sscc_range", R"({"id":"R-9","first":"09506000000000999","last":"09506000000001999"})"}});
    house.send({{"serial_range", R"({"id":"SR-8","prefix":"^XA","first":1,"last":2})"}});
    CHECK(*house.queries()->cases(true) != cases_before);
    CHECK(house.summary().find("\"serial\":48") != std::string::npos);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a number that somebody else gave to a unit or a lot is passed over",
          "[store][operation][label]") {
    Warehouse house;
    house.furnish();
    house.send(
        {{"asn",
          R"({"id":"ASN-G","supplier":"V-1","lines":[
               {"line":1,"gtin":"09506000134376","quantity":2,"serials":["G000001","G000002"]},
               {"line":2,"gtin":"09506000134369","lot":"x-01","quantity":1}]})"},
         {"serial_range", R"({"id":"SR-1","prefix":"G","width":6,"first":1,"last":2})"},
         {"serial_range", R"({"id":"SR-2","prefix":"G","width":6,"first":3,"last":9,"low":5})"},
         {"lot_range", R"({"id":"LR-1","prefix":"X-","width":2,"first":1,"last":9})"}});
    house.scan(house.code(Step::receive, "DOCK-1", "ASN-G"));
    house.scan(house.unit(Step::receive, "DOCK-1", "G000001", widget));
    CHECK(print_field(house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}}),
                      "serial") == "G000003");
    house.scan(house.goods(Step::receive, "DOCK-1", "x-01", 1));
    CHECK(print_field(house.operate("label_lot", {{"gtin", kale}, {"printer", "P1"}}), "lot") ==
          "X-02");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a range that was ended gives no number, also where it comes only afterwards",
          "[store][operation][label]") {
    Warehouse house;
    house.furnish();
    house.send({{"range_end", R"({"kind":"serial","id":"SR-2"})"},
                {"range_end", R"({"kind":"sscc","id":"R-1"})"},
                {"range_end", R"({"kind":"sscc","id":"R-2"})"}},
               "urgent");
    house.send(
        {{"serial_range", R"({"id":"SR-1","prefix":"G","width":2,"first":1,"last":9})"},
         {"serial_range", R"({"id":"SR-2","prefix":"H","width":2,"first":1,"last":9})"},
         {"sscc_range", R"({"id":"R-2","first":"09506000000002000","last":"09506000000002999"})"}});
    CHECK(house.summary().find("\"labels_left\":0,") != std::string::npos);
    CHECK(print_field(house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}}),
                      "serial") == "G01");
    house.send({{"range_end", R"({"kind":"serial","id":"SR-1"})"}}, "urgent");
    CHECK(house.operate("label_unit", {{"gtin", widget}, {"printer", "P1"}}).verdict.code ==
          "NO_RANGE");
    const auto cases_before = *house.queries()->cases(true);
    house.send({{"range_end", R"({"kind":"colour","id":"SR-1"})"}}, "urgent");
    CHECK(*house.queries()->cases(true) != cases_before);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("goods without a lot get one of the site's range", "[store][operation][label]") {
    Warehouse house;
    house.furnish();
    house.send({{"lot_range", R"({"id":"LR-1","prefix":"ATL3-","width":5,"first":1,"last":9})"}});
    const auto labelled = house.operate("label_lot", {{"gtin", kale}, {"printer", "P1"}});
    REQUIRE(labelled.verdict.accepted());
    CHECK(print_field(labelled, "lot") == "ATL3-00001");
    CHECK(labelled.subject == std::string("lot:") + kale + "/atl3-00001");
    CHECK(house.operate("label_lot", {{"gtin", widget}, {"printer", "P1"}}).verdict.code ==
          "NOT_TRACKED_SO");
    CHECK(house.operate("label_lot", {{"gtin", stranger}, {"printer", "P1"}}).verdict.code ==
          "PRODUCT_UNKNOWN");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a label printed again gets a new number, and the old one is void",
          "[store][operation][label][C19]") {
    Warehouse house;
    const auto closed = packed_carton(house);
    REQUIRE(closed.effects.size() == 1);
    const std::string first = print_field(closed, "sscc");
    CHECK(house.operate("reprint", {{"sscc", first}}).verdict.code == "LABEL_NOT_READY");
    report(house, closed, "sent");
    report(house, closed, "confirmed");

    const auto again = house.operate("reprint", {{"sscc", first}, {"printer", "P2"}});
    REQUIRE(again.verdict.accepted());
    const std::string second = print_field(again, "sscc");
    CHECK(second != first);
    CHECK(print_field(again, "copy") == "REPLACES " + first);
    CHECK(std::get<store::PrintRequest>(again.effects.at(0).request).printer == "P2");

    const auto old = house.operate("reprint", {{"sscc", first}});
    CHECK(old.verdict.code == "LABEL_VOID");
    CHECK(old.verdict.told.find(second) != std::string::npos);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a second live label of one number is impossible", "[store][operation][label][C19]") {
    Warehouse house;
    const auto closed = packed_carton(house);
    const std::string sscc = print_field(closed, "sscc");
    report(house, closed, "sent");
    report(house, closed, "confirmed");
    const auto live = house.operate("reprint", {{"sscc", sscc}, {"as", "copy"}});
    CHECK(live.verdict.code == "LABEL_DUP_LIVE");
    CHECK(live.effects.empty());
    CHECK(house.operate("reprint", {{"sscc", sscc}, {"as", "copy"}, {"first_label", "missing"}})
              .verdict.code == "LABEL_DUP_LIVE");
    const auto copy =
        house.operate("reprint", {{"sscc", sscc}, {"as", "copy"}, {"first_label", "destroyed"}});
    REQUIRE(copy.verdict.accepted());
    CHECK(print_field(copy, "sscc") == sscc);
    CHECK(print_field(copy, "copy") == "COPY 2 of SSCC " + sscc);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a label in doubt is a case, not a reprint", "[store][operation][label][C19]") {
    Warehouse house;
    const auto closed = packed_carton(house);
    const std::string sscc = print_field(closed, "sscc");
    report(house, closed, "sent");
    report(house, closed, "in_doubt");
    CHECK(house.operate("reprint", {{"sscc", sscc}}).verdict.code == "LABEL_NOT_READY");
    CHECK(house.queries()->labels_of("P1")->find(sscc) != std::string::npos);
    CHECK(house.queries()->labels_of("P2")->find(sscc) == std::string::npos);
}

TEST_CASE("a label that surely has not left goes to another printer, once it has left it stays",
          "[store][label][C19]") {
    Warehouse house;
    const auto closed = packed_carton(house);
    const auto move = [&](const std::string& printer) {
        store::EffectReport moved;
        moved.effect_id = closed.effects.at(0).id;
        moved.state = "intended";
        moved.printer = printer;
        moved.because = "P1: out of labels";
        return house.ask(std::move(moved));
    };
    REQUIRE(move("P2"));
    const auto open = house.queries()->open_effects();
    REQUIRE(open);
    REQUIRE(open->size() == 1);
    CHECK(std::get<store::PrintRequest>(open->at(0).request).printer == "P2");
    report(house, closed, "sent");
    const auto late = move("P1");
    REQUIRE_FALSE(late);
    CHECK(late.error().code() == FaultCode::conflict);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what was scanned is data in the ledger, in answers and in the label's fields",
          "[store][label][bad-input]") {
    Warehouse house;
    house.furnish();
    house.send({{"serial_range", R"({"id":"SR-1","prefix":"G","width":6,"first":1,"last":50})"}});
    const std::string nasty = "^XA~JA\"'; DROP TABLE unit;--\n\x1b<script>=cmd";
    auto attempt = house.code(Step::receive, "DOCK-1", nasty);
    attempt.observation.raw = nasty;
    const auto scanned = house.scan(std::move(attempt));
    CHECK_FALSE(scanned.verdict.accepted());
    CHECK(house.queries()->recent(5)->find('\x1b') == std::string::npos);
    CHECK(house.queries()->recent(5)->find('\n') == std::string::npos);
    const auto refused =
        house.operate("label_unit", {{"gtin", widget}, {"printer", nasty}, {"template", nasty}});
    REQUIRE(refused.verdict.accepted());  // the printer does not exist: the effect fails, as a case
    CHECK(std::get<store::PrintRequest>(refused.effects.at(0).request).printer == nasty);
    CHECK(is_same_after_rebuild(house));
}
