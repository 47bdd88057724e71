// A whole pallet is picked for an order by one scan of its number, or stays as it stands.

#include "tests/store/kit/looking.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

const std::string pallet = "395060000000000016";

// Two romaine and four kale stand on the pallet; two romaine and six kale beside it.
class Aisle {
public:
    Aisle() {
        house.furnish();
        house.policy().rotation.clear();
        receive_romaine_and_kale(house);
        house.scan(house.carton(Step::palletise, "PAL-1", pallet));
        for (const char* serial : {"S-1", "S-2"})
            REQUIRE(house.scan(house.unit(Step::palletise, "PAL-1", serial)).did ==
                    "put_on_pallet");
        REQUIRE(house.scan(house.goods(Step::palletise, "PAL-1", "K-1", 4)).did == "put_on_pallet");
        REQUIRE(house.scan(house.carton(Step::palletise, "PAL-1", pallet)).did == "pallet_closed");
    }

    void order(const std::string& id, int romaines, int kales, const std::string& more = {}) {
        house.send({{"order",
                     R"({"id":")" + id + R"(","customer":"C-N","lines":[
            {"line":1,"gtin":"09506000134352","quantity":)" +
                         std::to_string(romaines) + more + R"(},
            {"line":2,"gtin":"09506000134369","quantity":)" +
                         std::to_string(kales) + "}]}"}});
        REQUIRE(house.scan(house.code(Step::pick, "PICK-1", id)).did == "document_opened");
    }

    store::Outcome pick() { return house.scan(house.carton(Step::pick, "PICK-1", pallet)); }

    std::string question(const std::string& sql) { return testkit::question(house.path(), sql); }

    std::string state_of(const std::string& serial) {
        return question("SELECT state FROM unit WHERE serial='" + serial + "'");
    }

    std::string kale_in(const std::string& place) {
        return question(
            "SELECT coalesce(sum(quantity),0) FROM balance WHERE lot_key='k-1' AND "
            "place='" +
            place + "'");
    }

    void is_untouched() {
        for (const char* serial : {"S-1", "S-2"}) {
            CHECK(state_of(serial) == "RECEIVED");
            CHECK(question(std::string("SELECT container FROM unit WHERE serial='") + serial +
                           "'") == pallet);
        }
        CHECK(kale_in("carton:" + pallet) == "4");
    }

    void is_rebuilt_equal() { check_rebuilt_equal(house); }

    Warehouse house;
};

}  // namespace

