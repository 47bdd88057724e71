// A decision about a case does what it says, or nothing is decided.

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

std::int64_t case_of(Warehouse& house, const std::string& kind) {
    const std::string cases = *house.queries()->cases(true);
    INFO(cases);
    const auto at = cases.find("\"kind\":\"" + kind + "\"");
    REQUIRE(at != std::string::npos);
    const auto id = cases.rfind("\"id\":", at);
    REQUIRE(id != std::string::npos);
    return std::stoll(cases.substr(id + 5));
}

Result<store::Outcome> decide(Warehouse& house,
                              std::int64_t id,
                              const std::string& decision,
                              const std::string& actor = "B-7") {
    store::CaseDecision decided;
    decided.case_id = id;
    decided.decision = decision;
    decided.actor = actor;
    decided.reason = "seen";
    decided.at = house.clock().now();
    return house.ask(decided);
}

// A packed carton of SO-1's two romaine and three kale, whose order is then cancelled.
std::string cancelled_carton(Warehouse& house) {
    house.furnish();
    house.scan(house.code(Step::receive, "DOCK-1", "ASN-1"));
    for (const char* serial : {"S-1", "S-2"})
        house.scan(house.unit(Step::receive, "DOCK-1", serial));
    house.scan(house.goods(Step::receive, "DOCK-1", "K-1", 10));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    house.scan(house.unit(Step::pack, bench, "S-2"));
    const std::string sscc =
        print_field(house.scan(house.goods(Step::pack, bench, "K-1", 3)), "sscc");
    house.send({{"order_cancel", R"({"id":"SO-1"})"}});
    REQUIRE(house.scan(house.carton(Step::ship, "DOOR", sscc)).verdict.code == "ORDER_CANCELLED");
    return sscc;
}

}  // namespace

