// The returns station: against the document, the order and the customer; graded and routed.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Decision;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";
constexpr const char* bench = "PACK-1";
constexpr const char* returns = "RETURNS";

/// SO-1 (S-1, S-2 and three kale of K-1) packed and shipped to C-N; S-3 and S-4 stay.
void ship_the_order(Warehouse& house) {
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    for (const char* serial : {"S-1", "S-2", "S-3", "S-4"})
        house.scan(house.unit(Step::receive, dock, serial));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    house.scan(house.unit(Step::pack, bench, "S-2"));
    const auto closed = house.scan(house.goods(Step::pack, bench, "K-1", 3));
    REQUIRE(closed.did == "carton_closed");
    const auto shipped =
        house.scan(house.carton(Step::ship, "DOOR-1", print_field(closed, "sscc")));
    REQUIRE(shipped.did == "shipped");
    house.send({{"party", R"({"id":"C-S","name":"Southside","route":"SOUTH"})"},
                {"rma",
                 R"({"id":"RMA-1","customer":"C-N","order":"SO-1","lines":[
                     {"line":1,"gtin":"09506000134352","quantity":2},
                     {"line":2,"gtin":"09506000134369","quantity":3,"lot":"K-1"}]})"},
                {"rma",
                 R"({"id":"RMA-2","customer":"C-S","order":"SO-9","lines":[
                     {"line":1,"gtin":"09506000134352","quantity":2}]})"}});
}

std::vector<std::pair<std::string, std::string>> graded(const char* serial, const char* grade) {
    return {{"gtin", romaine}, {"serial", serial}, {"grade", grade}};
}

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

bool is_same_after_rebuild(Warehouse& house) {
    return house.rebuild().find("\"ok\":true") != std::string::npos;
}

std::string trace(Warehouse& house, const std::string& what) {
    return house.queries()->trace(what).value_or("nothing");
}

}  // namespace

TEST_CASE("a unit comes back from the customer who bought it, and counts on the return",
          "[store][returns]") {
    Warehouse house;
    ship_the_order(house);
    CHECK(house.scan(house.code(Step::take_back, returns, "RMA-1")).did == "document_opened");
    const auto taken = house.scan(house.unit(Step::take_back, returns, "S-1"));
    CHECK(taken.verdict.accepted());
    CHECK(taken.did == "taken_back");
    CHECK(taken.progress == "1 / 5");
    CHECK(has(trace(house, "S-1"), "\"state\":\"RETURNED\""));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what another customer bought is taken into custody and held", "[store][returns]") {
    Warehouse house;
    ship_the_order(house);
    house.scan(house.code(Step::take_back, returns, "RMA-2"));
    const auto taken = house.scan(house.unit(Step::take_back, returns, "S-1"));
    CHECK(taken.verdict.decision == Decision::hold);
    CHECK(taken.verdict.code == "RETURN_WRONG_PARTY");
    CHECK(taken.did == "taken_back");
    house.operate("grade", graded("S-1", "A"));
    CHECK(house.scan(house.unit(Step::putaway, "BIN-1", "S-1")).verdict.code == "HELD_TO_PICKABLE");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what was never sold, or never known, is no stock and no credit", "[store][returns]") {
    Warehouse house;
    ship_the_order(house);
    const auto stolen = house.scan(house.unit(Step::take_back, returns, "S-3"));
    CHECK(stolen.verdict.code == "NEVER_SOLD");
    CHECK(has(trace(house, "S-3"), "\"state\":\"RECEIVED\""));
    CHECK(house.scan(house.unit(Step::putaway, "BIN-1", "S-3")).verdict.code == "HELD_TO_PICKABLE");
    const auto foreign = house.scan(house.unit(Step::take_back, returns, "X-99"));
    CHECK(foreign.verdict.code == "RETURN_NO_OUTBOUND");
    CHECK(foreign.verdict.blocks());
    CHECK_FALSE(has(trace(house, "X-99"), "\"unit\""));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("no more of a lot comes back than is out with the customer", "[store][returns]") {
    Warehouse house;
    ship_the_order(house);
    const auto back = [&](const char* lot, std::int64_t quantity) {
        house.clock().advance_ms(120'000);
        return house.scan(house.goods(Step::take_back, returns, lot, quantity));
    };
    CHECK(back("K-1", 1).verdict.code == "NO_DOCUMENT");
    house.scan(house.code(Step::take_back, returns, "RMA-1"));
    CHECK(back("K-7", 1).verdict.code == "RETURN_LOT_NOT_SHIPPED");
    CHECK(back("K-1", 4).verdict.code == "RETURN_QTY_EXCEEDS");
    CHECK(back("K-1", 2).did == "taken_back");
    CHECK(back("K-1", 2).verdict.code == "RETURN_QTY_EXCEEDS");
    CHECK(back("K-1", 1).did == "taken_back");
    CHECK(has(trace(house, std::string(kale) + "/K-1"),
              R"("received":10,"on_site":10,"shipped":0,"gone":0,"difference":0)"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what came back goes to the rack only when it is graded for it", "[store][returns]") {
    Warehouse house;
    ship_the_order(house);
    CHECK(house.operate("grade", graded("S-1", "A")).verdict.code == "NOT_RETURNED");
    house.scan(house.unit(Step::take_back, returns, "S-1"));
    house.scan(house.unit(Step::take_back, returns, "S-2"));
    const auto put_away = [&](const char* serial) {
        return house.scan(house.unit(Step::putaway, "BIN-1", serial));
    };
    CHECK(put_away("S-1").verdict.code == "RETURN_NOT_GRADED");
    CHECK(house.operate("grade", graded("S-1", "B")).did == "graded");
    CHECK(put_away("S-1").verdict.code == "RETURN_GRADE_REPAIR");
    CHECK(house.operate("refurbish", {{"gtin", romaine}, {"serial", "S-1"}, {"new_serial", "S-1R"}})
              .did == "refurbished");
    CHECK(put_away("S-1R").did == "put_away");
    house.operate("grade", graded("S-2", "A"));
    CHECK(put_away("S-2").did == "put_away");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what came back worthless is written off", "[store][returns]") {
    Warehouse house;
    ship_the_order(house);
    house.scan(house.unit(Step::take_back, returns, "S-1"));
    CHECK(house.operate("grade", graded("S-1", "D")).did == "graded");
    CHECK(house.operate("write_off", {{"gtin", romaine}, {"serial", "S-1"}}).did == "written_off");
    CHECK(house.operate("write_off", {{"gtin", romaine}, {"serial", "S-3"}}).verdict.code ==
          "BAD_STATE_RECEIVED_SCRAPPED");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a returned medicine waits for its verification", "[store][returns]") {
    Warehouse house;
    ship_the_order(house);
    house.send({{"product",
                 R"({"gtin":"09506000134352","name":"Romaine","serial_tracked":true,
                     "lot_tracked":true,"expiry_required":true,"regimes":["rx"]})"}});
    const auto taken = house.scan(house.unit(Step::take_back, returns, "S-1"));
    CHECK(taken.verdict.code == "RETURN_UNVERIFIED");
    CHECK(taken.did == "taken_back");
    house.operate("grade", graded("S-1", "A"));
    CHECK(house.scan(house.unit(Step::putaway, "BIN-1", "S-1")).verdict.code == "HELD_TO_PICKABLE");
}
