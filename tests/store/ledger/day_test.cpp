// One carton's way through the house, from the announced pallet to the loaded truck.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Decision;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";
constexpr const char* bench = "PACK-1";
constexpr const char* sorter = "SORT-1";
constexpr const char* door = "DOOR-1";

std::string packed_carton(Warehouse& house) {
    for (const char* serial : {"S-1", "S-2", "S-3"})
        house.scan(house.unit(Step::receive, dock, serial));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    house.scan(house.unit(Step::pack, bench, "S-2"));
    const auto closed = house.scan(house.goods(Step::pack, bench, "k-1", 3));
    return print_field(closed, "sscc");
}

}  // namespace

TEST_CASE("a pallet label opens its delivery and the goods are counted in", "[store][receive]") {
    Warehouse house;
    house.furnish();
    const auto opened = house.scan(house.carton(Step::receive, dock, "095060000000000015"));
    CHECK(opened.verdict.accepted());
    CHECK(opened.did == "document_opened");
    CHECK(opened.document == "ASN-1");
    CHECK(opened.progress == "0 / 14");

    const auto first = house.scan(house.unit(Step::receive, dock, "S-1"));
    CHECK(first.verdict.code == "");
    CHECK(first.did == "received");
    CHECK(first.progress == "1 / 14");
    const auto bulk = house.scan(house.goods(Step::receive, dock, "K-1", 10));
    CHECK(bulk.verdict.code == "");
    CHECK(bulk.progress == "11 / 14");
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
}

TEST_CASE("an announced serial opens its delivery by itself", "[store][receive]") {
    Warehouse house;
    house.furnish();
    CHECK(house.scan(house.unit(Step::receive, dock, "W-1", widget)).verdict.code == "NO_DOCUMENT");
    const auto found = house.scan(house.unit(Step::receive, dock, "S-2"));
    CHECK(found.verdict.accepted());
    CHECK(found.document == "ASN-1");
    const auto extra = house.scan(house.unit(Step::receive, dock, "S-9"));
    CHECK(extra.verdict.code == "LOT_REQUIRED");
}

TEST_CASE("a second unit with a known serial is refused and both wait for a decision",
          "[store][receive]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    const auto second = house.scan(house.unit(Step::receive, "DOCK-2", "S-1"));
    CHECK(second.verdict.decision == Decision::divert);
    CHECK(second.verdict.code == "SERIAL_DUPLICATE");
    house.scan(house.code(Step::pack, bench, "SO-1"));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).verdict.code == "ON_HOLD_CONFLICT");
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
}