TEST_CASE("a whole pallet is picked for an order by one scan", "[store][pallet][pick]") {
    Aisle aisle;
    aisle.order("SO-20", 2, 6);
    const auto picked = aisle.pick();
    CHECK(picked.did == "picked");
    CHECK(picked.verdict.accepted());
    CHECK(picked.document == "SO-20");
    CHECK(picked.progress == "6 / 8");
    for (const char* serial : {"S-1", "S-2"}) CHECK(aisle.state_of(serial) == "PICKED");
    CHECK(aisle.question("SELECT order_id FROM unit WHERE serial='S-2'") == "SO-20");
    CHECK(aisle.question("SELECT container IS NULL FROM unit WHERE serial='S-2'") == "1");
    CHECK(aisle.kale_in("picked:SO-20") == "4");
    CHECK(aisle.kale_in("DOCK-1") == "6");
    CHECK(aisle.question("SELECT location FROM container WHERE id='" + pallet + "'") == "PICK-1");
    aisle.is_rebuilt_equal();

    // The lamp was not seen: the pallet is scanned again. Later it is an empty one.
    CHECK(aisle.pick().verdict.code == "REREAD");
    aisle.house.clock().advance_ms(120'000);
    CHECK(aisle.pick().verdict.code == "PALLET_EMPTY");
    CHECK(aisle.house.scan(aisle.house.goods(Step::pick, "PICK-1", "K-1", 2)).progress == "8 / 8");
    CHECK(aisle.kale_in("picked:SO-20") == "6");
    aisle.is_rebuilt_equal();
}

TEST_CASE("more on the pallet than the order asks for stops it", "[store][pallet][pick][R-34]") {
    Aisle aisle;
    aisle.order("SO-20", 1, 6);
    const auto stopped = aisle.pick();
    CHECK(stopped.verdict.code == "PACK_EXTRA");
    CHECK(holds(stopped.verdict.told, pallet + " stays as a whole"));
    aisle.is_untouched();
    aisle.is_rebuilt_equal();
}

TEST_CASE("goods that the order does not ask for stop the pallet and are named",
          "[store][pallet][pick][R-32]") {
    Aisle aisle;
    aisle.house.send({{"order", R"({"id":"SO-21","customer":"C-N","lines":[
        {"line":1,"gtin":"09506000134352","quantity":2}]})"}});
    aisle.house.scan(aisle.house.code(Step::pick, "PICK-1", "SO-21"));
    const auto stopped = aisle.pick();
    CHECK(stopped.verdict.code == "WRONG_ORDER");
    CHECK(holds(stopped.verdict.told, "Kale"));
    aisle.is_untouched();
    aisle.is_rebuilt_equal();
}

TEST_CASE("a held unit on the pallet stops it and is named", "[store][pallet][pick][R-18]") {
    Aisle aisle;
    aisle.order("SO-20", 2, 6);
    aisle.house.operate(
        "place_hold",
        {{"target", std::string("unit:") + romaine + "/S-2"}, {"hold_reason", "damaged"}});
    const auto stopped = aisle.pick();
    CHECK(stopped.verdict.code == "ON_HOLD_DAMAGED");
    CHECK(holds(stopped.verdict.told, "S-2"));
    aisle.is_untouched();
}

TEST_CASE("a hold on the pallet itself holds its counted goods too",
          "[store][pallet][pick][R-18]") {
    Aisle aisle;
    aisle.order("SO-20", 2, 6);
    aisle.house.operate("place_hold",
                        {{"target", "container:" + pallet}, {"hold_reason", "suspect"}});
    CHECK(aisle.pick().verdict.code == "ON_HOLD_SUSPECT");
    aisle.is_untouched();
}

TEST_CASE("a unit that another order was promised stops the pallet",
          "[store][pallet][pick][R-53]") {
    Aisle aisle;
    aisle.house.send({{"order", R"({"id":"SO-30","customer":"C-N","lines":[
        {"line":1,"gtin":"09506000134352","quantity":4,"allocation":"serial"}]})"}});
    aisle.house.scan(aisle.house.code(Step::pick, "PICK-2", "SO-30"));
    aisle.order("SO-20", 2, 6);
    const auto stopped = aisle.pick();
    CHECK(stopped.verdict.code == "WRONG_SERIAL");
    CHECK(holds(stopped.verdict.told, "SO-30"));
    CHECK(aisle.kale_in("carton:" + pallet) == "4");
}

TEST_CASE("a lot that another one goes before stops the pallet", "[store][pallet][pick][R-25]") {
    Aisle aisle;
    aisle.house.send({{"product", R"({"gtin":"09506000134369","name":"Kale","lot_tracked":true,
                         "rotation":"FEFO","fefo_policy":"reject"})"},
                      {"location", R"({"id":"A-01"})"},
                      {"asn", R"({"id":"ASN-2","supplier":"V-1","lines":[{"line":1,
             "gtin":"09506000134369","lot":"K-0","expires_on":"2027-01-15","quantity":5}]})"}});
    aisle.house.scan(aisle.house.code(Step::receive, "DOCK-1", "ASN-2"));
    REQUIRE(aisle.house.scan(aisle.house.goods(Step::receive, "DOCK-1", "K-0", 5)).did ==
            "received");
    aisle.order("SO-20", 2, 6);
    const auto stopped = aisle.pick();
    CHECK(stopped.verdict.code == "FEFO_VIOLATION");
    CHECK(holds(stopped.verdict.told, "K-0"));
    aisle.is_untouched();
    aisle.is_rebuilt_equal();
}

TEST_CASE("a pallet is picked for an order alone, and only one that is known",
          "[store][pallet][pick]") {
    Aisle aisle;
    CHECK(aisle.pick().verdict.code == "NO_DOCUMENT");
    aisle.is_untouched();
    aisle.order("SO-20", 2, 6);
    CHECK(aisle.house.scan(aisle.house.carton(Step::pick, "PICK-1", "395060000000000023"))
              .verdict.code == "UNKNOWN_CARTON");
}

TEST_CASE("a pallet of packed cartons is loaded and not picked", "[store][pallet][pick]") {
    Aisle aisle;
    aisle.house.send({{"order", R"({"id":"SO-40","customer":"C-N","lines":[
        {"line":1,"gtin":"09506000134352","quantity":2}]})"}});
    aisle.house.scan(aisle.house.code(Step::pack, "PACK-1", "SO-40"));
    aisle.house.scan(aisle.house.unit(Step::pack, "PACK-1", "S-3"));
    const auto last = aisle.house.scan(aisle.house.unit(Step::pack, "PACK-1", "S-4"));
    const std::string carton = print_field(last, "sscc");
    aisle.house.scan(aisle.house.carton(Step::palletise, "PAL-2", "395060000000000023"));
    REQUIRE(aisle.house.scan(aisle.house.carton(Step::palletise, "PAL-2", carton)).did ==
            "put_on_pallet");
    aisle.order("SO-20", 2, 6);
    CHECK(aisle.house.scan(aisle.house.carton(Step::pick, "PICK-1", "395060000000000023"))
              .verdict.code == "PALLET_PACKED");
    CHECK(aisle.state_of("S-3") == "PACKED");
    // A carton by itself is nothing that a picker fetches, and neither is a unit out of it.
    CHECK(aisle.house.scan(aisle.house.unit(Step::pick, "PICK-1", "S-3")).verdict.blocks());
    aisle.house.scan(aisle.house.code(Step::pick, "PICK-3", "SO-40"));
    CHECK(aisle.house.scan(aisle.house.unit(Step::pick, "PICK-3", "S-3")).verdict.blocks());
    CHECK(aisle.state_of("S-3") == "PACKED");
    CHECK(aisle.house.scan(aisle.house.carton(Step::pick, "PICK-1", carton)).verdict.blocks());
}
