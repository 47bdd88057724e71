// Rows of the sheets of the food rule: cartons, pallets, corrections, own lots, pages.

#include "tests/store/kit/warehouse.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;
namespace json = boost::json;

namespace {

constexpr const char* dock = "DOCK-1";
constexpr const char* bench = "PACK-1";
constexpr const char* door = "DOOR-1";

json::object page(Warehouse& house, const store::ExportTerms& terms) {
    const auto answer = house.queries()->exported(terms);
    REQUIRE(answer.has_value());
    return json::parse(*answer).as_object();
}

store::ExportTerms terms_of(const std::string& sheet) {
    store::ExportTerms terms;
    terms.sheet = sheet;
    return terms;
}

json::object sheet(Warehouse& house, const std::string& name) {
    return page(house, terms_of(name));
}

std::string cell(const json::object& answer, std::size_t row, std::string_view column) {
    const json::array& columns = answer.at("columns").as_array();
    const auto found = std::find(columns.begin(), columns.end(), json::value(column));
    REQUIRE(found != columns.end());
    const auto index = static_cast<std::size_t>(found - columns.begin());
    return std::string(answer.at("rows").at(row).at("cells").at(index).as_string());
}

std::size_t count(const json::object& answer) {
    return answer.at("rows").as_array().size();
}

// Under the food rule, with partners that are known.
void furnish_food(Warehouse& house, const std::string& more = "") {
    house.furnish();
    house.send({{"product",
                 R"({"gtin":"09506000134352","name":"Romaine","serial_tracked":true,
                     "lot_tracked":true,"regimes":["fsma204"],"unit":"CS"})"},
                {"product",
                 R"({"gtin":"09506000134369","name":"Kale","lot_tracked":true,
                     "regimes":["fsma204"])" +
                     more + "}"},
                {"party", R"({"id":"V-1","name":"Farm","gln":"0950600013437"})"},
                {"party", R"({"id":"C-N","name":"Northside","address":"3 High St"})"},
                {"party", R"({"id":"TEST-1","name":"Depot","address":"9 Dock St"})"}});
}

void receive_food(Warehouse& house) {
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    for (const char* serial : {"S-1", "S-2"})
        REQUIRE(house.scan(house.unit(Step::receive, dock, serial)).did == "received");
    REQUIRE(house.scan(house.goods(Step::receive, dock, "K-1", 10)).did == "received");
}

std::string pack_and_close(Warehouse& house) {
    house.scan(house.code(Step::pack, bench, "SO-1"));
    for (const char* serial : {"S-1", "S-2"}) house.scan(house.unit(Step::pack, bench, serial));
    rules::Attempt typed = house.goods(Step::pack, bench, "K-1", 3);
    typed.observation.capture = "MANUAL";
    const auto closed = house.scan(std::move(typed));
    REQUIRE(closed.did == "carton_closed");
    return print_field(closed, "sscc");
}

}  // namespace

TEST_CASE("goods that came by scan are one row for each lot and document", "[exports]") {
    Warehouse house;
    furnish_food(house);
    receive_food(house);
    const json::object receipts = sheet(house, "receiving");
    REQUIRE(count(receipts) == 2);
    CHECK(cell(receipts, 0, "TLC-Batch") == "L-88");
    CHECK(cell(receipts, 0, "Qty & UOM") == "2 CS");
    CHECK(cell(receipts, 0, "TLC-SSCC") == "095060000000000015");
    CHECK(cell(receipts, 0, "Immediate Previous Source") == "Farm");
    CHECK(cell(receipts, 0, "Receive Location") == "Depot, 9 Dock St");
    CHECK(cell(receipts, 0, "Receive Date") == "2026-11-22");
    CHECK(cell(receipts, 0, "TLC Source Ref GLN") == "0950600013437");
    CHECK(cell(receipts, 0, "TLC Assigned By").empty());
    CHECK(cell(receipts, 1, "Qty & UOM") == "10 EA");
    CHECK(cell(receipts, 1, "Ref Doc") == "ASN ASN-1");
}

TEST_CASE("another day is another row, and a receipt that was undone is none", "[exports]") {
    Warehouse house;
    furnish_food(house);
    receive_food(house);
    house.clock().set("2026-11-23T09:00:00Z");
    REQUIRE(house.scan(house.unit(Step::receive, dock, "S-3")).did == "received");
    REQUIRE(house.scan(house.unit(Step::receive, dock, "S-4")).did == "received");
    REQUIRE(house.operate("undo_receive", {{"gtin", romaine}, {"serial", "S-4"}}).did ==
            "receipt_undone");
    const json::object all = sheet(house, "receiving");
    REQUIRE(count(all) == 3);
    CHECK(cell(all, 2, "Receive Date") == "2026-11-23");
    CHECK(cell(all, 2, "Qty & UOM") == "1 CS");
    // Undone on a later day it is taken off on that day.
    house.clock().set("2026-11-24T09:00:00Z");
    house.operate("undo_receive", {{"gtin", romaine}, {"serial", "S-3"}});
    store::ExportTerms terms = terms_of("receiving");
    terms.from = *parse_date("2026-11-24");
    const json::object corrected = page(house, terms);
    REQUIRE(count(corrected) == 1);
    CHECK(cell(corrected, 0, "Qty & UOM") == "-1 CS");
    terms.from = *parse_date("2026-11-23");
    terms.to = terms.from;
    const json::object one_day = page(house, terms);
    REQUIRE(count(one_day) == 1);
    CHECK(cell(one_day, 0, "Qty & UOM") == "1 CS");
}

