// What only the cloud can know and tells the site (rules R-44, R-52, R-53, R-54), suspect goods and
// their 24 hours (R-20), and lots whose books do not add up (R-31).

#include "tests/store/kit/looking.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

std::string card(Warehouse& house, const std::string& kind, const std::string& column = "told") {
    return question(
        house.path(),
        "SELECT " + column + " FROM \"case\" WHERE kind='" + kind + "' AND status='open'");
}

void receive(Warehouse& house, const char* serial) {
    house.scan(house.code(Step::receive, "DOCK-1", "ASN-1"));
    REQUIRE(house.scan(house.unit(Step::receive, "DOCK-1", serial)).did == "received");
}

}  // namespace

TEST_CASE("a serial that another site has too is held here until people have compared",
          "[store][notice]") {
    Warehouse house;
    house.furnish();
    receive(house, "S-1");
    house.send({{"serial_conflict",
                 R"({"id":"X-1","gtin":"09506000134352","serial":"S-1","other_site":"LYON",
                     "other_state":"RECEIVED"})"}},
               "urgent");
    CHECK(holds(card(house, "CROSS_SITE_DUP"), "LYON"));
    CHECK(card(house, "CROSS_SITE_DUP", "who") == "quality");
    house.scan(house.code(Step::pick, "PICK-1", "SO-1"));
    CHECK(house.scan(house.unit(Step::pick, "PICK-1", "S-1")).verdict.code == "ON_HOLD_CONFLICT");

    // Quality decides that this one is the true one: that hold goes, and it moves on.
    store::CaseDecision decision;
    decision.request_id = "d-1";
    decision.case_id = std::stoll(card(house, "CROSS_SITE_DUP", "id"));
    decision.decision = "release";
    decision.actor = "B-7";
    decision.at = house.clock().now();
    REQUIRE(house.ask(std::move(decision)));
    CHECK(house.scan(house.unit(Step::pick, "PICK-1", "S-1")).did == "picked");
    CHECK(holds(house.rebuild(), "\"ok\":true"));
}

TEST_CASE("what was fetched stays with its order when the cloud gave it to another",
          "[store][notice]") {
    Warehouse house;
    house.furnish();
    receive(house, "S-1");
    receive(house, "S-2");
    house.send({{"order",
                 R"({"id":"SO-3","customer":"C-N","lines":[
                     {"line":1,"gtin":"09506000134352","quantity":2,"allocation":"serial"}]})"}});
    house.scan(house.code(Step::pick, "PICK-1", "SO-3"));
    REQUIRE(house.scan(house.unit(Step::pick, "PICK-1", "S-1")).did == "picked");
    const auto give_away = [&](const std::string& serial) {
        house.send({{"allocation_superseded",
                     R"({"order":"SO-3","gtin":"09506000134352","serial":")" + serial +
                         R"(","given_to":"SO-9"})"}});
    };
    give_away("S-1");
    CHECK(holds(card(house, "ALLOC_SUPERSEDED"), "SO-9"));
    CHECK(question(house.path(), "SELECT order_id FROM unit WHERE serial='S-1'") == "SO-3");

    // What was only promised is free, and nobody has to look.
    CHECK(question(house.path(), "SELECT order_id FROM unit WHERE serial='S-2'") == "SO-3");
    give_away("S-2");
    CHECK(question(house.path(), "SELECT order_id FROM unit WHERE serial='S-2'").empty());
    CHECK(question(house.path(), "SELECT count(*) FROM \"case\" WHERE kind='ALLOC_SUPERSEDED'") ==
          "1");
    CHECK(holds(house.rebuild(), "\"ok\":true"));
}

