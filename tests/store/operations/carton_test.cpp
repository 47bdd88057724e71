// Cartons and carts, backwards: unpick, unpack, un-ship, and promises that are given back.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";
constexpr const char* bench = "PACK-1";

bool is_same_after_rebuild(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    return answer.find("\"ok\":true") != std::string::npos;
}

// SO-1 (two romaine, three kale) is packed into one carton; its number.
std::string pack_order(Warehouse& house) {
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    for (const char* serial : {"S-1", "S-2"}) house.scan(house.unit(Step::receive, dock, serial));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    house.scan(house.unit(Step::pack, bench, "S-2"));
    const auto closed = house.scan(house.goods(Step::pack, bench, "K-1", 3));
    REQUIRE(closed.did == "carton_closed");
    return print_field(closed, "sscc");
}

std::string load(Warehouse& house, const std::string& sscc) {
    const auto loaded = house.scan(house.carton(Step::ship, "DOOR", sscc));
    return loaded.did.empty() ? loaded.verdict.code : loaded.did;
}

}  // namespace

TEST_CASE("a carton that is unpacked has no label, and its goods are packed again",
          "[store][operation][unpack]") {
    Warehouse house;
    const std::string sscc = pack_order(house);
    const auto opened = house.operate("unpack", {{"sscc", sscc}});
    CHECK(opened.did == "unpacked");
    CHECK(load(house, sscc) == "LABEL_DUP_LIVE");
    CHECK(is_same_after_rebuild(house));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).did == "packed");
    CHECK(house.scan(house.unit(Step::pack, bench, "S-2")).did == "packed");
    const auto again = house.scan(house.goods(Step::pack, bench, "K-1", 3));
    CHECK(again.did == "carton_closed");
    CHECK(print_field(again, "sscc") != sscc);
    CHECK(load(house, print_field(again, "sscc")) == "shipped");
    CHECK(house.operate("unpack", {{"sscc", print_field(again, "sscc")}}).verdict.code ==
          "NOT_PACKED");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a carton that has not left the yard comes back, units and counted goods alike",
          "[store][operation][unship]") {
    Warehouse house;
    const std::string sscc = pack_order(house);
    CHECK(house.operate("unship", {{"sscc", sscc}, {"where", "yard"}}).verdict.code ==
          "NOT_SHIPPED");
    REQUIRE(load(house, sscc) == "shipped");
    CHECK(house.scan(house.carton(Step::ship, "DOOR-2", sscc)).verdict.code == "DOUBLE_SHIP");
    CHECK(house.operate("unship", {{"sscc", sscc}, {"where", "moon"}}).verdict.code ==
          "ARGUMENT_INVALID");
    CHECK(house.operate("unship", {{"sscc", sscc}, {"where", "yard"}}).did == "unshipped");
    CHECK(is_same_after_rebuild(house));
    CHECK(load(house, sscc) == "shipped");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("un-ship wants two people", "[store][operation][unship]") {
    Warehouse house;
    const std::string sscc = pack_order(house);
    REQUIRE(load(house, sscc) == "shipped");
    auto alone = house.operation("unship", {{"sscc", sscc}, {"where", "yard"}});
    alone.authority.second_badge.clear();
    const auto refused = house.ask(alone);
    REQUIRE(refused);
    CHECK(refused->verdict.code == "SECOND_BADGE_REQUIRED");
}

TEST_CASE("what was picked goes back into a bin and is anybody's", "[store][operation][unpick]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
    house.scan(house.code(Step::pick, "PICK-1", "SO-1"));
    REQUIRE(house.scan(house.unit(Step::pick, "PICK-1", "S-1")).did == "picked");
    REQUIRE(house.scan(house.goods(Step::pick, "PICK-1", "K-1", 3)).did == "picked");
    const auto unpick = [&](std::vector<std::pair<std::string, std::string>> arguments) {
        const auto done = house.operate("unpick", std::move(arguments));
        return done.did.empty() ? done.verdict.code : done.did;
    };
    CHECK(unpick({{"gtin", romaine}, {"serial", "S-1"}, {"place", "A-01"}}) == "unpicked");
    CHECK(unpick({{"gtin", romaine}, {"serial", "S-1"}, {"place", "A-01"}}) ==
          "BAD_STATE_IN_INVENTORY_IN_INVENTORY");
    const std::vector<std::pair<std::string, std::string>> kale_back{
        {"gtin", kale}, {"document", "SO-1"}, {"lot", "K-1"}, {"place", "B-01"}};
    auto four = kale_back;
    four.emplace_back("quantity", "4");
    auto three = kale_back;
    three.emplace_back("quantity", "3");
    CHECK(unpick(four) == "LOT_NEGATIVE");
    CHECK(unpick(three) == "unpicked");
    CHECK(unpick(kale_back) == "LOT_NEGATIVE");
    CHECK(unpick({{"gtin", kale}, {"place", "B-01"}}) == "ARGUMENT_MISSING");
    house.scan(house.code(Step::pack, bench, "SO-1"));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).did == "packed");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a promise that is given back is free for the next order",
          "[store][operation][allocation]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.unit(Step::putaway, "A-01", "S-1"));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
    house.send({{"order",
                 R"({"id":"SO-P","customer":"C-N","lines":[
              {"line":1,"gtin":"09506000134352","quantity":1,"allocation":"serial"},
              {"line":2,"gtin":"09506000134369","quantity":10,"allocation":"lot"}]})"},
                {"order",
                 R"({"id":"SO-R","customer":"C-N","lines":[
              {"line":1,"gtin":"09506000134369","quantity":1,"allocation":"lot"}]})"}});
    house.scan(house.code(Step::pick, "PICK-1", "SO-P"));
    CHECK(house.scan(house.code(Step::pick, "PICK-2", "SO-R")).verdict.code ==
          "INSUFFICIENT_ELIGIBLE");
    CHECK(house.operate("cancel_allocation", {{"document", "SO-P"}}).did == "allocation_cancelled");
    CHECK(house.operate("cancel_allocation", {{"document", "SO-P"}}).verdict.code ==
          "NOTHING_PROMISED");
    CHECK(house.operate("cancel_allocation", {{"document", "SO-X"}}).verdict.code ==
          "DOCUMENT_UNKNOWN");
    CHECK(house.scan(house.code(Step::pick, "PICK-2", "SO-R")).verdict.code.empty());
    CHECK(is_same_after_rebuild(house));
}
