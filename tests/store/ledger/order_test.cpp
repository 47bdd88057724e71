// Orders from the shelf to the door: what goes first, what is promised, what is fetched, and what
// is refused on the way. Every test ends with projections that fold anew to the same rows.

#include "store/sqlite/database.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Decision;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";
constexpr const char* cart = "PICK-1";
constexpr const char* bench = "PACK-1";
constexpr const char* beans = "09506000134406";  ///< lot tracked, counted, first expired first out

bool is_same_after_rebuild(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    return answer.find("\"ok\":true") != std::string::npos;
}

std::string product(const std::string& gtin, const std::string& more) {
    return R"({"gtin":")" + gtin + R"(","name":"Beans",)" + more + "}";
}

std::string order(const std::string& id, const std::string& lines, const std::string& more = "") {
    return R"({"id":")" + id + R"(","customer":"C-N",)" + more + R"("lines":[)" + lines + "]}";
}

std::string line_of(const std::string& gtin, int quantity, const std::string& more = "") {
    return R"({"line":1,"gtin":")" + gtin + R"(","quantity":)" + std::to_string(quantity) + more +
           "}";
}

std::int64_t cards_of(Warehouse& house, const std::string& kind) {
    auto database = store::sqlite::Database::open(house.path(), store::sqlite::OpenMode::reader);
    REQUIRE(database);
    store::sqlite::Statement count(**database, "SELECT count(*) FROM \"case\" WHERE kind=?");
    auto rows = count(kind);
    return rows.next() ? rows.integer(0) : 0;
}

rules::Attempt beans_at(Warehouse& house, Step step, const char* station, const char* lot, int n) {
    auto attempt = house.goods(step, station, lot, n);
    attempt.what.gtin = *Gtin::parse(beans);
    attempt.observation.raw = std::string("]C101") + beans + "10" + lot;
    return attempt;
}

// Lots B-2 (2, until 3 September) and B-3 (3, until 1 October) and B-14 (14, until 1 December)
// stand at the dock on 22 November 2025.
void store_beans(Warehouse& house, const std::string& policy = "\"fefo_policy\":\"warn\"") {
    house.clock().set("2026-08-22T08:00:00Z");
    house.furnish();
    house.send(
        {{"product",
          product(beans,
                  R"("serial_tracked":false,"lot_tracked":true,"rotation":"FEFO",)" + policy)},
         {"asn",
          R"({"id":"ASN-B","supplier":"V-1","lines":[
              {"line":1,"gtin":"09506000134406","lot":"B-14","expires_on":"2026-12-01","quantity":14},
              {"line":2,"gtin":"09506000134406","lot":"B-2","expires_on":"2026-09-03","quantity":2},
              {"line":3,"gtin":"09506000134406","lot":"B-3","expires_on":"2026-10-01","quantity":3}]})"}});
    house.scan(house.code(Step::receive, dock, "ASN-B"));
    for (const auto& [lot, quantity] : {std::pair("B-14", 14), {"B-2", 2}, {"B-3", 3}})
        REQUIRE(house.scan(beans_at(house, Step::receive, dock, lot, quantity)).did == "received");
}

// Two romaine of lot L-88 and two of L-99 are received; L-88 expires first.
void store_romaine(Warehouse& house) {
    house.furnish();
    house.send({{"asn",
                 R"({"id":"ASN-2","supplier":"V-1","lines":[
              {"line":1,"gtin":"09506000134352","lot":"L-99","expires_on":"2027-03-31","quantity":2,
               "serials":["T-1","T-2"]}]})"}});
    for (const char* serial : {"S-1", "S-2"})
        REQUIRE(house.scan(house.unit(Step::receive, dock, serial)).did == "received");
    for (const char* serial : {"T-1", "T-2"})
        REQUIRE(house.scan(house.unit(Step::receive, "DOCK-2", serial)).did == "received");
}

std::string picks(Warehouse& house, const std::string& id) {
    store::PickTerms terms;
    terms.policy = std::make_shared<rules::StationPolicy>(house.policy());
    terms.site_date = site_date(house.clock().now(), "UTC");
    return house.queries()->picks(id, terms).value_or("nothing");
}

