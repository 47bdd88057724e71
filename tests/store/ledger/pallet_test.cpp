// Pallets: built of what was packed or received, taken apart, moved, loaded, taken back and counted
// by one scan of their number.

#include "tests/store/kit/looking.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

const std::string pallet_1 = "395060000000000016";
const std::string pallet_2 = "395060000000000023";

class Floor {
public:
    Floor() {
        house.furnish();
        house.policy().rotation.clear();
        receive_romaine_and_kale(house);
    }

    /// Packs the order of these serials and so much kale; the carton's number.
    std::string packed(const std::string& order,
                       const std::vector<std::string>& serials,
                       std::int64_t kales = 0) {
        std::string lines;
        if (!serials.empty())
            lines = R"({"line":1,"gtin":"09506000134352","quantity":)" +
                    std::to_string(serials.size()) + "}";
        if (kales > 0)
            lines += std::string(lines.empty() ? "" : ",") +
                     R"({"line":2,"gtin":"09506000134369","quantity":)" + std::to_string(kales) +
                     "}";
        house.send(
            {{"order", R"({"id":")" + order + R"(","customer":"C-N","lines":[)" + lines + "]}"}});
        house.scan(house.code(Step::pack, "PACK-1", order));
        store::Outcome last;
        for (const std::string& serial : serials)
            last = house.scan(house.unit(Step::pack, "PACK-1", serial));
        if (kales > 0) last = house.scan(house.goods(Step::pack, "PACK-1", "K-1", kales));
        const std::string sscc = print_field(last, "sscc");
        REQUIRE(sscc.size() == 18);
        return sscc;
    }

    std::string done(rules::Attempt attempt) {
        const store::Outcome outcome = house.scan(std::move(attempt));
        INFO(outcome.verdict.code << " " << outcome.verdict.told);
        CHECK_FALSE(outcome.verdict.blocks());
        return outcome.did;
    }

    store::Outcome onto(const std::string& sscc) {
        return house.scan(house.carton(Step::palletise, "PAL-1", sscc));
    }

    /// Two cartons, of SO-7 and SO-8, stand on the closed pallet.
    void build() {
        cartons = {packed("SO-7", {"S-1", "S-2"}, 3), packed("SO-8", {"S-3"})};
        REQUIRE(onto(pallet_1).did == "pallet_opened");
        for (const std::string& carton : cartons) REQUIRE(onto(carton).did == "put_on_pallet");
        REQUIRE(onto(pallet_1).did == "pallet_closed");
    }

    std::string state_of(const std::string& serial) {
        return question(house.path(), "SELECT state FROM unit WHERE serial='" + serial + "'");
    }

    std::string field_of(const std::string& sscc, const std::string& column) {
        return question(
            house.path(),
            "SELECT coalesce(" + column + ",'') FROM container WHERE sscc='" + sscc + "'");
    }

    Warehouse house;
    std::vector<std::string> cartons;
};

}  // namespace

TEST_CASE("a pallet of cartons leaves by one scan of its number", "[store][pallet]") {
    Floor floor;
    floor.build();
    CHECK(floor.field_of(floor.cartons[0], "parent") == pallet_1);

    const auto loaded = floor.house.scan(floor.house.carton(Step::ship, "DOOR-1", pallet_1));
    CHECK(loaded.verdict.accepted());
    CHECK(loaded.did == "shipped");
    for (const char* serial : {"S-1", "S-2", "S-3"}) CHECK(floor.state_of(serial) == "SHIPPED");
    CHECK(floor.state_of("S-4") == "RECEIVED");
    for (const std::string& carton : floor.cartons)
        CHECK(floor.field_of(carton, "state") == "SHIPPED");
    CHECK(floor.field_of(pallet_1, "state") == "SHIPPED");
    CHECK(question(floor.house.path(), "SELECT state FROM document WHERE id='SO-7'") == "shipped");
    CHECK(question(floor.house.path(), "SELECT shipped FROM document WHERE id='SO-7'") == "5");
    CHECK(question(floor.house.path(), "SELECT quantity FROM balance WHERE place='shipped:SO-7'") ==
          "3");
    CHECK(holds(floor.house.rebuild(), "\"ok\":true"));

    // The operator saw no lamp and scans again; at another door it is an alarm.
    CHECK(floor.house.scan(floor.house.carton(Step::ship, "DOOR-1", pallet_1)).verdict.code ==
          "REREAD");
    CHECK(floor.house.scan(floor.house.carton(Step::ship, "DOOR-2", pallet_1)).verdict.code ==
          "DOUBLE_SHIP");
}

