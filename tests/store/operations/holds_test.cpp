// Holds that people place and lift.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* bench = "PACK-1";
constexpr const char* lot_l88 = "lot:09506000134352/L-88";

Warehouse& with_s1_received(Warehouse& house) {
    house.furnish();
    house.scan(house.unit(Step::receive, "DOCK-1", "S-1"));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    return house;
}

std::string pack_s1(Warehouse& house) {
    return house.scan(house.unit(Step::pack, bench, "S-1")).verdict.code;
}

bool is_same_after_rebuild(Warehouse& house) {
    return house.rebuild().find("\"ok\":true") != std::string::npos;
}

}  // namespace

TEST_CASE("anybody can hold a lot at once, and a supervisor lifts it by its number",
          "[store][operation][hold]") {
    Warehouse house;
    with_s1_received(house);
    const auto placed =
        house.operate("place_hold", {{"target", lot_l88}, {"hold_reason", "damaged"}});
    CHECK(placed.verdict.accepted());
    CHECK(placed.did == "hold_placed");
    CHECK(pack_s1(house) == "ON_HOLD_DAMAGED");
    const std::string id = "L" + std::to_string(number_of(placed.seq)) + "-0";
    const auto lifted = house.operate("lift_hold", {{"hold", id}});
    CHECK(lifted.did == "hold_lifted");
    CHECK(pack_s1(house).empty());
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a hold placed here and one from the cloud do not lift each other",
          "[store][operation][hold]") {
    Warehouse house;
    with_s1_received(house);
    house.send({{"hold",
                 R"({"id":"H-1","reason":"recall","class":"II",
                     "target":{"kind":"lot","gtin":"09506000134352","lot":"l-88"}})"}},
               "urgent");
    const auto placed = house.operate(
        "place_hold", {{"target", "unit:09506000134352/S-1"}, {"hold_reason", "suspect"}});
    const std::string id = "L" + std::to_string(number_of(placed.seq)) + "-0";
    CHECK(house.operate("lift_hold", {{"hold", "H-1"}}).did == "hold_lifted");
    CHECK(pack_s1(house) == "ON_HOLD_SUSPECT");
    CHECK(house.operate("lift_hold", {{"hold", id}}).did == "hold_lifted");
    CHECK(pack_s1(house).empty());
}

