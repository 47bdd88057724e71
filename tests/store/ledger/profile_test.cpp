// What a site decides for itself: how products are tracked, whether goods are packed before they
// leave, which zone rotates how, how long goods may wait; and how certain a reading is.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Decision;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";
constexpr const char* cart = "PICK-1";
constexpr const char* door = "DOOR-1";

bool is_same_after_rebuild(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    return answer.find("\"ok\":true") != std::string::npos;
}

bool has(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

std::string cases(Warehouse& house) {
    return *house.queries()->cases(true);
}

std::string both(const char* gtin) {
    return std::string(R"({"gtin":")") + gtin +
           R"(","name":"Both","serial_tracked":true,"lot_tracked":true})";
}

std::string one(const char* gtin) {
    return std::string(R"({"gtin":")") + gtin + R"(","name":"One","serial_tracked":true})";
}

store::Outcome import(Warehouse& house, const std::string& kind, const std::string& items) {
    return house.operate("import_rows",
                         {{"import", kind}, {"kind", kind}, {"rows", "1"}, {"items", items}});
}

// S-1 of two romaine and three of ten kale, fetched for order SO-1.
void pick_the_order(Warehouse& house) {
    house.furnish();
    house.policy().pack_verify = false;
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    for (const char* serial : {"S-1", "S-2"}) house.scan(house.unit(Step::receive, dock, serial));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
    house.scan(house.code(Step::pick, cart, "SO-1"));
    REQUIRE(house.scan(house.unit(Step::pick, cart, "S-1")).did == "picked");
    REQUIRE(house.scan(house.goods(Step::pick, cart, "K-1", 3)).did == "picked");
}

}  // namespace

TEST_CASE("a site may forbid serial and lot on one product: the feed's item is refused by name",
          "[store][X1]") {
    Warehouse house;
    house.restart_with_exclusive_tracking();
    house.send({{"product", one(widget)}, {"product", both(widget)}, {"product", both(romaine)}});
    CHECK(has(cases(house), "TRACKING_EXCLUSIVE"));
    CHECK(has(cases(house), std::string("product:") + romaine));
    // What was known before stays in force; what was not is not known.
    house.send({{"asn",
                 R"({"id":"ASN-W","supplier":"V-1","lines":[
                     {"line":1,"gtin":"09506000134376","quantity":9}]})"}});
    house.scan(house.code(Step::receive, dock, "ASN-W"));
    CHECK(house.scan(house.unit(Step::receive, dock, "W-1", widget)).did == "received");
    CHECK(house.scan(house.unit(Step::receive, dock, "S-1")).verdict.code == "PRODUCT_UNKNOWN");
    house.send({{"product", one(romaine)}});
    CHECK_FALSE(house.scan(house.unit(Step::receive, dock, "S-2")).verdict.code ==
                "PRODUCT_UNKNOWN");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a product with both is taken where the site does not forbid it", "[store][X1]") {
    Warehouse house;
    house.send({{"product", both(romaine)}});
    CHECK_FALSE(has(cases(house), "TRACKING_EXCLUSIVE"));
    CHECK(import(house, "products", "[" + both(widget) + "]").did == "imported");
}

TEST_CASE("an imported product with both is refused by name and nothing of it is taken",
          "[store][X1]") {
    Warehouse house;
    house.restart_with_exclusive_tracking();
    const auto refused = import(house, "products", "[" + one(widget) + "," + both(romaine) + "]");
    CHECK(refused.verdict.code == "TRACKING_EXCLUSIVE");
    CHECK(has(refused.verdict.told, romaine));
    CHECK_FALSE(house.queries()->trace(widget).has_value());
    CHECK(import(house, "products", "[" + one(widget) + "]").did == "imported");
}