TEST_CASE("the same unit read twice at one door is one unit", "[store][receive][N-13]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    const auto again = house.scan(house.unit(Step::receive, dock, "S-1"));
    CHECK(again.verdict.accepted());
    CHECK(again.verdict.code == "REREAD");
    CHECK(again.did == "received");
    CHECK(again.progress == "1 / 14");
    CHECK(house.summary().find("\"received\":1") != std::string::npos);
    CHECK(house.scan(house.unit(Step::receive, dock, "S-1")).verdict.code == "REREAD");

    SECTION("unless another was read in between") {
        house.scan(house.unit(Step::receive, dock, "S-2"));
        CHECK(house.scan(house.unit(Step::receive, dock, "S-1")).verdict.code ==
              "SERIAL_DUPLICATE");
    }
    SECTION("unless a minute has passed") {
        house.clock().advance_ms(60'001);
        CHECK(house.scan(house.unit(Step::receive, dock, "S-1")).verdict.code ==
              "SERIAL_DUPLICATE");
    }
    SECTION("and counted goods are never one") {
        house.scan(house.goods(Step::receive, dock, "K-1", 1));
        CHECK(house.scan(house.goods(Step::receive, dock, "K-1", 1)).progress == "3 / 14");
    }
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
}

TEST_CASE("the last unit of an order closes the carton and asks for its label", "[store][pack]") {
    Warehouse house;
    house.furnish();
    for (const char* serial : {"S-1", "S-2", "S-3"})
        house.scan(house.unit(Step::receive, dock, serial));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).verdict.code == "NO_DOCUMENT");
    CHECK(house.scan(house.code(Step::pack, bench, "SO-1")).progress == "0 / 5");
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).progress == "1 / 5");
    const auto again = house.scan(house.unit(Step::pack, bench, "S-1"));
    CHECK(again.verdict.code == "REREAD");
    CHECK(again.verdict.decision == Decision::warn);
    CHECK(house.scan(house.unit(Step::pack, bench, "S-2")).did == "packed");
    CHECK(house.scan(house.unit(Step::pack, bench, "S-3")).verdict.code == "PACK_EXTRA");
    const auto closed = house.scan(house.goods(Step::pack, bench, "K-1", 3));
    CHECK(closed.verdict.code == "");
    CHECK(closed.did == "carton_closed");
    REQUIRE(closed.effects.size() == 1);
    CHECK(print_field(closed, "sscc") == "095060000000001005");
    CHECK(print_field(closed, "customer") == "Northside");
    CHECK(print_field(closed, "route") == "NORTH");
    CHECK(print_field(closed, "count") == "5");
    const auto verified = house.scan(house.carton(Step::pack, bench, "095060000000001005"));
    CHECK(verified.did == "label_verified");
    CHECK(house.scan(house.carton(Step::pack, "PACK-2", "095060000000001005")).verdict.code ==
          "LABEL_VERIFY_FAIL");
    CHECK(house.queries()->open_effects()->empty());
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
}

TEST_CASE("a packed carton takes the lane of its route and leaves once", "[store][divert][ship]") {
    Warehouse house;
    house.furnish();
    const std::string sscc = packed_carton(house);
    REQUIRE(sscc.size() == 18);
    const auto routed = house.scan(house.carton(Step::divert, sorter, sscc));
    REQUIRE(routed.effects.size() == 1);
    CHECK(std::get<store::DivertRequest>(routed.effects[0].request).lane == 1);
    CHECK(routed.verdict.accepted());
    CHECK(house.scan(house.carton(Step::ship, door, sscc)).did == "shipped");
    const auto reread = house.scan(house.carton(Step::ship, door, sscc));
    CHECK(reread.verdict.accepted());
    CHECK(reread.verdict.code == "REREAD");
    CHECK(house.scan(house.carton(Step::ship, "DOOR-2", sscc)).verdict.code == "DOUBLE_SHIP");
    const auto again = house.scan(house.carton(Step::divert, sorter, sscc));
    CHECK(std::get<store::DivertRequest>(again.effects.at(0).request).lane == 9);
    CHECK(std::get<store::DivertRequest>(again.effects.at(0).request).reason == 10);
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
    CHECK(house.queries()->verify_chain()->find("\"ok\":true") != std::string::npos);
}

TEST_CASE("a recall stops the next carton that holds the lot", "[store][hold][divert]") {
    Warehouse house;
    house.furnish();
    const std::string sscc = packed_carton(house);
    house.send(
        {{"hold",
          R"({"id":"H-1","reason":"recall","class":"II","target":{"kind":"lot","gtin":"09506000134352","lot":"l-88"},"placed_by":"qa"})"}},
        "urgent");
    const auto stopped = house.scan(house.carton(Step::divert, sorter, sscc));
    CHECK(stopped.verdict.code == "RECALLED_LOT");
    CHECK(std::get<store::DivertRequest>(stopped.effects.at(0).request).lane == 9);
    CHECK(std::get<store::DivertRequest>(stopped.effects.at(0).request).reason == 6);
    CHECK(house.scan(house.carton(Step::ship, door, sscc)).verdict.code == "RECALLED_LOT");
    house.send({{"hold_lift", R"({"id":"H-1"})"}}, "urgent");
    CHECK(house.scan(house.carton(Step::ship, door, sscc)).did == "shipped");
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
}