TEST_CASE("one bad unit stops the whole pallet and is named", "[store][pallet]") {
    Floor floor;
    floor.build();
    floor.house.operate(
        "place_hold",
        {{"target", std::string("unit:") + romaine + "/S-3"}, {"hold_reason", "damaged"}});

    const auto stopped = floor.house.scan(floor.house.carton(Step::ship, "DOOR-1", pallet_1));
    CHECK(stopped.verdict.code == "ON_HOLD_DAMAGED");
    CHECK(holds(stopped.verdict.told, pallet_1));
    CHECK(holds(stopped.verdict.told, floor.cartons[1]));
    CHECK(holds(stopped.verdict.told, "S-3"));
    CHECK(stopped.did.empty());
    for (const char* serial : {"S-1", "S-2", "S-3"}) CHECK(floor.state_of(serial) == "PACKED");
    CHECK(question(floor.house.path(), "SELECT shipped FROM document WHERE id='SO-7'") == "0");
    CHECK(
        question(floor.house.path(), "SELECT subject FROM \"case\" WHERE kind='ON_HOLD_DAMAGED'") ==
        "container:" + floor.cartons[1]);
    CHECK(holds(floor.house.rebuild(), "\"ok\":true"));

    // Without that carton the rest goes.
    floor.done(floor.house.carton(Step::palletise, "PAL-1", pallet_1));
    floor.done(floor.house.code(Step::palletise, "PAL-1", "LG:OFF"));
    CHECK(floor.onto(floor.cartons[1]).did == "taken_off_pallet");
    CHECK(floor.onto(pallet_1).did == "pallet_closed");
    CHECK(floor.done(floor.house.carton(Step::ship, "DOOR-1", pallet_1)) == "shipped");
    CHECK(floor.state_of("S-1") == "SHIPPED");
    CHECK(floor.state_of("S-3") == "PACKED");
}

TEST_CASE("a cancelled order among many stops the pallet by its carton", "[store][pallet]") {
    Floor floor;
    floor.build();
    floor.house.send({{"order_cancel", R"({"id":"SO-8"})"}});
    const auto stopped = floor.house.scan(floor.house.carton(Step::ship, "DOOR-1", pallet_1));
    CHECK(stopped.verdict.code == "ORDER_CANCELLED");
    CHECK(holds(stopped.verdict.told, "SO-8"));
    CHECK(floor.state_of("S-1") == "PACKED");
}

TEST_CASE("a hold on a pallet holds what stands in the cartons on it", "[store][pallet]") {
    Floor floor;
    floor.build();
    floor.house.operate("place_hold",
                        {{"target", "container:" + pallet_1}, {"hold_reason", "quarantine"}});
    CHECK(
        floor.house.scan(floor.house.carton(Step::ship, "DOOR-1", floor.cartons[0])).verdict.code ==
        "ON_HOLD_QUARANTINE");
    // Nor does it lose the hold by being taken off.
    const auto broken = floor.house.operate("break_pallet", {{"sscc", pallet_1}});
    CHECK(broken.verdict.code == "ON_HOLD_PALLET");
}

TEST_CASE("an open or an empty pallet does not leave", "[store][pallet]") {
    Floor floor;
    const std::string carton = floor.packed("SO-7", {"S-1"});
    floor.onto(pallet_1);
    floor.onto(carton);
    CHECK(floor.house.scan(floor.house.carton(Step::ship, "DOOR-1", pallet_1)).verdict.code ==
          "NOT_PACKED");
    floor.onto(pallet_1);
    floor.onto(pallet_2);
    floor.onto(pallet_2);
    CHECK(floor.house.scan(floor.house.carton(Step::ship, "DOOR-1", pallet_2)).verdict.code ==
          "PALLET_EMPTY");
}