bool has(const std::string& text, const std::string& words) {
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("taking a later lot is told, and refused where the product says so", "[store][R-25]") {
    Warehouse house;
    const bool rejects = GENERATE(false, true);
    store_beans(house, rejects ? "\"fefo_policy\":\"reject\"" : "\"fefo_policy\":\"warn\"");
    house.send({{"order", order("SO-B", line_of(beans, 5))}});
    house.scan(house.code(Step::pack, bench, "SO-B"));
    const auto later = house.scan(beans_at(house, Step::pack, bench, "B-14", 1));
    CHECK(later.verdict.code == "FEFO_VIOLATION");
    CHECK(later.verdict.decision == (rejects ? Decision::reject : Decision::warn));
    CHECK(later.verdict.told ==
          "Lot B-2 (good until 2026-09-03) goes first. Take it from DOCK-1; put this one back.");
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-2", 2)).verdict.code.empty());
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-3", 1)).verdict.code.empty());
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a lot on hold or in quarantine does not go first", "[store][R-25]") {
    Warehouse house;
    store_beans(house, "\"fefo_policy\":\"reject\"");
    house.send({{"order", order("SO-B", line_of(beans, 5))}});
    house.scan(house.code(Step::pack, bench, "SO-B"));
    house.send(
        {{"hold",
          R"({"id":"H-1","reason":"quarantine","target":{"kind":"lot","gtin":"09506000134406","lot":"B-2"}})"}},
        "urgent");
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-14", 1)).verdict.told.find("Lot B-3") ==
          0);
    house.send({{"location", R"({"id":"DOCK-1","kind":"cage","quarantine":true})"}});
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-14", 1)).verdict.code.empty());
}

TEST_CASE("a lot that is too short for the customer is passed over, and refused", "[store][R-14]") {
    Warehouse house;
    store_beans(house, "\"fefo_policy\":\"reject\"");
    house.send(
        {{"party",
          R"({"id":"C-N","name":"Northside","route":"NORTH","min_life_out_days":30,"transit_days":2})"},
         {"order", order("SO-B", line_of(beans, 5))}});
    house.scan(house.code(Step::pack, bench, "SO-B"));
    const auto short_one = house.scan(beans_at(house, Step::pack, bench, "B-2", 1));
    CHECK(short_one.verdict.code == "SHELF_LIFE_SHORT_OUT");
    // 22 August + 2 days of transit: 1 October leaves 38 days.
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-3", 1)).verdict.code.empty());
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a pick list splits over lots and says what is not there", "[store][R-27]") {
    Warehouse house;
    store_beans(house);
    house.send({{"order", order("SO-5", line_of(beans, 5))},
                {"order", order("SO-30", line_of(beans, 30))}});
    const std::string five = picks(house, "SO-5");
    const auto b2 = five.find("B-2");
    const auto b3 = five.find("B-3");
    REQUIRE(b2 != std::string::npos);
    CHECK(b2 < b3);
    CHECK(five.find("B-14") == std::string::npos);
    CHECK(has(five, R"("missing":0)"));
    CHECK(has(picks(house, "SO-30"), R"("missing":11)"));
    const auto opened = house.scan(house.code(Step::pick, cart, "SO-30"));
    CHECK(opened.verdict.code == "INSUFFICIENT_ELIGIBLE");
    CHECK(opened.verdict.decision == Decision::warn);
    CHECK(opened.did == "document_opened");
    CHECK(picks(house, "SO-99") == "nothing");
}

