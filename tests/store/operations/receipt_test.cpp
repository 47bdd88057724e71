// Closing a receipt, and taking one back.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

store::Outcome operate(Warehouse& house,
                       const std::string& kind,
                       std::vector<std::pair<std::string, std::string>> arguments) {
    store::Operation operation;
    operation.kind = kind;
    operation.authority.badge = "B-1";
    operation.authority.role = "supervisor";
    operation.authority.reason = "end of shift";
    operation.arguments = std::move(arguments);
    operation.at = house.clock().now();
    operation.site_date = site_date(house.clock().now(), "UTC");
    operation.clock_quality = "synced";
    const auto outcome = house.ask(std::move(operation));
    REQUIRE(outcome.has_value());
    return *outcome;
}

bool is_rebuilt_equal(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    return answer.find(R"("ok":true)") != std::string::npos;
}

}  // namespace

TEST_CASE("what did not come is told when the receipt is closed", "[operations][R-09][R-11]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    house.scan(house.unit(Step::receive, "D1", "S-1"));
    house.scan(house.goods(Step::receive, "D1", "K-1", 4));
    CHECK(operate(house, "close_receipt", {{"document", "ASN-1"}}).did == "receipt_closed");
    const std::string cases = *house.queries()->cases(true);
    CHECK(cases.find("SERIAL_MISSING_FROM_SHIPMENT") != std::string::npos);
    CHECK(cases.find("S-2, S-3, S-4") != std::string::npos);
    CHECK(cases.find("6 of 10") != std::string::npos);
    CHECK(house.queries()->trace("S-2")->find("VOIDED") != std::string::npos);
    CHECK(operate(house, "close_receipt", {{"document", "ASN-1"}}).verdict.code ==
          "RECEIPT_CLOSED");
    CHECK(operate(house, "close_receipt", {{"document", "SO-1"}}).verdict.code ==
          "DOCUMENT_UNKNOWN");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a complete receipt is closed without a case", "[operations][R-09]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    for (const char* serial : {"S-1", "S-2", "S-3", "S-4"})
        house.scan(house.unit(Step::receive, "D1", serial));
    house.scan(house.goods(Step::receive, "D1", "K-1", 10));
    operate(house, "close_receipt", {{"document", "ASN-1"}});
    CHECK(house.queries()->cases(true)->find("MISSING") == std::string::npos);
    CHECK(house.queries()->cases(true)->find("SHORT") == std::string::npos);
}

TEST_CASE("a receipt is taken back as long as the unit was not moved", "[operations]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, "D1", "S-1"));
    const auto undone = operate(house, "undo_receive", {{"gtin", romaine}, {"serial", "S-1"}});
    CHECK(undone.did == "receipt_undone");
    CHECK(house.queries()->trace("S-1")->find("EXPECTED") != std::string::npos);
    house.clock().advance_ms(120'000);
    CHECK(house.scan(house.unit(Step::receive, "D1", "S-1")).progress == "1 / 14");
    house.scan(house.unit(Step::putaway, "A-01", "S-1"));
    CHECK(operate(house, "undo_receive", {{"gtin", romaine}, {"serial", "S-1"}}).verdict.code ==
          "BAD_STATE_IN_INVENTORY_EXPECTED");
    CHECK(operate(house, "undo_receive", {{"gtin", romaine}, {"serial", "X"}}).verdict.code ==
          "SERIAL_UNKNOWN");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a unit that nobody announced is struck out, and may still arrive", "[operations]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    const auto brought = [&] {
        rules::Attempt attempt = house.unit(Step::receive, "D1", "S-77");
        attempt.what.lot = *Lot::parse("L-88");
        attempt.what.expires_on = *parse_date("2027-01-31");
        return house.scan(std::move(attempt));
    };
    REQUIRE(brought().did == "received");
    const auto undone = operate(house, "undo_receive", {{"gtin", romaine}, {"serial", "S-77"}});
    CHECK(undone.did == "receipt_undone");
    CHECK(undone.verdict.told.find("struck out") != std::string::npos);
    CHECK(house.scan(house.unit(Step::putaway, "A-01", "S-77")).verdict.code == "SERIAL_UNKNOWN");
    house.clock().advance_ms(120'000);
    CHECK(brought().did == "received");
    CHECK(is_rebuilt_equal(house));
}