TEST_CASE("a carton loaded by itself has left its pallet", "[store][pallet]") {
    Floor floor;
    floor.build();
    CHECK(floor.done(floor.house.carton(Step::ship, "DOOR-1", floor.cartons[1])) == "shipped");
    CHECK(floor.field_of(floor.cartons[1], "parent").empty());
    CHECK(floor.done(floor.house.carton(Step::ship, "DOOR-1", pallet_1)) == "shipped");
    CHECK(floor.state_of("S-2") == "SHIPPED");
}

TEST_CASE("a loaded pallet that is still in the yard comes back whole", "[store][pallet]") {
    Floor floor;
    floor.build();
    floor.done(floor.house.carton(Step::ship, "DOOR-1", pallet_1));
    const auto back = floor.house.operate("unship", {{"sscc", pallet_1}, {"where", "yard"}});
    CHECK(back.did == "unshipped");
    for (const char* serial : {"S-1", "S-2", "S-3"}) CHECK(floor.state_of(serial) == "PACKED");
    CHECK(question(floor.house.path(), "SELECT shipped FROM document WHERE id='SO-7'") == "0");
    CHECK(question(floor.house.path(), "SELECT state FROM document WHERE id='SO-7'") == "done");
    CHECK(question(floor.house.path(),
                   "SELECT quantity FROM balance WHERE place LIKE 'carton:%'") == "3");
    CHECK(holds(floor.house.rebuild(), "\"ok\":true"));
    CHECK(floor.done(floor.house.carton(Step::ship, "DOOR-2", pallet_1)) == "shipped");
}

TEST_CASE("what left on a pallet comes back by its number", "[store][pallet]") {
    Floor floor;
    floor.build();
    floor.done(floor.house.carton(Step::ship, "DOOR-1", pallet_1));
    // Counted goods need the order they come from.
    CHECK(floor.house.scan(floor.house.carton(Step::take_back, "BACK-1", pallet_1)).verdict.code ==
          "NO_DOCUMENT");
    CHECK(floor.state_of("S-1") == "SHIPPED");
    floor.house.scan(floor.house.code(Step::take_back, "BACK-1", "SO-7"));
    CHECK(floor.done(floor.house.carton(Step::take_back, "BACK-1", pallet_1)) == "taken_back");
    for (const char* serial : {"S-1", "S-2", "S-3"}) CHECK(floor.state_of(serial) == "RETURNED");
    CHECK(question(floor.house.path(), "SELECT quantity FROM balance WHERE place='BACK-1'") == "3");
    CHECK(floor.field_of(pallet_1, "state") == "RETURNED");
    CHECK(floor.house.scan(floor.house.carton(Step::take_back, "BACK-1", pallet_1)).verdict.code ==
          "PALLET_EMPTY");
    CHECK(holds(floor.house.rebuild(), "\"ok\":true"));
}

TEST_CASE("a pallet of stock is moved with loose units, cases and counted goods on it",
          "[store][pallet]") {
    Floor floor;
    Warehouse& house = floor.house;
    CHECK(house.scan(house.unit(Step::palletise, "PAL-1", "S-4")).verdict.code == "NO_PALLET");
    floor.onto(pallet_1);
    CHECK(floor.done(house.unit(Step::palletise, "PAL-1", "S-4")) == "put_on_pallet");
    CHECK(floor.done(house.goods(Step::palletise, "PAL-1", "K-1", 4)) == "put_on_pallet");
    CHECK(house.scan(house.goods(Step::palletise, "PAL-1", "K-1", 7)).verdict.code ==
          "LOT_NEGATIVE");
    floor.done(house.code(Step::palletise, "PAL-1", "LG:OFF"));
    CHECK(floor.done(house.goods(Step::palletise, "PAL-1", "K-1", 1)) == "taken_off_pallet");
    CHECK(house.scan(house.unit(Step::palletise, "PAL-1", "S-1")).verdict.code == "NOT_ON_PALLET");
    CHECK(floor.done(house.code(Step::palletise, "PAL-1", "LG:CLOSE")) == "pallet_closed");

    house.send({{"location", R"({"id":"A-01","kind":"bin"})"}});
    house.scan(house.code(Step::putaway, "PUT-1", "A-01"));
    CHECK(floor.done(house.carton(Step::putaway, "PUT-1", pallet_1)) == "put_away");
    CHECK(floor.state_of("S-4") == "IN_INVENTORY");
    CHECK(floor.field_of(pallet_1, "location") == "A-01");
    CHECK(question(house.path(),
                   "SELECT quantity FROM balance WHERE place='carton:" + pallet_1 + "'") == "3");
    CHECK(holds(house.rebuild(), "\"ok\":true"));
}