TEST_CASE("an event that the cloud does not take stays, and is a card", "[store][notice]") {
    Warehouse house;
    house.furnish();
    receive(house, "S-1");
    house.send(
        {{"event_rejected",
          R"({"seq":3,"code":"RANGE_FENCED","told":"number 7 is not this site's to give."})"}});
    CHECK(holds(card(house, "SYNC_REJECTED"), "RANGE_FENCED"));
    CHECK(card(house, "SYNC_REJECTED", "subject") == "event:3");
    CHECK(question(house.path(), "SELECT count(*) FROM ledger WHERE seq=3") == "1");
    CHECK(holds(house.queries()->verify_chain().value(), "\"ok\":true"));
}

TEST_CASE("the cloud says of an unmatched return whose it is", "[store][notice]") {
    const char* const answer = GENERATE("foreign", "never_sold");
    Warehouse house;
    house.furnish();
    REQUIRE(house.scan(house.unit(Step::take_back, "BACK-1", "S-99")).verdict.code ==
            "RETURN_NO_OUTBOUND");
    const std::string hold = card(house, "RETURN_NO_OUTBOUND", "hold");
    REQUIRE_FALSE(hold.empty());
    house.send({{"return_answer",
                 R"({"gtin":"09506000134352","serial":"S-99","site":"LYON","state":"SHIPPED",
                     "answer":")" +
                     std::string(answer) + "\"}"}});
    const std::string kind = std::string(answer) == "foreign" ? "RETURN_FOREIGN" : "NEVER_SOLD";
    CHECK(holds(card(house, kind), "LYON"));
    CHECK(card(house, kind, "hold") == hold);
    CHECK(card(house, "RETURN_NO_OUTBOUND").empty());
    CHECK(question(house.path(), "SELECT count(*) FROM hold WHERE lifted_seq IS NULL") == "1");
    CHECK(holds(house.rebuild(), "\"ok\":true"));
}

TEST_CASE("a notice that says too little is a card of its own and stops nothing",
          "[store][notice]") {
    const char* const kind =
        GENERATE("serial_conflict", "allocation_superseded", "event_rejected", "return_answer");
    Warehouse house;
    house.furnish();
    house.send({{kind, R"({"gtin":"09506000134352"})"}, {"party", R"({"id":"C-Z","name":"Z"})"}});
    CHECK_FALSE(card(house, "FEED_UNREADABLE").empty());
    CHECK(question(house.path(), "SELECT name FROM party WHERE id='C-Z'") == "Z");
}

TEST_CASE("suspect goods have to be decided within 24 hours, and it shows when they were not",
          "[store][notice]") {
    Warehouse house;
    house.furnish();
    house.clock().set("2025-03-01T10:00:00Z");
    house.operate("place_hold",
                  {{"target", std::string("lot:") + kale + "/K-1"}, {"hold_reason", "suspect"}});
    CHECK_FALSE(card(house, "SUSPECT_PRODUCT").empty());
    const std::string cases = house.queries()->cases(true).value();
    CHECK(holds(cases, "\"due\":\"2025-03-02T10:00:00"));
    CHECK(holds(cases, "\"overdue\":true"));
    house.clock().set("2125-03-01T10:00:00Z");
    house.operate("place_hold",
                  {{"target", std::string("product:") + kale}, {"hold_reason", "suspect"}});
    CHECK(holds(house.queries()->cases(true).value(), "\"overdue\":false"));
    // Other cards wait as long as it takes.
    CHECK(question(
              house.path(),
              "SELECT count(*) FROM \"case\" WHERE due IS NOT NULL AND kind<>'SUSPECT_PRODUCT'") ==
          "0");
    CHECK(holds(house.rebuild(), "\"ok\":true"));
}

TEST_CASE("a lot whose books do not add up is stopped at its next scan, and no other",
          "[store][notice]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "DOCK-1", "ASN-1"));
    house.scan(house.goods(Step::receive, "DOCK-1", "K-1", 5));
    house.send(
        {{"stock", R"({"gtin":"09506000134369","lot":"K-2","location":"A-01","quantity":"4"})"}});
    house.operate(
        "import_rows",
        {{"import", "i-1"},
         {"kind", "stock"},
         {"rows", "1"},
         {"items", R"([{"gtin":"09506000134369","lot":"K-2","location":"A-01","quantity":"4"}])"}});
    house.stop();
    {
        auto database =
            store::sqlite::Database::open(house.path(), store::sqlite::OpenMode::writer);
        REQUIRE(database);
        (*database)->execute("UPDATE balance SET quantity=3 WHERE lot_key='k-1'");
        REQUIRE_FALSE((*database)->fault());
    }
    house.restart();

    SECTION("at a station") {
        const auto stopped = house.scan(house.goods(Step::putaway, "PUT-1", "K-1", 1));
        CHECK(stopped.verdict.code == "BALANCE_BROKEN");
        CHECK(stopped.verdict.rule == "R-31");
        CHECK(stopped.did.empty());
    }
    SECTION("in an operation") {
        const auto stopped =
            house.operate("scrap", {{"gtin", kale}, {"lot", "K-1"}, {"quantity", "1"}});
        CHECK(stopped.verdict.code == "BALANCE_BROKEN");
    }
    CHECK(question(house.path(), "SELECT target FROM hold WHERE lifted_seq IS NULL") ==
          std::string("lot:") + kale + "/k-1");
    CHECK(house.scan(house.goods(Step::putaway, "PUT-1", "K-1", 1)).verdict.code ==
          "HELD_TO_PICKABLE");
    CHECK(house.scan(house.goods(Step::putaway, "PUT-1", "K-2", 1)).did == "put_away");

    // Quality counts it and lets it go: then it goes.
    store::CaseDecision decision;
    decision.request_id = "d-1";
    decision.case_id = std::stoll(card(house, "BALANCE_BROKEN", "id"));
    decision.decision = "release";
    decision.actor = "B-7";
    decision.at = house.clock().now();
    REQUIRE(house.ask(std::move(decision)));
    CHECK(house.scan(house.goods(Step::putaway, "PUT-1", "K-1", 1)).did == "put_away");
}
