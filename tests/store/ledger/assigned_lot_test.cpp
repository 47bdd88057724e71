// Goods that come without a lot where the site gives them one (rule R-04).

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

const char* const spinach = "09506000134413";

class Dock {
public:
    explicit Dock(const std::string& product = R"("assign_tlc":true)",
                  const std::string& supplier = "{}") {
        house.furnish();
        house.send(
            {{"product",
              R"({"gtin":"09506000134413","name":"Spinach","lot_tracked":true,)" + product + "}"},
             {"party", supplier == "{}" ? R"({"id":"V-2","name":"Farm"})" : supplier},
             {"asn",
              R"({"id":"ASN-5","supplier":"V-2","po":"PO-5","lines":[
                         {"line":1,"gtin":"09506000134413","quantity":9}]})"},
             {"asn",
              R"({"id":"ASN-6","supplier":"V-2","lines":[
                         {"line":1,"gtin":"09506000134413","quantity":9}]})"}});
        house.scan(house.code(Step::receive, "DOCK-1", "ASN-5"));
    }

    void lease(int last) {
        house.send({{"lot_range",
                     R"({"id":"LR-1","prefix":"T","width":4,"first":1,"last":)" +
                         std::to_string(last) + R"(,"low":1})"}});
    }

    store::Outcome receive(const char* expires_on = nullptr) {
        rules::Attempt attempt = house.goods(Step::receive, "DOCK-1", "X", 1);
        attempt.what.gtin = *Gtin::parse(spinach);
        attempt.what.lot.reset();
        if (expires_on != nullptr) attempt.what.expires_on = *parse_date(expires_on);
        return house.scan(std::move(attempt));
    }

    Warehouse house;
};

}  // namespace

TEST_CASE("goods without a lot get one of the site's range, and its label", "[store][tlc]") {
    Dock dock;
    dock.lease(20);
    const auto received = dock.receive();
    CHECK(received.verdict.accepted());
    CHECK(received.verdict.code == "TLC_ASSIGNED");
    CHECK(received.verdict.rule == "R-04");
    CHECK(received.did == "received");
    CHECK(print_field(received, "lot") == "T0001");
    CHECK(dock.house.queries()->trace("T0001").value().find("\"supplier\":\"V-2\"") !=
          std::string::npos);
    CHECK(dock.house.rebuild().find("\"ok\":true") != std::string::npos);
}

TEST_CASE("the next case of the same delivery and date shares the lot, others do not",
          "[store][tlc]") {
    Dock dock;
    dock.lease(20);
    CHECK(print_field(dock.receive("2027-01-31"), "lot") == "T0001");
    CHECK(print_field(dock.receive("2027-01-31"), "lot") == "T0001");
    CHECK(print_field(dock.receive("2027-02-28"), "lot") == "T0002");
    dock.house.scan(dock.house.code(Step::receive, "DOCK-1", "ASN-6"));
    CHECK(print_field(dock.receive("2027-01-31"), "lot") == "T0003");
    CHECK(dock.house.rebuild().find("\"ok\":true") != std::string::npos);
}

TEST_CASE("other rules speak beside the lot that is given", "[store][tlc]") {
    Dock dock;
    dock.lease(20);
    const auto expired = dock.receive("2026-11-01");
    CHECK(expired.verdict.code == "EXPIRED_AT_RECEIPT");
    CHECK(expired.did == "received");
    CHECK(print_field(expired, "lot") == "T0001");
}

TEST_CASE("without a number left the goods wait, and the sentence says what to do",
          "[store][tlc]") {
    Dock dock;
    CHECK(dock.receive().verdict.code == "LOT_REQUIRED");
    dock.lease(1);
    CHECK(dock.receive("2027-01-31").verdict.code == "TLC_ASSIGNED");
    const auto refused = dock.receive("2027-02-28");
    CHECK(refused.verdict.code == "LOT_REQUIRED");
    CHECK(refused.verdict.told.find("Connect to the cloud") != std::string::npos);
    CHECK(refused.did.empty());
}

TEST_CASE("food of an exempt supplier gets a lot, other goods of his do not", "[store][tlc]") {
    const std::string exempt = R"({"id":"V-2","name":"Farm","exempt":true})";
    Dock food(R"("regimes":["fsma204"])", exempt);
    food.lease(5);
    const auto received = food.receive();
    CHECK(print_field(received, "lot") == "T0001");
    Dock tools(R"("regimes":["iatf"])", exempt);
    tools.lease(5);
    CHECK(tools.receive().verdict.code == "LOT_REQUIRED");
    Dock not_exempt(R"("regimes":["fsma204"])");
    not_exempt.lease(5);
    CHECK(not_exempt.receive().verdict.code == "LOT_REQUIRED");
}