TEST_CASE("a unit picked from a pallet stays picked when the pallet is moved", "[store][pallet]") {
    Floor floor;
    Warehouse& house = floor.house;
    const std::string inbound = "095060000000000015";
    CHECK(floor.field_of(inbound, "kind") == "inbound");
    house.scan(house.code(Step::pick, "PICK-1", "SO-1"));
    CHECK(floor.done(house.unit(Step::pick, "PICK-1", "S-1")) == "picked");
    house.send({{"location", R"({"id":"A-01","kind":"bin"})"}});
    house.scan(house.code(Step::putaway, "PUT-1", "A-01"));
    CHECK(floor.done(house.carton(Step::putaway, "PUT-1", inbound)) == "put_away");
    CHECK(floor.state_of("S-1") == "PICKED");
    CHECK(floor.state_of("S-2") == "IN_INVENTORY");
}

TEST_CASE("what does not belong on a pallet is refused with what to do", "[store][pallet]") {
    Floor floor;
    Warehouse& house = floor.house;
    const std::string carton = floor.packed("SO-7", {"S-1"});
    floor.onto(pallet_1);
    CHECK(floor.onto("095060000000000022").verdict.code == "PALLET_IN_HAND");
    CHECK(floor.onto(carton).did == "put_on_pallet");
    CHECK(floor.onto(carton).verdict.code == "REREAD");
    CHECK(house.scan(house.unit(Step::palletise, "PAL-1", "S-2")).verdict.code == "PALLET_MIX");
    CHECK(house.scan(house.unit(Step::palletise, "PAL-1", "S-1")).verdict.code ==
          "BAD_STATE_PACKED_PALLET");
    floor.onto(pallet_1);
    CHECK(floor.onto(carton).verdict.code == "NO_PALLET");

    // A carton that is carried to another pallet stands there, and it is said.
    floor.onto(pallet_2);
    const auto moved = floor.onto(carton);
    CHECK(moved.did == "put_on_pallet");
    CHECK(moved.verdict.code == "FROM_OTHER_PALLET");
    CHECK(floor.field_of(carton, "parent") == pallet_2);

    // The vendor's own pallet is taken apart, not added to.
    house.scan(house.code(Step::palletise, "PAL-1", "LG:CLOSE"));
    floor.onto("095060000000000015");
    CHECK(house.scan(house.unit(Step::palletise, "PAL-1", "S-2")).verdict.code ==
          "PALLET_OF_VENDOR");
}

