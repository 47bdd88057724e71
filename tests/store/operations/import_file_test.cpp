// A file of many rows over the real store: nothing of it is seen until all of it is, whatever
// happens on the way (decision 0050).

#include "store/model/identity.hpp"
#include "store/sqlite/database.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr int slice = 250;

std::string gtin_of(int n) {
    std::string digits = fmt::format("0950700{:06}", n);
    digits.push_back(gs1_check_digit(digits));
    return digits;
}

std::string products(int first, int count) {
    std::string items;
    for (int n = first; n < first + count; ++n)
        items += fmt::format(R"({}{{"gtin":"{}","name":"Product {}","lot_tracked":true}})",
                             items.empty() ? "[" : ",",
                             gtin_of(n),
                             n);
    return items + "]";
}

struct Part {
    int first = 1;
    int count = slice;
    int of = 0;
    std::string file = "f1";
};

store::Operation staged(Warehouse& house, const Part& part) {
    store::Operation operation = house.operation("import_stage",
                                                 {{"import", part.file},
                                                  {"kind", "products"},
                                                  {"rows", std::to_string(part.of)},
                                                  {"first", std::to_string(part.first)},
                                                  {"items", products(part.first, part.count)}});
    operation.request_id = fmt::format("{}:{}", part.file, part.first);
    return operation;
}

void stage(Warehouse& house, int count, int of) {
    for (int first = 1; first <= count; first += slice) {
        const auto outcome = house.ask(staged(house, {first, slice, of, "f1"}));
        REQUIRE(outcome.has_value());
        INFO(outcome->verdict.told);
        REQUIRE(outcome->did == "staged");
    }
}

store::Outcome publish(Warehouse& house, int of, const std::string& file = "f1") {
    return house.operate("import_publish", {{"import", file}, {"rows", std::to_string(of)}});
}

/// What a dock says of a carton of that product: PRODUCT_UNKNOWN, or something else.
std::string at_the_dock(Warehouse& house, int n) {
    return house.scan(house.unit(Step::receive, "DOCK-1", "S-1", gtin_of(n))).verdict.code;
}

std::int64_t number(Warehouse& house, const std::string& question) {
    auto database = store::sqlite::Database::open(house.path(), store::sqlite::OpenMode::reader);
    REQUIRE(database);
    store::sqlite::Statement statement(**database, question);
    auto rows = statement();
    return rows.next() ? rows.integer(0) : -1;
}

std::int64_t written(Warehouse& house) {
    return number(house, "SELECT count(*) FROM product WHERE gtin LIKE '0950700%'");
}

bool is_rebuilt_equal(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    return answer.find(R"("ok":true)") != std::string::npos;
}

}  // namespace

