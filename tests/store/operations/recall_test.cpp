// What `lotgate recall` answers.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";
constexpr const char* bench = "PACK-1";

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

std::string recall(Warehouse& house, const std::string& what) {
    const auto answer = house.queries()->recall(what);
    return answer ? *answer : answer.error().detail();
}

std::string pack_and_close(Warehouse& house) {
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    house.scan(house.unit(Step::pack, bench, "S-2"));
    const auto closed = house.scan(house.goods(Step::pack, bench, "K-1", 3));
    REQUIRE(closed.did == "carton_closed");
    return print_field(closed, "sscc");
}

void receive_all(Warehouse& house) {
    house.furnish();
    house.send({{"party", R"({"id":"C-N","name":"Northside","route":"NORTH","phone":"555-1"})"}});
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    for (const char* serial : {"S-1", "S-2", "S-3"})
        house.scan(house.unit(Step::receive, dock, serial));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
}

}  // namespace

TEST_CASE("a recall says where the lot is, who has it, where it came from, and that it adds up",
          "[store][recall]") {
    Warehouse house;
    receive_all(house);
    const std::string sscc = pack_and_close(house);
    const std::string packed = recall(house, "lot:09506000134352/L-88");
    CHECK(has(packed, "\"sscc\":\"" + sscc + "\""));
    CHECK(has(packed, R"("announced":[{"asn":"ASN-1","quantity":1}])"));
    house.scan(house.carton(Step::ship, "DOOR-1", sscc));
    const std::string shipped = recall(house, "lot:09506000134352/L-88");
    CHECK(has(shipped, R"("order":"SO-1","quantity":2,"customer":"C-N")"));
    CHECK(has(shipped, R"("phone":"555-1","quantity":2,"orders":1)"));
    CHECK(has(shipped, R"("on_hand":[{"place":"DOCK-1","state":"RECEIVED","quantity":1}])"));
    CHECK(has(shipped, R"("asn":"ASN-1","units":3,"supplier":"V-1")"));
    CHECK(has(shipped, R"("in":3,"on_hand":1,"shipped":2,"gone":0)"));
    CHECK(has(shipped, R"("difference":0)"));
    CHECK(has(recall(house, "nothing"), "nothing here has that name"));
}

TEST_CASE("a recall follows relabelled units and split lots, and loops end", "[store][recall]") {
    Warehouse house;
    receive_all(house);
    house.operate("relabel", {{"gtin", romaine}, {"serial", "S-1"}, {"new_serial", "S-1A"}});
    house.operate("split_lot",
                  {{"gtin", kale}, {"lot", "K-1"}, {"quantity", "4"}, {"new_lot", "K-2"}});
    house.operate("merge_lots", {{"gtin", kale}, {"lot", "K-2"}, {"into_lot", "K-1"}});
    const std::string lot = recall(house, std::string(kale) + "/K-1");
    CHECK(has(lot, R"("made_into":["lot:09506000134369/k-2"])"));
    CHECK(has(lot, R"("difference":0)"));
    const std::string unit = recall(house, std::string(romaine) + "/S-1");
    CHECK(has(unit, R"("made_into":["unit:09506000134352/S-1A"])"));
    CHECK(has(unit, R"("on_hand":[{"place":"DOCK-1","state":"RECEIVED","quantity":1}])"));
}

TEST_CASE("what left between the recall's decision and its arrival is listed", "[store][recall]") {
    Warehouse house;
    receive_all(house);
    const std::string sscc = pack_and_close(house);
    house.clock().set("2026-11-22T10:00:00Z");
    house.scan(house.carton(Step::ship, "DOOR-1", sscc));
    house.clock().set("2026-11-22T11:00:00Z");
    house.send({{"hold",
                 R"({"id":"H-1","reason":"recall","class":"I","effective_at":"2026-11-22T09:00:00Z",
                     "target":{"kind":"lot","gtin":"09506000134352","lot":"L-88"}})"}},
               "urgent");
    const std::string answer = recall(house, "hold:H-1");
    CHECK(has(answer, R"("effective_at":"2026-11-22T09:00:00.000000Z")"));
    const auto late = answer.find("\"shipped_after_recall\":[{");
    REQUIRE(late != std::string::npos);
    CHECK(has(answer.substr(late), R"("hold":"H-1")"));
}

TEST_CASE("what left before the recall was decided is not called late (control)",
          "[store][recall]") {
    Warehouse house;
    receive_all(house);
    house.scan(house.carton(Step::ship, "DOOR-1", pack_and_close(house)));
    house.clock().set("2026-11-22T11:00:00Z");
    house.send({{"hold",
                 R"({"id":"H-1","reason":"recall","effective_at":"2026-11-22T09:00:00Z",
                     "target":{"kind":"lot","gtin":"09506000134352","lot":"L-88"}})"}},
               "urgent");
    CHECK(has(recall(house, "hold:H-1"), R"("shipped_after_recall":[])"));
}

TEST_CASE("why says which rules were asked and what each said, and who did an operation",
          "[store][why]") {
    Warehouse house;
    receive_all(house);
    house.operate("place_hold",
                  {{"target", "lot:09506000134352/L-88"}, {"hold_reason", "damaged"}});
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    house.stop();
    const std::string why = house.queries()->why(std::string(romaine) + "/S-1").value_or("");
    CHECK(has(
        why,
        R"("rule":"R-18","phase":"hold","name":"nothing_is_on_hold","said":"reject ON_HOLD_DAMAGED")"));
    CHECK(has(why, R"("name":"unit_is_not_packed","said":"nothing against it")"));
    CHECK(has(why, R"("clock":"synced")"));
    const std::string hold = house.queries()->why("lot:09506000134352/l-88").value_or("");
    CHECK(has(hold, R"("operation":{"id":"place_hold","rule":"R-18")"));
    CHECK(has(hold, R"("badge":"B-7")"));
}