TEST_CASE("fields of a lot that only the site knows are kept and shown", "[store][lot]") {
    Warehouse house;
    house.furnish();
    CHECK(import(
              house,
              "lots",
              R"([{"gtin":"09506000134369","lot":"K-9","mfr_lot":"M-1","custom":{"field":"N 4"}}])")
              .did == "imported");
    const std::string trace = *house.queries()->trace("K-9");
    CHECK(has(trace, R"("custom":{"field":"N 4"})"));
    CHECK(has(trace, R"("mfr_lot":"M-1")"));
    // Sent again without them, they stay; the cloud may send them too.
    house.send({{"lot", R"({"gtin":"09506000134369","lot":"k-9","po":"PO-3"})"}});
    CHECK(has(*house.queries()->trace("K-9"), R"("custom":{"field":"N 4"})"));
    house.send({{"lot", R"({"gtin":"09506000134369","lot":"K-9","custom":{"field":"S 1"}})"}});
    CHECK(has(*house.queries()->trace("K-9"), R"("custom":{"field":"S 1"})"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("where nothing is packed, picked goods leave by their own code", "[store][X7]") {
    Warehouse house;
    pick_the_order(house);
    const auto unit = house.scan(house.unit(Step::ship, door, "S-1"));
    CHECK(unit.did == "shipped");
    CHECK(unit.document == "SO-1");
    CHECK(unit.progress == "1 / 5");
    // The same code again is the same unit, and at another door it has left.
    CHECK(house.scan(house.unit(Step::ship, door, "S-1")).verdict.code == "REREAD");
    CHECK(house.scan(house.unit(Step::ship, "DOOR-2", "S-1")).verdict.code == "DOUBLE_SHIP");
    // Counted goods leave for the order that was scanned before them, and no more than were picked.
    CHECK(house.scan(house.goods(Step::ship, door, "K-1", 3)).verdict.code == "NO_DOCUMENT");
    CHECK(house.scan(house.code(Step::ship, door, "SO-1")).did == "document_opened");
    CHECK(house.scan(house.goods(Step::ship, door, "K-1", 4)).verdict.code == "LOT_NEGATIVE");
    CHECK(house.scan(house.goods(Step::ship, door, "K-1", 3)).progress == "4 / 5");
    // What was not picked does not leave.
    CHECK(house.scan(house.unit(Step::ship, door, "S-2")).verdict.code ==
          "BAD_STATE_RECEIVED_SHIPPED");
    CHECK(house.scan(house.unit(Step::pick, cart, "S-2")).did == "picked");
    CHECK(house.scan(house.unit(Step::ship, door, "S-2")).progress == "5 / 5");
    CHECK(has(*house.queries()->trace("SO-1"), "shipped"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("where goods are packed, a door takes cartons alone", "[store][R-38]") {
    Warehouse house;
    pick_the_order(house);
    house.policy().pack_verify = true;
    CHECK(house.scan(house.unit(Step::ship, door, "S-1")).verdict.code == "NOT_PACKED");
    CHECK(house.scan(house.code(Step::ship, door, "SO-1")).verdict.code == "UNKNOWN_CODE");
    house.policy().pack_verify = false;
    house.scan(house.code(Step::pack, "PACK-1", "SO-1"));
    REQUIRE(house.scan(house.unit(Step::pack, "PACK-1", "S-1")).did == "packed");
    CHECK(house.scan(house.unit(Step::ship, door, "S-1")).verdict.code == "NOT_PACKED");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("held, recalled and expired goods do not leave unpacked either", "[store][X7]") {
    Warehouse house;
    pick_the_order(house);
    house.send({{"hold",
                 R"({"id":"H-1","reason":"quarantine","placed_by":"qa",
                     "target":{"kind":"unit","gtin":"09506000134352","serial":"S-1"}})"}},
               "urgent");
    CHECK(house.scan(house.unit(Step::ship, door, "S-1")).verdict.code == "ON_HOLD_QUARANTINE");
    house.send({{"hold_lift", R"({"id":"H-1"})"}}, "urgent");
    house.clock().set("2027-02-01T08:00:00Z");
    CHECK(house.scan(house.unit(Step::ship, door, "S-1")).verdict.code == "EXPIRED_AT_SHIP");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("why says which stock was weighed, by which rotation and who asked for it",
          "[store][why][X10]") {
    Warehouse house;
    house.furnish();
    house.policy().rotation_by_zone = {{"COLD", "FEFO"}};
    house.send(
        {{"product", R"({"gtin":"09506000134369","name":"Kale","lot_tracked":true,"zone":"COLD"})"},
         {"asn",
          R"({"id":"ASN-K","supplier":"V-1","lines":[
                     {"line":1,"gtin":"09506000134369","lot":"K-2","expires_on":"2026-12-05","quantity":5},
                     {"line":2,"gtin":"09506000134369","lot":"K-3","expires_on":"2027-03-01","quantity":5}]})"},
         {"order",
          R"({"id":"SO-K","customer":"C-N","lines":[
                     {"line":1,"gtin":"09506000134369","quantity":4}]})"}});
    house.scan(house.code(Step::receive, dock, "ASN-K"));
    for (const char* lot : {"K-2", "K-3"})
        REQUIRE(house.scan(house.goods(Step::receive, dock, lot, 5)).did == "received");
    const auto opened = house.scan(house.code(Step::pick, cart, "SO-K"));
    const std::string why = *house.queries()->why("#" + std::to_string(number_of(opened.seq)));
    CHECK(has(why, R"("rotation":"FEFO","said_by":"zone")"));
    CHECK(has(why, R"("lot":"K-2","place":"DOCK-1","expires_on":"2026-12-05")"));
    const auto taken = house.scan(house.goods(Step::pick, cart, "K-3", 1));
    CHECK(taken.verdict.code == "FEFO_VIOLATION");
    const std::string after = *house.queries()->why("#" + std::to_string(number_of(taken.seq)));
    CHECK(has(after, R"("said":"taken")"));
    CHECK(has(
        after,
        R"("lot":"K-2","place":"DOCK-1","expires_on":"2026-12-05","quantity":5,"said":"goes first")"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("an order that is cancelled after goods of it left is a card, and they stay shipped",
          "[store][R-51]") {
    Warehouse house;
    pick_the_order(house);
    REQUIRE(house.scan(house.unit(Step::ship, door, "S-1")).did == "shipped");
    house.send({{"order_cancel", R"({"id":"SO-1"})"}});
    CHECK(has(cases(house), "SHIPPED_AFTER_CANCEL"));
    CHECK(has(*house.queries()->trace("S-1"), R"("state":"SHIPPED")"));
    house.scan(house.code(Step::ship, door, "SO-1"));
    CHECK(house.scan(house.goods(Step::ship, door, "K-1", 3)).verdict.code == "NO_DOCUMENT");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a serial that was scrapped and comes again is held", "[store][R-07]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    house.scan(house.unit(Step::receive, dock, "S-1"));
    REQUIRE(house.operate("scrap", {{"gtin", romaine}, {"serial", "S-1"}}).did == "scrapped");
    const auto again = house.scan(house.unit(Step::receive, "DOCK-2", "S-1"));
    CHECK(again.verdict.code == "SERIAL_RETIRED");
    CHECK(has(*house.queries()->trace("S-1"), R"("reason":"suspect")"));
    CHECK(has(cases(house), "SERIAL_RETIRED"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a unit that waits at the dock longer than the site allows is a card", "[store][R-23]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.clock().advance_ms(100L * 60 * 1000);
    house.scan(house.unit(Step::receive, dock, "S-2"));
    house.clock().advance_ms(30L * 60 * 1000);
    CHECK(has(house.operate("putaway_overdue", {{"minutes", "131"}}).verdict.told, "0 units"));
    CHECK_FALSE(has(cases(house), "PUTAWAY_OVERDUE"));
    CHECK(has(house.operate("putaway_overdue", {{"minutes", "120"}}).verdict.told, "1 units"));
    CHECK(has(cases(house), "place:DOCK-1"));
    CHECK(has(cases(house), "serial S-1"));
    CHECK(has(house.operate("putaway_overdue", {{"minutes", "20"}}).verdict.told, "2 units"));
    house.scan(house.unit(Step::putaway, "A-01", "S-1"));
    CHECK(has(house.operate("putaway_overdue", {{"minutes", "20"}}).verdict.told, "1 units"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what was typed and not scanned is taken with less confidence", "[store][R-61]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    auto typed = house.unit(Step::receive, dock, "S-1");
    typed.observation.capture = "MANUAL";
    const auto received = house.scan(typed);
    CHECK(received.did == "received");
    CHECK(received.verdict.code == "LOW_CONFIDENCE");
    CHECK(received.verdict.decision == Decision::warn);
    CHECK(house.scan(house.unit(Step::receive, dock, "S-2")).verdict.code.empty());
    CHECK(has(*house.queries()->why("#" + std::to_string(number_of(received.seq))),
              R"("capture":"MANUAL","confidence":75)"));
    CHECK(is_same_after_rebuild(house));
}

namespace {

// W-1 and W-2 are sold and gone.
void sell_widgets(Warehouse& house) {
    house.furnish();
    house.policy().pack_verify = false;
    house.policy().lane_by_grade = {{"restock", 4}, {"scrap", 5}};
    house.send({{"asn",
                 R"({"id":"ASN-W","supplier":"V-1","lines":[
                     {"line":1,"gtin":"09506000134376","quantity":9}]})"},
                {"order",
                 R"({"id":"SO-W","customer":"C-N","lines":[
                     {"line":1,"gtin":"09506000134376","quantity":9}]})"}});
    house.scan(house.code(Step::receive, dock, "ASN-W"));
    house.scan(house.code(Step::pick, cart, "SO-W"));
    for (const char* serial : {"W-1", "W-2"}) {
        house.scan(house.unit(Step::receive, dock, serial, widget));
        house.scan(house.unit(Step::pick, cart, serial, widget));
        REQUIRE(house.scan(house.unit(Step::ship, door, serial, widget)).did == "shipped");
    }
}

std::uint16_t lane_of(Warehouse& house, const char* serial) {
    const auto outcome = house.scan(house.unit(Step::divert, "BELT-1", serial, widget));
    REQUIRE(outcome.effects.size() == 1);
    return std::get<store::DivertRequest>(outcome.effects.front().request).lane;
}

}  // namespace

TEST_CASE("a grade that is scanned at the returns station stands for what comes back after it",
          "[store][R-47]") {
    Warehouse house;
    sell_widgets(house);
    const char* back = "BACK-1";
    CHECK(house.scan(house.code(Step::take_back, back, "LG:GRADE:Z")).verdict.code ==
          "GRADE_UNKNOWN");
    CHECK(house.scan(house.code(Step::take_back, back, "LG:GRADE:A")).did == "grade_chosen");
    // A document that is opened in between takes nothing away.
    house.scan(house.code(Step::take_back, back, "SO-W"));
    CHECK(house.scan(house.unit(Step::take_back, back, "W-1", widget)).did == "taken_back");
    house.scan(house.code(Step::take_back, back, "LG:GRADE:NONE"));
    CHECK(house.scan(house.unit(Step::take_back, back, "W-2", widget)).did == "taken_back");
    CHECK(lane_of(house, "W-1") == 4);
    CHECK(lane_of(house, "W-2") == 9);
    house.scan(house.code(Step::take_back, back, "LG:GRADE:D"));
    house.clock().advance_ms(61'000);
    house.scan(house.unit(Step::take_back, back, "W-2", widget));
    CHECK(lane_of(house, "W-2") == 5);
    CHECK(house.scan(house.unit(Step::putaway, "A-01", "W-2", widget)).verdict.code ==
          "RETURN_GRADE_SCRAP");
    CHECK(house.scan(house.unit(Step::putaway, "A-01", "W-1", widget)).did == "put_away");
    // What is no return does not travel without a carton.
    CHECK(lane_of(house, "W-1") == 9);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a unit that is sold again and comes back again is graded again", "[store][R-47]") {
    Warehouse house;
    sell_widgets(house);
    house.scan(house.unit(Step::take_back, "BACK-1", "W-1", widget));
    house.operate("grade", {{"gtin", widget}, {"serial", "W-1"}, {"grade", "A"}});
    REQUIRE(house.scan(house.unit(Step::putaway, "A-01", "W-1", widget)).did == "put_away");
    REQUIRE(house.scan(house.unit(Step::pick, cart, "W-1", widget)).did == "picked");
    REQUIRE(house.scan(house.unit(Step::ship, door, "W-1", widget)).did == "shipped");
    house.scan(house.unit(Step::take_back, "BACK-1", "W-1", widget));
    CHECK(house.scan(house.unit(Step::putaway, "A-01", "W-1", widget)).verdict.code ==
          "RETURN_NOT_GRADED");
    CHECK(is_same_after_rebuild(house));
}
