// Exceptions of receipts: which list an exception is in, and that it has one name for ever.

#include "tests/store/kit/warehouse.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;
namespace json = boost::json;

namespace {

constexpr const char* dock = "DOCK-1";

json::array exceptions(Warehouse& house) {
    store::ExportTerms terms;
    terms.sheet = "exceptions";
    const auto answer = house.queries()->exported(terms);
    REQUIRE(answer.has_value());
    return json::parse(*answer).at("exceptions").as_array();
}

json::object report(Warehouse& house) {
    const json::array all = exceptions(house);
    REQUIRE(all.size() == 1);
    return all.at(0).at("report").as_object();
}

rules::Attempt labelled(Warehouse& house, const std::string& serial, const std::string& lot) {
    rules::Attempt attempt = house.unit(Step::receive, dock, serial);
    attempt.what.lot = *Lot::parse(lot);
    return attempt;
}

void close(Warehouse& house) {
    REQUIRE(house.operate("close_receipt", {{"document", "ASN-1"}}).did == "receipt_closed");
}

void receive(Warehouse& house, std::initializer_list<const char*> serials) {
    house.furnish();
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    for (const char* serial : serials) house.scan(labelled(house, serial, "L-88"));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
}

}  // namespace

TEST_CASE("one serial came in the place of another: data that do not fit",
          "[exports][R-08][R-09]") {
    Warehouse house;
    receive(house, {"S-1", "S-2", "S-3", "X-1"});
    CHECK(report(house).at("exceptions").as_object().contains("missing_product_data"));
    close(house);
    const json::object told = report(house);
    const json::object& lists = told.at("exceptions").as_object();
    REQUIRE(lists.size() == 1);
    const json::value& item = lists.at("data_misalignment").at(0);
    CHECK(item.at("received_product_serial") == "X-1");
    CHECK(item.at("product_data_serial") == "S-4");
    CHECK(item.at("product_data_lot") == "L-88");
    CHECK(report(house) == told);
}

TEST_CASE("where two are missing nobody knows which one it stands for", "[exports][R-08][R-09]") {
    Warehouse house;
    receive(house, {"S-1", "S-2", "X-1"});
    close(house);
    const json::object lists = report(house).at("exceptions").as_object();
    CHECK(lists.at("missing_product_data").as_array().size() == 1);
    CHECK(lists.at("missing_product").as_array().size() == 2);
    CHECK_FALSE(lists.contains("data_misalignment"));
}

TEST_CASE("a serial of another lot than announced is said with both lots", "[exports][R-10]") {
    Warehouse house;
    receive(house, {"S-1", "S-2", "S-3"});
    house.scan(labelled(house, "S-4", "L-99"));
    const json::object lists = report(house).at("exceptions").as_object();
    const json::value& item = lists.at("data_misalignment").at(0);
    CHECK(item.at("received_product_lot") == "L-99");
    CHECK(item.at("product_data_lot") == "L-88");
    CHECK(item.at("product_data_expiry") == "2027-01-31");
    CHECK(item.at("received_product_serial") == item.at("product_data_serial"));
}

TEST_CASE("what was refused as too much has come all the same", "[exports][R-11]") {
    Warehouse house;
    receive(house, {"S-1", "S-2", "S-3", "S-4"});
    REQUIRE(house.scan(house.goods(Step::receive, dock, "K-1", 2)).verdict.code == "OVER_RECEIPT");
    const json::object lists = report(house).at("exceptions").as_object();
    const json::value& item = lists.at("overages").at(0);
    CHECK(item.at("quantity_ordered") == 10);
    CHECK(item.at("quantity_received") == 12);
}

TEST_CASE("a receipt with nothing to tell has no report (control)", "[exports]") {
    Warehouse house;
    receive(house, {"S-1", "S-2", "S-3", "S-4"});
    close(house);
    CHECK(exceptions(house).empty());
}

TEST_CASE("a report is resolved when its cases are decided", "[exports]") {
    Warehouse house;
    receive(house, {"S-1", "S-2", "S-3", "S-4"});
    house.scan(labelled(house, "X-1", "L-88"));
    const json::value open = exceptions(house).at(0);
    CHECK(open.at("report").at("case_resolved") == false);
    store::CaseDecision decision;
    decision.case_id = open.at("findings").at(0).at("case").as_int64();
    decision.decision = "return_to_vendor";
    decision.actor = "B-7";
    decision.reason = "not ours";
    decision.at = house.clock().now();
    REQUIRE(house.ask(std::move(decision)).has_value());
    const json::value decided = exceptions(house).at(0);
    CHECK(decided.at("report").at("case_resolved") == true);
    CHECK(decided.at("report").at("message_uuid") != open.at("report").at("message_uuid"));
    CHECK(decided.at("report").at("exception_case_uuid") ==
          open.at("report").at("exception_case_uuid"));
    const json::value& item =
        decided.at("report").at("exceptions").at("missing_product_data").at(0);
    CHECK(item.at("resolution_request") == "Return product");
}