TEST_CASE("pallets stand on one another one deep, and only when somebody says so",
          "[store][pallet]") {
    Floor floor;
    Warehouse& house = floor.house;
    for (const std::string& pallet : {pallet_1, pallet_2}) {
        floor.onto(pallet);
        house.scan(house.unit(Step::palletise, "PAL-1", pallet == pallet_1 ? "S-1" : "S-2"));
        floor.onto(pallet);
    }
    house.send({{"user",
                 R"({"badge":"B-7","name":"Kim","roles":["supervisor"],"badge_is_enough":true})"}});
    floor.onto(pallet_1);
    CHECK(floor.onto(pallet_2).verdict.code == "PALLET_IN_HAND");
    rules::Attempt confirmed = house.carton(Step::palletise, "PAL-1", pallet_2);
    confirmed.authority = rules::Authority{};
    confirmed.authority->badge = "B-7";
    CHECK(house.scan(std::move(confirmed)).did == "put_on_pallet");
    floor.onto(pallet_1);
    house.send({{"location", R"({"id":"A-01","kind":"bin"})"}});
    house.scan(house.code(Step::putaway, "PUT-1", "A-01"));
    floor.done(house.carton(Step::putaway, "PUT-1", pallet_1));
    CHECK(floor.field_of(pallet_2, "location") == "A-01");
    CHECK(floor.state_of("S-2") == "IN_INVENTORY");
    // The lower one cannot go on top of the upper one.
    floor.onto(pallet_2);
    CHECK(floor.onto(pallet_1).verdict.code == "PALLET_TOO_DEEP");
}

TEST_CASE("a pallet that is taken apart leaves its pieces where it stood", "[store][pallet]") {
    Floor floor;
    Warehouse& house = floor.house;
    floor.onto(pallet_1);
    house.scan(house.unit(Step::palletise, "PAL-1", "S-4"));
    house.scan(house.goods(Step::palletise, "PAL-1", "K-1", 4));
    floor.onto(pallet_1);
    const auto broken = house.operate("break_pallet", {{"sscc", pallet_1}});
    CHECK(broken.did == "pallet_broken");
    CHECK(question(house.path(), "SELECT container FROM unit WHERE serial='S-4'").empty());
    CHECK(question(house.path(), "SELECT sum(quantity) FROM balance WHERE place NOT LIKE '%:%'") ==
          "10");
    // Its label is void from now on.
    CHECK(floor.onto(pallet_1).verdict.code == "LABEL_DUP_LIVE");
    CHECK(holds(house.rebuild(), "\"ok\":true"));
}

TEST_CASE("a pallet is counted by its number, loose goods on it too", "[store][pallet]") {
    Floor floor;
    Warehouse& house = floor.house;
    floor.onto(pallet_1);
    for (const char* serial : {"S-1", "S-2"})
        house.scan(house.unit(Step::palletise, "PAL-1", serial));
    house.scan(house.goods(Step::palletise, "PAL-1", "K-1", 4));
    floor.onto(pallet_1);
    house.send({{"location", R"({"id":"A-01","kind":"bin"})"}});
    house.scan(house.code(Step::putaway, "PUT-1", "A-01"));
    floor.done(house.carton(Step::putaway, "PUT-1", pallet_1));

    store::Operation open = house.operation("count_open", {{"place", "A-01"}});
    open.station = "COUNT-1";
    REQUIRE(house.ask(std::move(open)));
    CHECK(floor.done(house.carton(Step::count, "COUNT-1", pallet_1)) == "counted");
    const auto closed = house.operate("count_close", {{"place", "A-01"}});
    CHECK(holds(closed.verdict.told, "0 not found"));
    CHECK(holds(closed.verdict.told, "0 kinds of counted goods differ"));

    // Left out, it is missed: units and goods.
    open = house.operation("count_open", {{"place", "A-01"}});
    open.station = "COUNT-1";
    REQUIRE(house.ask(std::move(open)));
    const auto without = house.operate("count_close", {{"place", "A-01"}});
    CHECK(holds(without.verdict.told, "2 not found"));
    CHECK(holds(without.verdict.told, "1 kinds of counted goods differ"));
    CHECK(holds(house.rebuild(), "\"ok\":true"));
}