TEST_CASE("unpack, decided about a carton of a cancelled order, opens the carton",
          "[store][case]") {
    Warehouse house;
    const std::string sscc = cancelled_carton(house);
    const auto id = case_of(house, "ORDER_CANCELLED");
    REQUIRE(decide(house, id, "unpack"));
    CHECK(house.scan(house.carton(Step::ship, "DOOR", sscc)).verdict.code == "LABEL_DUP_LIVE");
    CHECK(house.scan(house.unit(Step::putaway, "A-01", "S-1")).did == "put_away");
    CHECK_FALSE(decide(house, id, "unpack"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a decision that cannot be carried out decides nothing", "[store][case]") {
    Warehouse house;
    const std::string sscc = cancelled_carton(house);
    const auto id = case_of(house, "ORDER_CANCELLED");
    REQUIRE(house.operate("unpack", {{"sscc", sscc}}).did == "unpacked");
    const auto decided = decide(house, id, "unpack");
    REQUIRE_FALSE(decided);
    CHECK(decided.error().code() == FaultCode::conflict);
    CHECK(decide(house, id, "handled"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a card shows what each decision does and what it was opened by", "[store][case]") {
    Warehouse house;
    cancelled_carton(house);
    const std::string cases = *house.queries()->cases(true);
    INFO(cases);
    CHECK(cases.find("\"unpack\":\"The carton is opened") != std::string::npos);
    CHECK(cases.find("\"evidence\":{") != std::string::npos);
    CHECK(cases.find("\"findings\":[{\"code\":\"ORDER_CANCELLED\"") != std::string::npos);
}

TEST_CASE("where people are known, a case is decided by those it belongs to", "[store][case]") {
    Warehouse house;
    cancelled_carton(house);
    house.send({{"user", R"({"badge":"A-1","name":"N","roles":["supervisor"]})"},
                {"user", R"({"badge":"A-2","name":"N","roles":["operator"]})"}});
    const auto id = case_of(house, "ORDER_CANCELLED");
    CHECK_FALSE(decide(house, id, "handled", "A-2"));
    CHECK_FALSE(decide(house, id, "handled", "B-7"));
    CHECK(decide(house, id, "handled", "A-1"));
    CHECK(is_same_after_rebuild(house));
}

namespace {

std::string person(const char* badge, const char* role) {
    return std::string(R"({"badge":")") + badge + R"(","name":"N","roles":[")" + role + R"("]})";
}

// A supervisor's case (ORDER_CANCELLED), at a site that knows its people.
std::int64_t case_of_known_people(Warehouse& house) {
    cancelled_carton(house);
    house.send({{"user", person("A-1", "supervisor")}, {"user", person("A-2", "operator")}});
    return case_of(house, "ORDER_CANCELLED");
}

Result<store::Outcome> decide_with_wrong_pin(Warehouse& house, std::int64_t id) {
    store::CaseDecision decided;
    decided.case_id = id;
    decided.decision = "handled";
    decided.actor = "A-1";
    decided.wrong_pin = "A-1";
    decided.at = house.clock().now();
    return house.ask(decided);
}

bool has_open(Warehouse& house, const std::string& kind) {
    return house.queries()->cases(true)->find("\"kind\":\"" + kind + "\"") != std::string::npos;
}

}  // namespace

TEST_CASE("a supervisor's case is decided with the PIN of one", "[store][case][people]") {
    Warehouse house;
    const auto id = case_of_known_people(house);
    CHECK_FALSE(decide(house, id, "handled", "A-2"));
    CHECK_FALSE(decide(house, id, "handled", "NOBODY"));
    const auto refused = decide_with_wrong_pin(house, id);
    REQUIRE(refused);
    CHECK(refused->verdict.code == "PIN_WRONG");
    CHECK(has_open(house, "ORDER_CANCELLED"));
    REQUIRE(decide(house, id, "handled", "A-1"));
    CHECK_FALSE(has_open(house, "ORDER_CANCELLED"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("five wrong PINs at cases lock the badge for cases too", "[store][case][people]") {
    Warehouse house;
    const auto id = case_of_known_people(house);
    for (int i = 0; i < 5; ++i) REQUIRE(decide_with_wrong_pin(house, id));
    CHECK(has_open(house, "BADGE_LOCKED"));
    CHECK_FALSE(decide(house, id, "handled", "A-1"));
    house.clock().advance_ms(15L * 60 * 1000 + 1);
    CHECK(decide(house, id, "handled", "A-1"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a right PIN before the fifth wrong one begins the count anew", "[store][case][people]") {
    Warehouse house;
    const auto id = case_of_known_people(house);
    for (int i = 0; i < 4; ++i) REQUIRE(decide_with_wrong_pin(house, id));
    REQUIRE(decide(house, id, "handled", "A-1"));
    house.scan(house.unit(Step::ship, "DOOR", "S-1"));
    REQUIRE(house.scan(house.code(Step::pack, bench, "SO-1")).verdict.code == "ORDER_CANCELLED");
    const auto next = case_of(house, "ORDER_CANCELLED");
    for (int i = 0; i < 4; ++i) REQUIRE(decide_with_wrong_pin(house, next));
    CHECK_FALSE(has_open(house, "BADGE_LOCKED"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("an answer that was given to a wrong PIN is given again and counts once",
          "[store][case][people]") {
    Warehouse house;
    const auto id = case_of_known_people(house);
    store::CaseDecision decided;
    decided.request_id = "once";
    decided.case_id = id;
    decided.decision = "handled";
    decided.actor = "A-1";
    decided.wrong_pin = "A-1";
    decided.at = house.clock().now();
    for (int i = 0; i < 6; ++i) {
        const auto outcome = house.ask(decided);
        REQUIRE(outcome);
        CHECK(outcome->verdict.code == "PIN_WRONG");
        CHECK(outcome->is_replay == (i > 0));
    }
    CHECK_FALSE(has_open(house, "BADGE_LOCKED"));
}