TEST_CASE("lots that are promised to one order are not promised to the next", "[store][R-24]") {
    Warehouse house;
    store_beans(house);
    const std::string by_lot = R"(,"allocation":"lot")";
    house.send({{"order", order("SO-1B", line_of(beans, 4, by_lot))},
                {"order", order("SO-2B", line_of(beans, 15, by_lot))},
                {"order", order("SO-3B", line_of(beans, 1, by_lot))}});
    CHECK(house.scan(house.code(Step::pick, cart, "SO-1B")).verdict.code.empty());
    CHECK(house.scan(house.code(Step::pick, "PICK-2", "SO-2B")).verdict.code.empty());
    CHECK(house.scan(house.code(Step::pick, "PICK-3", "SO-3B")).verdict.code ==
          "INSUFFICIENT_ELIGIBLE");
    const auto wrong = house.scan(beans_at(house, Step::pick, cart, "B-14", 1));
    CHECK(wrong.verdict.code == "WRONG_LOT");
    CHECK(has(wrong.verdict.told, "Take lot B-2"));
    CHECK(house.scan(beans_at(house, Step::pick, cart, "B-2", 2)).did == "picked");
    SECTION("what was promised to a cancelled order is free again") {
        house.send({{"order_cancel", R"({"id":"SO-2B"})"}});
        CHECK(house.scan(house.code(Step::pick, "PICK-3", "SO-3B")).verdict.code.empty());
    }
    SECTION("what the cloud gave to another order is free, and what was fetched stays") {
        const auto give_away = [&](const std::string& from, const std::string& lot) {
            house.send({{"allocation_superseded",
                         R"({"order":")" + from + R"(","gtin":")" + beans + R"(","lot":")" + lot +
                             R"(","given_to":"SO-3B"})"}});
        };
        give_away("SO-2B", "b-14");
        CHECK(house.scan(house.code(Step::pick, "PICK-3", "SO-3B")).verdict.code.empty());
        CHECK(cards_of(house, "ALLOC_SUPERSEDED") == 0);
        give_away("SO-1B", "B-2");
        CHECK(cards_of(house, "ALLOC_SUPERSEDED") == 1);
        CHECK(house.scan(beans_at(house, Step::pick, cart, "B-3", 2)).did == "picked");
    }
    SECTION("opening it again promises nothing twice") {
        house.scan(house.code(Step::pick, "PICK-2", "SO-2B"));
        CHECK(house.scan(house.code(Step::pick, "PICK-2", "SO-2B")).verdict.code.empty());
    }
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("units that are promised one by one are the ones that are taken", "[store][R-24]") {
    Warehouse house;
    store_romaine(house);
    house.send(
        {{"product",
          R"({"gtin":"09506000134352","name":"Romaine","serial_tracked":true,"lot_tracked":true,"expiry_required":true,"rotation":"FEFO"})"},
         {"order", order("SO-S", line_of(romaine, 2, R"(,"allocation":"serial")"))},
         {"order", order("SO-Q", line_of(romaine, 2))}});
    CHECK(house.scan(house.code(Step::pick, cart, "SO-S")).verdict.code.empty());
    const auto wrong = house.scan(house.unit(Step::pick, cart, "T-1"));
    CHECK(wrong.verdict.code == "WRONG_SERIAL");
    CHECK(has(wrong.verdict.told, "Take serial S-1"));
    house.scan(house.code(Step::pack, bench, "SO-Q"));
    const auto promised = house.scan(house.unit(Step::pack, bench, "S-1"));
    CHECK(promised.verdict.code == "WRONG_SERIAL");
    CHECK(has(promised.verdict.told, "promised to order SO-S"));
    CHECK(house.scan(house.unit(Step::pack, bench, "T-1")).did == "packed");
    CHECK(house.scan(house.unit(Step::pick, cart, "S-1")).did == "picked");
    const auto last = house.scan(house.unit(Step::pick, cart, "S-2"));
    CHECK(last.did == "picked");
    CHECK(last.progress == "2 / 2");
    CHECK(house.scan(house.unit(Step::pick, cart, "T-2")).verdict.code == "PACK_EXTRA");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a unit nobody was directed to is promised and picked in one go", "[store][X20]") {
    Warehouse house;
    store_romaine(house);
    house.send({{"order", order("SO-Q", line_of(romaine, 1))}});
    house.scan(house.code(Step::pick, cart, "SO-Q"));
    CHECK(house.scan(house.unit(Step::pick, cart, "T-2")).did == "picked");
    CHECK(house.scan(house.unit(Step::pick, cart, "T-2")).verdict.code == "REREAD");
    house.scan(house.code(Step::pack, "PACK-2", "SO-1"));
    CHECK(house.scan(house.unit(Step::pack, "PACK-2", "T-2")).verdict.code == "WRONG_SERIAL");
    SECTION("put back into a bin it is anybody's") {
        CHECK(house.scan(house.unit(Step::putaway, "A-01", "T-2")).did == "put_away");
        CHECK(house.scan(house.unit(Step::pack, "PACK-2", "T-2")).did == "packed");
    }
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("goods counted by lot are fetched first and packed from there", "[store][pick]") {
    Warehouse house;
    store_beans(house);
    house.policy().packs_unpicked = false;
    house.send({{"order", order("SO-B", line_of(beans, 5))}});
    house.scan(house.code(Step::pick, cart, "SO-B"));
    house.scan(house.code(Step::pack, bench, "SO-B"));
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-2", 1)).verdict.code == "LOT_NEGATIVE");
    CHECK(house.scan(beans_at(house, Step::pick, cart, "B-2", 2)).progress == "2 / 5");
    CHECK(house.scan(beans_at(house, Step::pick, cart, "B-3", 4)).verdict.code == "PACK_EXTRA");
    CHECK(house.scan(beans_at(house, Step::pick, cart, "B-3", 3)).progress == "5 / 5");
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-2", 2)).did == "packed");
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-3", 3)).did == "carton_closed");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a station that packs only what was picked sends the rest back", "[store][R-32]") {
    Warehouse house;
    store_romaine(house);
    house.policy().packs_unpicked = false;
    house.scan(house.code(Step::pack, bench, "SO-1"));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).verdict.code == "NOT_PICKED");
    house.scan(house.code(Step::pick, cart, "SO-1"));
    CHECK(house.scan(house.unit(Step::pick, cart, "S-1")).did == "picked");
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).did == "packed");
}