TEST_CASE("a carton that was loaded says how its lots were learnt", "[exports][R-61]") {
    Warehouse house;
    furnish_food(house);
    receive_food(house);
    const std::string sscc = pack_and_close(house);
    CHECK(count(sheet(house, "shipping")) == 0);
    REQUIRE(house.scan(house.carton(Step::ship, door, sscc)).did == "shipped");
    const json::object left = sheet(house, "dc-to-store");
    REQUIRE(count(left) == 2);
    CHECK(cell(left, 0, "Ship To Location") == "Northside, 3 High St");
    CHECK(cell(left, 0, "Ship From Location") == "Depot, 9 Dock St");
    CHECK(cell(left, 0, "TLC-SSCC") == sscc);
    CHECK(cell(left, 0, "Pallet ID").empty());
    CHECK(cell(left, 0, "Qty & UOM") == "2 CS");
    CHECK(cell(left, 0, "TLC Collection Method") == "CASE");
    CHECK(cell(left, 0, "Confidence Level") == "1");
    CHECK(cell(left, 0, "Notes on TLC Ambiguity").empty());
    CHECK(cell(left, 1, "Qty & UOM") == "3 EA");
    CHECK(cell(left, 1, "TLC Collection Method") == "MANUAL");
    CHECK(cell(left, 1, "Confidence Level") == "0.75");
    // Taken off the truck again, it has not left.
    const auto back = house.operate("unship", {{"sscc", sscc}, {"where", "yard"}});
    INFO(back.verdict.code << " " << back.verdict.told);
    REQUIRE(back.did == "unshipped");
    CHECK(count(sheet(house, "dc-to-store")) == 0);
}

TEST_CASE("what was inferred says from what, and how little is known of it", "[exports][R-61]") {
    Warehouse house;
    furnish_food(house);
    house.scan(house.code(Step::receive, dock, "ASN-1"));
    for (const auto& [serial, capture] : {std::pair("S-1", "PALLET_INFERRED"), {"S-2", "SLOT"}}) {
        rules::Attempt inferred = house.unit(Step::receive, dock, serial);
        inferred.observation.capture = capture;
        REQUIRE(house.scan(std::move(inferred)).did == "received");
    }
    REQUIRE(house.scan(house.goods(Step::receive, dock, "K-1", 10)).did == "received");
    const std::string sscc = pack_and_close(house);
    REQUIRE(house.scan(house.carton(Step::ship, door, sscc)).did == "shipped");
    const json::object left = sheet(house, "dc-to-store");
    REQUIRE(count(left) == 3);
    CHECK(cell(left, 0, "TLC Collection Method") == "PALLET_INFERRED");
    CHECK(cell(left, 0, "Confidence Level") == "0.75");
    CHECK(cell(left, 0, "Notes on TLC Ambiguity") == "The lot was taken from its pallet.");
    CHECK(cell(left, 1, "TLC Collection Method") == "SLOT");
    CHECK(cell(left, 1, "Confidence Level") == "0.25");
    CHECK(cell(left, 1, "Notes on TLC Ambiguity") == "The lot was taken from its place.");
}

TEST_CASE("a carton on a pallet names the pallet", "[exports]") {
    Warehouse house;
    furnish_food(house);
    receive_food(house);
    const std::string sscc = pack_and_close(house);
    const std::string pallet = "395060000000000016";
    for (const char* did : {"pallet_opened", "put_on_pallet", "pallet_closed"}) {
        const bool is_carton = std::string_view(did) == "put_on_pallet";
        REQUIRE(house.scan(house.carton(Step::palletise, "PAL-1", is_carton ? sscc : pallet)).did ==
                did);
    }
    REQUIRE(house.scan(house.carton(Step::ship, door, pallet)).did == "shipped");
    const json::object left = sheet(house, "dc-to-store");
    REQUIRE(count(left) == 2);
    CHECK(cell(left, 0, "TLC-SSCC") == sscc);
    CHECK(cell(left, 0, "Pallet ID") == pallet);
    CHECK(cell(left, 0, "TLC Collection Method") == "CASE");
    CHECK(cell(left, 1, "TLC Collection Method") == "MANUAL");
}

