// Scrap, relabel, return to vendor, missing and found, lots split and merged.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

using Arguments = std::vector<std::pair<std::string, std::string>>;

constexpr const char* dock = "DOCK-1";
constexpr const char* bench = "PACK-1";

Arguments unit_of(const std::string& serial) {
    return {{"gtin", romaine}, {"serial", serial}};
}

Arguments lot_of(const std::string& lot, const std::string& quantity) {
    return {{"gtin", kale}, {"lot", lot}, {"quantity", quantity}};
}

Arguments with(Arguments arguments, const std::string& name, const std::string& value) {
    arguments.emplace_back(name, value);
    return arguments;
}

void receive_all(Warehouse& house) {
    house.furnish();
    for (const char* serial : {"S-1", "S-2", "S-3", "S-4"})
        house.scan(house.unit(Step::receive, dock, serial));
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
}

bool is_same_after_rebuild(Warehouse& house) {
    return house.rebuild().find("\"ok\":true") != std::string::npos;
}

std::string trace(Warehouse& house, const std::string& what) {
    return house.queries()->trace(what).value_or("nothing");
}

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

std::string hold_lot(Warehouse& house, const char* reason) {
    const auto placed = house.operate(
        "place_hold", {{"target", "lot:09506000134352/L-88"}, {"hold_reason", reason}});
    return "L" + std::to_string(number_of(placed.seq)) + "-0";
}

}  // namespace

TEST_CASE("recalled goods can be scrapped, and nothing follows", "[store][operation][scrap]") {
    Warehouse house;
    receive_all(house);
    hold_lot(house, "recall");
    CHECK(house.operate("scrap", unit_of("S-1")).did == "scrapped");
    CHECK(has(trace(house, "S-1"), "\"state\":\"SCRAPPED\""));
    CHECK(house.operate("scrap", unit_of("S-1")).verdict.code == "BAD_STATE_SCRAPPED_SCRAPPED");
    CHECK(house.scan(house.unit(Step::receive, dock, "S-1")).verdict.code == "SERIAL_RETIRED");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a counted lot is scrapped by quantity and never below what is booked",
          "[store][operation][scrap]") {
    Warehouse house;
    receive_all(house);
    CHECK(house.operate("scrap", lot_of("K-1", "11")).verdict.code == "LOT_NEGATIVE");
    CHECK(house.operate("scrap", lot_of("K-1", "4")).did == "scrapped");
    CHECK(has(trace(house, std::string(kale) + "/K-1"),
              R"("received":10,"on_site":6,"shipped":0,"gone":4,"difference":0)"));
    CHECK(house.operate("scrap", {{"gtin", kale}}).verdict.code == "LOT_REQUIRED");
    CHECK(house.operate("scrap", {{"gtin", romaine}}).verdict.code == "SERIAL_REQUIRED");
    CHECK(house.operate("scrap", {{"gtin", stranger}}).verdict.code == "PRODUCT_UNKNOWN");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a unit that is scrapped out of a packed carton opens a card about the carton",
          "[store][operation][scrap]") {
    Warehouse house;
    receive_all(house);
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    CHECK(house.operate("scrap", unit_of("S-1")).did == "scrapped");
    CHECK(has(house.summary(), "CARTON_CHANGED"));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-2")).progress == "1 / 5");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a relabelled unit keeps its place, its history and its holds",
          "[store][operation][relabel]") {
    Warehouse house;
    receive_all(house);
    house.operate("place_hold",
                  {{"target", "unit:09506000134352/S-1"}, {"hold_reason", "damaged"}});
    const auto done = house.operate("relabel", with(unit_of("S-1"), "new_serial", "S-1A"));
    CHECK(done.did == "relabelled");
    CHECK(has(trace(house, "S-1"), "\"state\":\"RELABELLED\""));
    CHECK(has(trace(house, "S-1A"), "\"state\":\"RECEIVED\""));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1A")).verdict.code == "ON_HOLD_DAMAGED");
    house.operate("place_hold", {{"target", "unit:09506000134352/S-1"}, {"hold_reason", "recall"}});
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1A")).verdict.code == "RECALLED_LOT");
    CHECK(house.scan(house.unit(Step::receive, dock, "S-1")).verdict.code == "SERIAL_RETIRED");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a unit is not relabelled with a serial that exists, or looks like one that does",
          "[store][operation][relabel]") {
    Warehouse house;
    receive_all(house);
    CHECK(house.operate("relabel", with(unit_of("S-1"), "new_serial", "S-2")).verdict.code ==
          "SERIAL_DUPLICATE");
    CHECK(house.operate("relabel", with(unit_of("S-1"), "new_serial", "s-2")).verdict.code ==
          "SERIAL_NEAR_DUP");
    CHECK(house.operate("relabel", with(unit_of("S-9"), "new_serial", "S-10")).verdict.code ==
          "SERIAL_UNKNOWN");
}