TEST_CASE("nobody sees a file before its last row is here and somebody puts it in force",
          "[import][R-58]") {
    Warehouse house;
    house.furnish();
    stage(house, 500, 750);
    CHECK(at_the_dock(house, 1) == "PRODUCT_UNKNOWN");
    CHECK(publish(house, 750).verdict.code == "IMPORT_INCOMPLETE");
    CHECK(written(house) == 0);
    house.restart();
    CHECK(written(house) == 0);
    CHECK(at_the_dock(house, 500) == "PRODUCT_UNKNOWN");
    REQUIRE(house.ask(staged(house, {501, slice, 750, "f1"}))->did == "staged");
    CHECK(publish(house, 750).did == "imported");
    CHECK(written(house) == 750);
    CHECK(at_the_dock(house, 500) != "PRODUCT_UNKNOWN");
    CHECK(number(house, "SELECT count(*) FROM import_stage") == 0);
    CHECK(number(house, "SELECT count(*) FROM import_key") == 0);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("of a large file every scan meets the whole, while it is still being written",
          "[import]") {
    constexpr int rows = 5000;
    Warehouse house;
    house.furnish();
    stage(house, rows, rows);
    REQUIRE(publish(house, rows).did == "imported");
    // The last rows are written last, but for those that are asked for.
    for (int n = rows; n > 0; n -= 499) {
        INFO(n);
        CHECK(at_the_dock(house, n) != "PRODUCT_UNKNOWN");
    }
    house.restart();
    CHECK(written(house) == rows);
    CHECK(number(house, "SELECT count(*) FROM import_key") == 0);
    CHECK(house.operate("import_publish", {{"import", "f1"}, {"rows", "5000"}}).verdict.code ==
          "IMPORT_DONE");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a pallet's scan meets the products of all that was announced on it",
          "[import][pallet]") {
    constexpr int rows = 5000;
    Warehouse house;
    house.furnish();
    house.send({{"asn",
                 fmt::format(R"({{"id":"ASN-P","supplier":"V-1","lines":[
                     {{"line":1,"gtin":"{}","lot":"A","quantity":2,"pallet":"395060000000000016"}},
                     {{"line":2,"gtin":"{}","lot":"B","quantity":3,"sscc":"395060000000000023",
                       "pallet":"395060000000000016"}}]}})",
                             gtin_of(rows),
                             gtin_of(rows - 1))}});
    stage(house, rows, rows);
    REQUIRE(publish(house, rows).did == "imported");
    const auto received = house.scan(house.carton(Step::receive, "DOCK-1", "395060000000000016"));
    INFO(received.verdict.told);
    CHECK(received.did == "received");
    CHECK(received.progress == "5 / 5");
    house.restart();
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("what the cloud says after a file was put in force is not written over by it",
          "[import]") {
    constexpr int rows = 5000;
    Warehouse house;
    house.furnish();
    stage(house, rows, rows);
    REQUIRE(publish(house, rows).did == "imported");
    house.send({{"product",
                 fmt::format(R"({{"gtin":"{}","name":"As the cloud says","lot_tracked":true}})",
                             gtin_of(rows))}});
    house.restart();
    CHECK(number(house, "SELECT count(*) FROM product WHERE name='As the cloud says'") == 1);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a slice that is sent again changes nothing, and one that is left out is asked for",
          "[import]") {
    Warehouse house;
    house.furnish();
    stage(house, 250, 500);
    CHECK(house.ask(staged(house, {1, slice, 500, "f1"}))->is_replay);
    auto again = staged(house, {1, slice, 500, "f1"});
    again.request_id = "another";
    CHECK(house.ask(again)->verdict.code == "IMPORT_OUT_OF_ORDER");
    CHECK(house.ask(staged(house, {501, slice, 750, "f1"}))->verdict.code == "IMPORT_OUT_OF_ORDER");
    CHECK(number(house, "SELECT count(*) FROM import_stage") == 250);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a file that is dropped is gone, and takes nothing with it", "[import]") {
    Warehouse house;
    house.furnish();
    stage(house, 1000, 1000);
    CHECK(house.operate("import_drop", {{"import", "f1"}}).did == "import_dropped");
    CHECK(publish(house, 1000).verdict.code == "IMPORT_DROPPED");
    house.restart();
    CHECK(written(house) == 0);
    CHECK(number(house, "SELECT count(*) FROM import_stage") == 0);
    CHECK(number(house, "SELECT count(*) FROM import_key") == 0);
    CHECK(house.operate("import_drop", {{"import", "f2"}}).verdict.code == "TARGET_UNKNOWN");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a large file that would change much is put in force by two people", "[import][R-58]") {
    Warehouse house;
    house.furnish();
    // Three products are here: 250 are more than ten times as many.
    auto alone = staged(house, {1, slice, 250, "f1"});
    alone.authority.second_badge.clear();
    CHECK(house.ask(alone)->verdict.code == "IMPORT_SUSPICIOUS");
    auto two = staged(house, {1, slice, 250, "f1"});
    two.request_id = "two";
    CHECK(house.ask(two)->did == "staged");
    auto publishing = house.operation("import_publish", {{"import", "f1"}, {"rows", "250"}});
    publishing.authority.second_badge.clear();
    CHECK(house.ask(publishing)->verdict.code == "IMPORT_SUSPICIOUS");
    CHECK(written(house) == 0);
    CHECK(publish(house, 250).did == "imported");
    CHECK(written(house) == 250);
}

TEST_CASE("a stopped store ends what it began to write before it answers anybody", "[import]") {
    constexpr int rows = 5000;
    Warehouse house;
    house.furnish();
    stage(house, rows, rows);
    REQUIRE(publish(house, rows).did == "imported");
    house.stop();
    const std::int64_t before = written(house);
    house.restart();
    CHECK(before <= rows);
    CHECK(written(house) == rows);
}