TEST_CASE("what cannot be held or lifted is refused with the reason, and the refusal is recorded",
          "[store][operation][hold]") {
    Warehouse house;
    with_s1_received(house);
    const auto code = [&](const char* kind, auto arguments) {
        return house.operate(kind, std::move(arguments)).verdict.code;
    };
    using Arguments = std::vector<std::pair<std::string, std::string>>;
    const auto head = house.store().progress().head;
    CHECK(code("place_hold",
               Arguments{{"target", "unit:09506000134352/S-99"}, {"hold_reason", "suspect"}}) ==
          "TARGET_UNKNOWN");
    CHECK(code("place_hold", Arguments{{"target", lot_l88}, {"hold_reason", "dislike"}}) ==
          "ARGUMENT_INVALID");
    CHECK(code("place_hold",
               Arguments{{"target", lot_l88}, {"hold_reason", "damaged"}, {"class", "I"}}) ==
          "ARGUMENT_INVALID");
    CHECK(code("place_hold", Arguments{{"target", lot_l88}}) == "ARGUMENT_MISSING");
    CHECK(code("place_hold", Arguments{{"targets", lot_l88}}) == "ARGUMENT_UNKNOWN");
    CHECK(code("lift_hold", Arguments{{"hold", "H-404"}}) == "HOLD_UNKNOWN");
    CHECK(house.store().progress().head == head + 6);
    const Arguments damaged{{"target", lot_l88}, {"hold_reason", "damaged"}};
    const auto placed = house.operate("place_hold", damaged);
    CHECK(code("place_hold", damaged) == "HOLD_ALREADY_PLACED");
    const Arguments the_hold{{"hold", "L" + std::to_string(number_of(placed.seq)) + "-0"}};
    CHECK(code("lift_hold", the_hold).empty());
    CHECK(code("lift_hold", the_hold) == "HOLD_LIFTED_BEFORE");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("an operation needs the badges and the reason of its class", "[store][operation]") {
    Warehouse house;
    with_s1_received(house);
    store::Operation place =
        house.operation("place_hold", {{"target", lot_l88}, {"hold_reason", "damaged"}});
    place.authority = {};
    CHECK(house.ask(place)->verdict.code == "BADGE_REQUIRED");
    store::Operation lift = house.operation("lift_hold", {{"hold", "H-1"}});
    lift.authority.reason.clear();
    CHECK(house.ask(lift)->verdict.code == "REASON_REQUIRED");
}

TEST_CASE("where the site knows its people, an operation is theirs and their PIN's",
          "[store][operation]") {
    Warehouse house;
    with_s1_received(house);
    house.send({{"user", R"({"badge":"A-1","name":"N","roles":["supervisor"]})"},
                {"user", R"({"badge":"A-2","name":"N","roles":["operator"]})"}});
    const auto lift = [&](const char* badge, const char* wrong_pin) {
        store::Operation asked = house.operation("lift_hold", {{"hold", "H-404"}});
        asked.authority.badge = badge;
        asked.authority.second_badge.clear();
        asked.authority.wrong_pin = wrong_pin;
        return house.ask(asked)->verdict.code;
    };
    CHECK(lift("B-7", "") == "BADGE_UNKNOWN");
    CHECK(lift("A-2", "") == "ROLE_TOO_LOW");
    CHECK(lift("A-1", "A-1") == "PIN_WRONG");
    CHECK(lift("A-1", "") == "HOLD_UNKNOWN");
    SECTION("five wrong PINs in a row lock the badge, also for the right one") {
        for (int i = 0; i < 5; ++i) CHECK(lift("A-1", "A-1") == "PIN_WRONG");
        CHECK(lift("A-1", "") == "BADGE_LOCKED");
        house.clock().advance_ms(901'000);
        CHECK(lift("A-1", "") == "HOLD_UNKNOWN");
    }
    SECTION("what anybody may do needs a badge of the site and no PIN") {
        store::Operation place =
            house.operation("place_hold", {{"target", lot_l88}, {"hold_reason", "damaged"}});
        place.authority.second_badge.clear();
        CHECK(house.ask(place)->verdict.code == "BADGE_UNKNOWN");
        place.request_id += "again";
        place.authority.badge = "A-2";
        CHECK(house.ask(place)->verdict.accepted());
    }
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what the gateway does by itself nobody does for it", "[store][operation]") {
    Warehouse house;
    with_s1_received(house);
    store::Operation sweep = house.operation("expire", {});
    sweep.is_housekeeping = false;
    CHECK(house.ask(sweep)->verdict.code == "GATEWAYS_OWN");
    store::Operation disguised =
        house.operation("place_hold", {{"target", lot_l88}, {"hold_reason", "damaged"}});
    disguised.authority.badge = store::gateway_badge;
    CHECK(house.ask(disguised)->verdict.code == "GATEWAYS_OWN");
}

TEST_CASE("the same request for an operation is answered again and done once",
          "[store][operation][replay]") {
    Warehouse house;
    with_s1_received(house);
    const store::Operation place =
        house.operation("place_hold", {{"target", lot_l88}, {"hold_reason", "damaged"}});
    const auto first = *house.ask(place);
    const auto again = *house.ask(place);
    CHECK(again.is_replay);
    CHECK(again.seq == first.seq);
    CHECK(again.did == first.did);
    CHECK(again.verdict.told == first.verdict.told);
    house.restart();
    CHECK(house.ask(place)->is_replay);
    CHECK(house.store().progress().head == number_of(first.seq));
}

TEST_CASE("an operation nobody knows is no event", "[store][operation]") {
    Warehouse house;
    house.furnish();
    const auto head = house.store().progress().head;
    const auto answer = house.ask(house.operation("teleport", {}));
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code() == FaultCode::invalid_input);
    CHECK(house.store().progress().head == head);
}