TEST_CASE("a wrong serial is mended until the unit has left, and the real one may still come",
          "[store][operation][relabel]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    house.scan(house.unit(Step::receive, dock, "S-1"));
    CHECK(house.operate("typo_fix", with(unit_of("S-1"), "new_serial", "S-71")).did ==
          "typo_fixed");
    CHECK(has(trace(house, "S-71"), "\"state\":\"RECEIVED\""));
    house.clock().advance_ms(120'000);
    auto label = house.unit(Step::receive, dock, "S-1");
    label.what.lot = *Lot::parse("L-88");
    const auto real = house.scan(label);
    CHECK(real.verdict.code == "SERIAL_NOT_ON_ASN");
    CHECK(real.did == "received");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("expired and recalled goods go back to the vendor under a document of their own",
          "[store][operation][vendor]") {
    Warehouse house;
    receive_all(house);
    hold_lot(house, "recall");
    const auto done = house.operate("return_to_vendor", with(unit_of("S-1"), "document", "RTV-1"));
    CHECK(done.did == "returned_to_vendor");
    const std::string unit = trace(house, "S-1");
    CHECK(has(unit, "\"state\":\"SHIPPED\""));
    CHECK(has(unit, "\"order\":\"RTV-1\",\"customer\":\"V-1\""));
    house.operate("return_to_vendor", with(lot_of("K-1", "4"), "document", "RTV-1"));
    CHECK(has(trace(house, std::string(kale) + "/K-1"), R"("on_site":6,"shipped":4)"));
    CHECK(
        house.operate("return_to_vendor", with(unit_of("S-2"), "document", "SO-1")).verdict.code ==
        "WRONG_DOCUMENT");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a unit is looked for twice before it is missing, and found as what it was",
          "[store][operation][missing]") {
    Warehouse house;
    receive_all(house);
    house.scan(house.unit(Step::putaway, "BIN-7", "S-1"));
    CHECK(house.operate("found", unit_of("S-1")).verdict.code == "BAD_STATE_IN_INVENTORY_RECEIVED");
    CHECK(house.operate("mark_missing", unit_of("S-1")).did == "missed_once");
    CHECK(has(trace(house, "S-1"), "\"state\":\"IN_INVENTORY\""));
    CHECK(house.operate("mark_missing", unit_of("S-1")).did == "missing");
    CHECK(has(trace(house, "S-1"), "\"state\":\"MISSING\""));
    CHECK(house.operate("found", with(unit_of("S-1"), "place", "BIN-9")).did == "found");
    CHECK(has(trace(house, "S-1"), "\"state\":\"IN_INVENTORY\""));
    CHECK(has(trace(house, "S-1"), "\"location\":\"BIN-9\""));
    CHECK(house.operate("mark_missing", unit_of("S-1")).did == "missed_once");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a recall of a lot reaches what was split off it and what it was merged into",
          "[store][operation][lots]") {
    Warehouse house;
    receive_all(house);
    CHECK(house.operate("split_lot", with(lot_of("K-1", "4"), "new_lot", "K-1-B")).did ==
          "lot_split");
    CHECK(house.operate("split_lot", with(lot_of("K-1", "1"), "new_lot", "k-1-b")).verdict.code ==
          "LOT_EXISTS");
    CHECK(has(trace(house, std::string(kale) + "/K-1-B"),
              R"("received":4,"on_site":4,"shipped":0,"gone":0,"difference":0)"));
    house.operate("place_hold", {{"target", "lot:09506000134369/K-1"}, {"hold_reason", "recall"}});
    CHECK(house.scan(house.goods(Step::putaway, "BIN-1", "K-1-B", 1)).verdict.code ==
          "HELD_TO_PICKABLE");
    CHECK(
        house.operate("merge_lots", {{"gtin", kale}, {"lot", "K-1"}, {"into_lot", "K-1-B"}}).did ==
        "lots_merged");
    CHECK(has(trace(house, std::string(kale) + "/K-1"), R"("on_site":0,"shipped":0,"gone":10)"));
    CHECK(has(trace(house, std::string(kale) + "/K-1-B"), R"("received":10,"on_site":10)"));
    CHECK(house.operate("merge_lots", {{"gtin", kale}, {"lot", "K-1-B"}, {"into_lot", "K-1-B"}})
              .verdict.code == "LOT_EXISTS");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a recall takes units out of open picks; a drill changes nothing",
          "[store][operation][recall]") {
    Warehouse house;
    receive_all(house);
    house.scan(house.code(Step::pick, "PICK-1", "SO-1"));
    CHECK(house.scan(house.unit(Step::pick, "PICK-1", "S-1")).did == "picked");
    const Arguments recall{{"target", "lot:09506000134352/L-88"}, {"class", "I"}};
    const auto drill = house.operate("recall", with(recall, "drill", "yes"));
    CHECK(drill.did == "recall_drilled");
    CHECK(has(drill.verdict.told, "4 are in the building, 1 of them allocated or picked"));
    CHECK(has(trace(house, "S-1"), "\"state\":\"PICKED\""));
    CHECK(house.operate("recall", recall).did == "recalled");
    CHECK(has(trace(house, "S-1"), "\"state\":\"IN_INVENTORY\""));
    CHECK(has(house.summary(), "RECALL_APPLIED"));
    CHECK(house.scan(house.unit(Step::pick, "PICK-1", "S-1")).verdict.code == "RECALLED_LOT");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a recall from the cloud takes units out of open picks too",
          "[store][operation][recall]") {
    Warehouse house;
    receive_all(house);
    house.scan(house.code(Step::pick, "PICK-1", "SO-1"));
    house.scan(house.unit(Step::pick, "PICK-1", "S-1"));
    house.send({{"hold",
                 R"({"id":"H-1","reason":"recall",
                     "target":{"kind":"product","gtin":"09506000134352"}})"}},
               "urgent");
    CHECK(has(trace(house, "S-1"), "\"state\":\"IN_INVENTORY\""));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what expired overnight is held once, by itself", "[store][operation][expire]") {
    Warehouse house;
    receive_all(house);
    CHECK(house.operate("expire", {}).verdict.told == "0 lots or units expired and are held.");
    house.clock().set("2027-02-01T00:30:00Z");
    const auto swept = house.operate("expire", {});
    CHECK(swept.did == "expiry_swept");
    CHECK(swept.verdict.told == "1 lots or units expired and are held.");
    CHECK(has(house.summary(), "EXPIRED_IN_STOCK"));
    CHECK(house.operate("expire", {}).verdict.told == "0 lots or units expired and are held.");
    CHECK(house.operate("scrap", unit_of("S-1")).did == "scrapped");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a carton on hold holds what is in it", "[store][operation][hold]") {
    Warehouse house;
    house.furnish();
    house.operate("place_hold",
                  {{"target", "container:095060000000000015"}, {"hold_reason", "damaged"}});
    const auto taken = house.scan(house.unit(Step::receive, dock, "S-1"));
    CHECK(taken.verdict.code == "ON_HOLD_DAMAGED");
    CHECK(taken.did == "received");
}
