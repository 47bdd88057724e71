// People overrule a refusal: with a PIN, or with badge and reason scanned at the station. What is
// recorded, what is opened, what is locked.

#include "store/model/secret_hash.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Decision;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";

std::string user(const char* badge, const char* role, bool badge_is_enough = true) {
    return std::string(R"({"badge":")") + badge + R"(","name":"N","roles":[")" + role +
           R"("],"badge_is_enough":)" + (badge_is_enough ? "true}" : "false}");
}

// S-1 is received; "S1" is then refused as probably the same.
void receive_twin(Warehouse& house) {
    house.furnish();
    house.send({{"user", user("A-1", "supervisor")},
                {"user", user("A-2", "operator")},
                {"user", user("A-3", "supervisor", false)}});
    house.send(
        {{"asn",
          R"({"id":"ASN-W","supplier":"V-1","lines":[{"line":1,"gtin":"09506000134376","quantity":9}]})"}});
    house.scan(house.code(Step::receive, dock, "ASN-W"));
    house.scan(house.unit(Step::receive, dock, "S-1", widget));
    REQUIRE(house.scan(house.unit(Step::receive, dock, "S1", widget)).verdict.code ==
            "SERIAL_NEAR_DUP");
}

rules::Attempt overruled(rules::Attempt attempt, const char* badge, const char* reason) {
    rules::Authority authority;
    authority.badge = badge;
    authority.reason = reason;
    attempt.authority = authority;
    return attempt;
}

bool is_same_after_rebuild(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    return answer.find("\"ok\":true") != std::string::npos;
}

std::string cases(Warehouse& house) {
    return *house.queries()->cases(true);
}

}  // namespace