TEST_CASE("a piece that passed unread keeps the pallet open until somebody has looked",
          "[store][pallet]") {
    Floor floor;
    Warehouse& house = floor.house;
    floor.onto(pallet_1);
    house.scan(house.unit(Step::palletise, "PAL-1", "S-1"));
    rules::Attempt unread = house.at(Step::palletise, "PAL-1");
    unread.observation.is_no_read = true;
    CHECK(house.scan(std::move(unread)).verdict.code == "NOREAD");
    CHECK(floor.onto(pallet_1).verdict.code == "COUNT_MISMATCH");
    store::CaseDecision decision;
    decision.request_id = "d-1";
    decision.case_id = std::stoll(
        question(house.path(), "SELECT id FROM \"case\" WHERE kind='NOREAD' AND status='open'"));
    decision.decision = "handled";
    decision.actor = "B-7";
    decision.at = house.clock().now();
    REQUIRE(house.ask(std::move(decision)));
    CHECK(floor.onto(pallet_1).did == "pallet_closed");
}

TEST_CASE("a new pallet gets a number of the site's range, and its label is printed",
          "[store][pallet]") {
    Floor floor;
    Warehouse& house = floor.house;
    const auto opened = house.scan(house.code(Step::palletise, "PAL-1", "LG:PALLET"));
    CHECK(opened.did == "pallet_opened");
    const std::string sscc = print_field(opened, "sscc");
    CHECK(sscc == "095060000000001005");
    CHECK(floor.field_of(sscc, "kind") == "pallet");
    CHECK(floor.done(house.unit(Step::palletise, "PAL-1", "S-4")) == "put_on_pallet");
    // Its label, scanned back, closes it and is verified by that.
    CHECK(floor.onto(sscc).did == "pallet_closed");
    CHECK(floor.field_of(sscc, "label") == "verified");
}

TEST_CASE("a pallet of many cartons that all warn opens a few cards, not one each",
          "[store][pallet]") {
    Floor floor;
    Warehouse& house = floor.house;
    house.send({{"hold_lift", R"({"id":"H-none"})"}}, "urgent");
    house.send({{"user",
                 R"({"badge":"B-7","name":"Kim","roles":["supervisor"],"badge_is_enough":true})"}});
    std::string asn = R"({"id":"ASN-9","supplier":"V-1","lines":[{"line":1,"gtin":")" +
                      std::string(widget) + R"(","quantity":20,"serials":[)";
    for (int i = 0; i < 20; ++i)
        asn += (i == 0 ? "\"" : ",\"") + std::string("W-") + std::to_string(i) + "\"";
    house.send({{"asn", asn + "]}]}"}});
    house.scan(house.code(Step::receive, "DOCK-1", "ASN-9"));
    floor.onto(pallet_1);
    for (int i = 0; i < 20; ++i) {
        const std::string serial = "W-" + std::to_string(i);
        house.scan(house.unit(Step::receive, "DOCK-1", serial, widget));
        house.send({{"order",
                     R"({"id":"SO-)" + serial +
                         R"(","customer":"C-N","door":"D-2","lines":[{"line":1,"gtin":")" + widget +
                         R"(","quantity":1}]})"}});
        house.scan(house.code(Step::pack, "PACK-1", "SO-" + serial));
        const auto closed = house.scan(house.unit(Step::pack, "PACK-1", serial, widget));
        CHECK(floor.onto(print_field(closed, "sscc")).did == "put_on_pallet");
    }
    floor.onto(pallet_1);
    house.clock().advance_ms(25LL * 3600 * 1000);
    house.policy().door = "D-1";
    rules::Attempt overruled = house.carton(Step::ship, "DOOR-1", pallet_1);
    overruled.authority = rules::Authority{};
    overruled.authority->badge = "B-7";
    overruled.authority->reason = "customer_agrees";
    overruled.authority->role = "supervisor";
    const auto loaded = house.scan(std::move(overruled));
    CHECK(loaded.did == "shipped");
    // Of the pallet itself one, of the cartons that go through another door the first ones.
    const auto cards = [&](const std::string& kind) {
        return question(house.path(), "SELECT count(*) FROM \"case\" WHERE kind='" + kind + "'");
    };
    CHECK(cards("HOLDLIST_STALE") == "1");
    CHECK(cards("OVERRIDE_WRONG_DOOR") == "8");
    CHECK(question(house.path(), "SELECT count(*) FROM unit WHERE state='SHIPPED'") == "20");
    CHECK(holds(house.rebuild(), "\"ok\":true"));
}