TEST_CASE("a lot that this site gave is its own in every column of the source", "[exports][R-04]") {
    Warehouse house;
    furnish_food(house, R"(,"assign_tlc":true)");
    house.send({{"party", R"({"id":"TEST-1","name":"Depot","gln":"0950600013437","phone":"55"})"},
                {"lot_range", R"({"id":"LR-1","prefix":"T","width":6,"first":1,"last":99})"},
                {"asn",
                 R"({"id":"ASN-7","supplier":"V-1","lines":[
                     {"line":1,"gtin":"09506000134369","quantity":5}]})"}});
    house.scan(house.code(Step::receive, dock, "ASN-7"));
    rules::Attempt bare = house.goods(Step::receive, dock, "X", 5);
    bare.what.lot.reset();
    REQUIRE(house.scan(std::move(bare)).did == "received");
    const json::object receipts = sheet(house, "receiving");
    REQUIRE(count(receipts) == 1);
    CHECK(cell(receipts, 0, "TLC-Batch") == "T000001");
    CHECK(cell(receipts, 0, "TLC Assigned By") == "Depot");
    CHECK(cell(receipts, 0, "Source Ref Assigned By") == "Depot");
    CHECK(cell(receipts, 0, "TLC Source Name") == "Depot");
    CHECK(cell(receipts, 0, "TLC Source Phone") == "55");
    CHECK(cell(receipts, 0, "Immediate Previous Source") == "Farm");
}

TEST_CASE("what goes back to the vendor is a shipment, and none to a store", "[exports]") {
    Warehouse house;
    furnish_food(house);
    receive_food(house);
    REQUIRE(house
                .operate("return_to_vendor",
                         {{"gtin", romaine}, {"serial", "S-1"}, {"document", "RTV-1"}})
                .did == "returned_to_vendor");
    const json::object left = sheet(house, "shipping");
    REQUIRE(count(left) == 1);
    CHECK(cell(left, 0, "Ref Doc") == "RTV RTV-1");
    CHECK(cell(left, 0, "Ship To Location") == "Farm");
    CHECK(count(sheet(house, "dc-to-store")) == 0);
}

TEST_CASE("goods outside the food rule are in no sheet unless all are asked for", "[exports]") {
    Warehouse house;
    house.furnish();
    receive_food(house);
    CHECK(count(sheet(house, "receiving")) == 0);
    store::ExportTerms terms = terms_of("receiving");
    terms.is_for_all = true;
    CHECK(count(page(house, terms)) == 2);
}

TEST_CASE("a lot is asked for as it is spelt on any label, and an unknown one is told",
          "[exports]") {
    Warehouse house;
    furnish_food(house);
    receive_food(house);
    store::ExportTerms terms = terms_of("receiving");
    terms.lot = std::string(romaine) + "/l-88";
    const json::object one = page(house, terms);
    REQUIRE(count(one) == 1);
    CHECK(cell(one, 0, "TLC-Batch") == "L-88");
    terms.lot = std::string(romaine) + "/L-99";
    CHECK(house.queries()->exported(terms).error().code() == FaultCode::invalid_input);
    terms.lot = "L-88";
    CHECK(house.queries()->exported(terms).error().code() == FaultCode::invalid_input);
    CHECK(house.queries()->exported(terms_of("weather")).error().code() ==
          FaultCode::invalid_input);
}

TEST_CASE("pages follow each other without a row lost or told twice", "[exports]") {
    Warehouse house;
    furnish_food(house);
    house.send({{"asn",
                 R"({"id":"ASN-9","supplier":"V-1","lines":[
                     {"line":1,"gtin":"09506000134369","lot":"K-9","quantity":9000}]})"}});
    house.scan(house.code(Step::receive, dock, "ASN-9"));
    constexpr int reads = 2600;  // some 5,200 changes: more than a page holds
    for (int i = 0; i < reads; ++i) {
        rules::Attempt goods = house.goods(Step::receive, dock, "K-9", 1);
        goods.observation.raw += std::to_string(i);
        REQUIRE(house.scan(std::move(goods)).did == "received");
    }
    store::ExportTerms terms = terms_of("receiving");
    std::int64_t quantity = 0;
    int pages = 0;
    do {
        const json::object answer = page(house, terms);
        ++pages;
        REQUIRE(count(answer) <= 1);
        if (count(answer) == 1) quantity += answer.at("rows").at(0).at("quantity").as_int64();
        const json::value* next = answer.if_contains("next");
        const auto place = next == nullptr ? 0 : next->to_number<std::uint64_t>();
        REQUIRE((place == 0 || place > terms.after));
        terms.after = place;
    } while (terms.after != 0);
    CHECK(quantity == reads);
    CHECK(pages > 1);
}
