// Counting a place: opened, scanned, closed.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";
constexpr const char* counter = "OFFICE";  ///< the station operations of the kit come from

void fill_the_bins(Warehouse& house) {
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    for (const char* serial : {"S-1", "S-2", "S-3"}) {
        house.scan(house.unit(Step::receive, dock, serial));
        house.scan(
            house.unit(Step::putaway, serial == std::string("S-3") ? "BIN-2" : "BIN-1", serial));
    }
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
    house.scan(house.goods(Step::putaway, "BIN-1", "K-1", 10));
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

const std::vector<std::pair<std::string, std::string>> bin_1{{"place", "BIN-1"}};

}  // namespace

TEST_CASE("what a count does not find is missing after the second count", "[store][count]") {
    Warehouse house;
    fill_the_bins(house);
    for (const char* state : {"IN_INVENTORY", "MISSING"}) {
        const auto opened = house.operate("count_open", bin_1);
        CHECK(opened.did == "count_opened");
        house.clock().advance_ms(120'000);
        CHECK(house.scan(house.unit(Step::count, counter, "S-1")).did == "counted");
        CHECK(house.scan(house.goods(Step::count, counter, "K-1", 10)).did == "counted");
        CHECK(house.operate("count_close", bin_1).did == "count_closed");
        CHECK(has(trace(house, "S-2"), std::string("\"state\":\"") + state));
    }
    CHECK(has(trace(house, "S-1"), "\"state\":\"IN_INVENTORY\""));
    CHECK(has(house.summary(), "COUNT_MISSING"));
    CHECK_FALSE(has(house.summary(), "COUNT_DIFFERS"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what a count finds from elsewhere is booked where it stands", "[store][count]") {
    Warehouse house;
    fill_the_bins(house);
    house.operate("count_open", bin_1);
    const auto counted = house.scan(house.unit(Step::count, counter, "S-3"));
    CHECK(counted.verdict.code == "COUNT_ELSEWHERE");
    CHECK(has(trace(house, "S-3"), "\"location\":\"BIN-1\""));
    CHECK(house.scan(house.unit(Step::count, counter, "S-99")).verdict.code == "COUNT_UNEXPECTED");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("counted goods that differ are a card, and the books follow only a person",
          "[store][count]") {
    Warehouse house;
    fill_the_bins(house);
    house.operate("count_open", bin_1);
    house.scan(house.goods(Step::count, counter, "K-1", 4));
    house.clock().advance_ms(120'000);
    CHECK(house.scan(house.goods(Step::count, counter, "K-1", 3)).progress == "7");
    house.operate("count_close", bin_1);
    CHECK(has(house.summary(), "COUNT_DIFFERS"));
    CHECK(has(trace(house, std::string(kale) + "/K-1"), R"("on_site":10)"));
    const auto adjusted = house.operate(
        "adjust", {{"place", "BIN-1"}, {"gtin", kale}, {"lot", "K-1"}, {"quantity", "7"}});
    CHECK(adjusted.did == "adjusted");
    CHECK(has(trace(house, std::string(kale) + "/K-1"),
              R"("received":10,"on_site":7,"shipped":0,"gone":3,"difference":0)"));
    house.operate("adjust",
                  {{"place", "BIN-1"}, {"gtin", kale}, {"lot", "K-1"}, {"quantity", "9"}});
    CHECK(has(trace(house, std::string(kale) + "/K-1"), R"("on_site":9)"));
    CHECK(house
              .operate("adjust",
                       {{"place", "BIN-1"}, {"gtin", kale}, {"lot", "K-1"}, {"quantity", "9"}})
              .verdict.code == "COUNT_AGREES");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a place is counted once at a time", "[store][count]") {
    Warehouse house;
    fill_the_bins(house);
    CHECK(house.operate("count_close", bin_1).verdict.code == "COUNT_NOT_OPEN");
    house.operate("count_open", bin_1);
    CHECK(house.operate("count_open", bin_1).verdict.code == "COUNT_OPEN");
}

TEST_CASE("held goods are moved, but not to where goods are picked from", "[store][operation]") {
    Warehouse house;
    fill_the_bins(house);
    house.send(
        {{"location", R"({"id":"BIN-9","kind":"bin","pickable":true})"},
         {"location", R"({"id":"CAGE-1","kind":"cage","pickable":false,"quarantine":true})"}});
    house.operate("place_hold",
                  {{"target", "lot:09506000134352/L-88"}, {"hold_reason", "quarantine"}});
    const auto move = [&](const char* place) {
        return house.operate("move", {{"gtin", romaine}, {"serial", "S-1"}, {"place", place}});
    };
    CHECK(move("BIN-9").verdict.code == "HELD_TO_PICKABLE");
    CHECK(move("CAGE-1").did == "moved");
    CHECK(has(trace(house, "S-1"), "\"location\":\"CAGE-1\""));
    CHECK(is_same_after_rebuild(house));
}