TEST_CASE("an order for one lot takes no second one", "[store][R-28]") {
    Warehouse house;
    store_beans(house);
    house.send({{"order", order("SO-B", line_of(beans, 3, R"(,"single_lot":true)"))}});
    CHECK(has(picks(house, "SO-B"), "B-3"));
    house.scan(house.code(Step::pack, bench, "SO-B"));
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-3", 1)).did == "packed");
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-14", 1)).verdict.code ==
          "SINGLE_LOT_REQUIRED");
    CHECK(house.scan(beans_at(house, Step::pack, bench, "B-3", 1)).verdict.code.empty());
}

TEST_CASE("an order released to another bench is taken over by name", "[store][R-33]") {
    Warehouse house;
    store_romaine(house);
    house.send({{"user", R"({"badge":"B-7","name":"N","roles":["operator"]})"},
                {"order", order("SO-W", line_of(romaine, 1), R"("station":"PACK-2",)")}});
    auto attempt = house.code(Step::pack, bench, "SO-W");
    const auto refused = house.scan(attempt);
    CHECK(refused.verdict.code == "WRONG_PACK_STATION");
    CHECK(refused.verdict.override_class == rules::OverrideClass::operator_confirms);
    attempt = house.code(Step::pack, bench, "SO-W");
    attempt.authority = rules::Authority{};
    attempt.authority->badge = "B-7";
    CHECK(house.scan(attempt).did == "document_opened");
    CHECK(house.scan(house.code(Step::pack, bench, "SO-W")).verdict.code.empty());
    CHECK(house.scan(house.code(Step::pack, "PACK-2", "SO-W")).verdict.code ==
          "WRONG_PACK_STATION");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a carton leaves through its door, with the record the law wants", "[store][R-39]") {
    Warehouse house;
    store_romaine(house);
    house.send(
        {{"product",
          R"({"gtin":"09506000134352","name":"Romaine","serial_tracked":true,"lot_tracked":true,"expiry_required":true,"regimes":["fsma204"]})"},
         {"order", order("SO-D", line_of(romaine, 1), R"("door":"D4",)")}});
    house.scan(house.code(Step::pack, bench, "SO-D"));
    const auto closed = house.scan(house.unit(Step::pack, bench, "S-1"));
    const std::string sscc = print_field(closed, "sscc");
    REQUIRE_FALSE(sscc.empty());
    house.policy().door = "D3";
    CHECK(house.scan(house.carton(Step::ship, "DOOR", sscc)).verdict.code == "WRONG_DOOR");
    house.policy().door = "D4";
    const auto missing = house.scan(house.carton(Step::ship, "DOOR", sscc));
    CHECK(missing.verdict.code == "KDE_MISSING");
    CHECK(has(missing.verdict.told, "customer C-N"));
    house.send(
        {{"party",
          R"({"id":"C-N","name":"Northside","route":"NORTH","address":"1 Dock Road, Albany, NY"})"}});
    CHECK(house.scan(house.carton(Step::ship, "DOOR", sscc)).did == "shipped");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what leaves after the cut-off must be good on the next working day", "[store][R-41]") {
    Warehouse house;
    store_romaine(house);
    house.send({{"order", order("SO-D", line_of(romaine, 1))}});
    house.scan(house.code(Step::pack, bench, "SO-D"));
    const std::string sscc = print_field(house.scan(house.unit(Step::pack, bench, "S-1")), "sscc");
    auto load = house.carton(Step::ship, "DOOR", sscc);
    load.ship_date = *parse_date("2027-02-01");  // the lot is good until 31 January
    const auto refused = house.scan(load);
    CHECK(refused.verdict.code == "EXPIRED_AT_SHIP");
    CHECK(has(refused.verdict.told, "expires on 2027-01-31 and leaves on 2027-02-01"));
    load = house.carton(Step::ship, "DOOR", sscc);
    load.ship_date = *parse_date("2027-01-31");
    CHECK(house.scan(load).did == "shipped");
}