TEST_CASE("a supervisor lets a serial pass, and the cloud gets a case", "[store][override]") {
    Warehouse house;
    receive_twin(house);
    auto attempt = overruled(house.unit(Step::receive, dock, "S1", widget), "A-1", "checked");
    const auto taken = house.scan(attempt);
    CHECK(taken.verdict.decision == Decision::warn);
    CHECK(taken.verdict.code == "SERIAL_NEAR_DUP");
    CHECK(taken.verdict.overruled == "divert");
    CHECK(taken.did == "received");
    CHECK(cases(house).find("OVERRIDE_SERIAL_NEAR_DUP") != std::string::npos);
    const std::string why = *house.queries()->why("#" + std::to_string(number_of(taken.seq)));
    CHECK(why.find("A-1") != std::string::npos);
    CHECK(house.scan(attempt).is_replay);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("an operator alone overrules nothing that wants a supervisor", "[store][override]") {
    Warehouse house;
    receive_twin(house);
    const auto scan = [&](const char* badge, const char* reason) {
        return house.scan(overruled(house.unit(Step::receive, dock, "S1", widget), badge, reason))
            .verdict;
    };
    CHECK(scan("A-2", "checked").code == "SERIAL_NEAR_DUP");
    CHECK(scan("A-2", "checked").decision == Decision::divert);
    CHECK(scan("A-1", "").decision == Decision::divert);
    CHECK(scan("A-9", "checked").code == "BADGE_UNKNOWN");
}

TEST_CASE("somebody who left overrules nothing, though the gateway has no network",
          "[store][override]") {
    Warehouse house;
    receive_twin(house);
    house.send({{"user", R"({"badge":"A-1","active":false})"}});
    house.restart();
    const auto refused =
        house.scan(overruled(house.unit(Step::receive, dock, "S1", widget), "A-1", "checked"));
    CHECK(refused.verdict.code == "BADGE_UNKNOWN");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("badge, reason and the goods again, scanned at one station, overrule",
          "[store][override]") {
    Warehouse house;
    receive_twin(house);
    CHECK(house.scan(house.code(Step::receive, dock, "LG:REASON:checked")).verdict.code ==
          "BADGE_FIRST");
    CHECK(house.scan(house.code(Step::receive, dock, "LG:BADGE:A-1")).did == "badge_shown");
    CHECK(house.scan(house.code(Step::receive, dock, "LG:REASON:checked")).did == "reason_given");
    // Another station knows nothing of it.
    CHECK(house.scan(house.unit(Step::receive, "DOCK-2", "S1", widget)).verdict.overruled.empty());
    CHECK(house.scan(house.unit(Step::receive, dock, "S1", widget)).verdict.overruled == "divert");
    // It stood for one read.
    CHECK(house.scan(house.unit(Step::receive, dock, "S2", widget)).verdict.decision !=
          Decision::warn);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a badge that was scanned a minute ago is forgotten", "[store][override]") {
    Warehouse house;
    receive_twin(house);
    house.scan(house.code(Step::receive, dock, "LG:BADGE:A-1"));
    house.scan(house.code(Step::receive, dock, "LG:REASON:checked"));
    house.clock().advance_ms(60'001);
    CHECK(house.scan(house.unit(Step::receive, dock, "S1", widget)).verdict.decision ==
          Decision::divert);
}

TEST_CASE("a badge that is not enough by itself is not taken from a scanner", "[store][override]") {
    Warehouse house;
    receive_twin(house);
    CHECK(house.scan(house.code(Step::receive, dock, "LG:BADGE:A-3")).verdict.code ==
          "BADGE_NEEDS_PIN");
}

TEST_CASE("five wrong PINs in a row lock a badge for a quarter of an hour", "[store][override]") {
    Warehouse house;
    receive_twin(house);
    const auto scan = [&](bool is_wrong) {
        auto attempt = overruled(house.unit(Step::receive, dock, "S1", widget), "A-3", "checked");
        if (is_wrong) attempt.authority->wrong_pin = "A-3";
        return house.scan(attempt).verdict;
    };
    for (int i = 0; i < 4; ++i) CHECK(scan(true).code == "PIN_WRONG");
    SECTION("a right one in between begins the count anew") {
        CHECK(scan(false).overruled == "divert");
        auto again = house.unit(Step::receive, dock, "S3", widget);
        again = overruled(again, "A-3", "checked");
        again.authority->wrong_pin = "A-3";
        CHECK(house.scan(again).verdict.code == "PIN_WRONG");
        CHECK(cases(house).find("BADGE_LOCKED") == std::string::npos);
    }
    SECTION("the fifth locks it, also for the right PIN, and after a restart") {
        CHECK(scan(true).code == "PIN_WRONG");
        CHECK(cases(house).find("BADGE_LOCKED") != std::string::npos);
        house.restart();
        CHECK(scan(false).code == "BADGE_LOCKED");
        house.clock().advance_ms(899'000);
        CHECK(scan(false).code == "BADGE_LOCKED");
        house.clock().advance_ms(2'000);
        CHECK(scan(false).overruled == "divert");
    }
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what leaves expired wants two different people", "[store][override]") {
    Warehouse house;
    receive_twin(house);
    house.scan(house.unit(Step::receive, "DOCK-9", "S-1"));
    house.scan(house.code(Step::pack, "PACK-1", "SO-1"));
    house.clock().set("2027-02-15T08:00:00Z");
    const auto scan = [&](const char* second) {
        auto attempt = overruled(house.unit(Step::pack, "PACK-1", "S-1"), "A-1", "quality_release");
        attempt.authority->second_badge = second;
        return house.scan(attempt).verdict;
    };
    CHECK(scan("").decision == Decision::reject);
    CHECK(scan("A-1").code == "SAME_PERSON_TWICE");
    CHECK(scan("A-2").overruled == "reject");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("the PIN of a user of the feed is checked from the cached hash", "[store][override]") {
    Warehouse house;
    const std::string hash = *hash_secret("4711");
    house.send(
        {{"user", R"({"badge":"A-1","name":"N","roles":["supervisor"],"pin":")" + hash + "\"}"}});
    CHECK(*house.queries()->is_pin("A-1", "4711"));
    CHECK_FALSE(*house.queries()->is_pin("A-1", "4712"));
    CHECK_FALSE(*house.queries()->is_pin("A-2", "4711"));
    house.send({{"user", R"({"badge":"A-4","roles":["king"]})"},
                {"user", R"({"badge":"A-5","roles":[],"pin":"4711"})"}});
    CHECK(cases(house).find("FEED_UNREADABLE") != std::string::npos);
    CHECK(is_same_after_rebuild(house));
}
