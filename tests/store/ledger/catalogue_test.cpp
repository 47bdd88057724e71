// What the cloud says about products, places and documents, and what the database enforces of it.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* gadget = "09506000134390";

std::string product(const char* gtin, const std::string& more) {
    return std::string(R"({"gtin":")") + gtin + R"(","name":"P","serial_tracked":true)" + more +
           "}";
}

std::string asn(const char* id, const char* gtin, const char* serials) {
    return std::string(R"({"id":")") + id + R"(","supplier":"V-1","lines":[{"line":1,"gtin":")" +
           gtin + R"(","serials":)" + serials + "}]}";
}

bool is_rebuilt_equal(Warehouse& house) {
    return house.rebuild().find(R"("ok":true)") != std::string::npos;
}

}  // namespace

TEST_CASE("one owner's serial stands once over all its products", "[ledger][catalogue]") {
    Warehouse house;
    house.send({{"product", product(widget, R"(,"owner":"O-1","uniqueness":"owner")")},
                {"product", product(gadget, R"(,"owner":"O-1","uniqueness":"owner")")},
                {"asn", asn("ASN-1", widget, R"(["A1"])")},
                {"asn", R"({"id":"ASN-2","supplier":"V-1","lines":[
                    {"line":1,"gtin":"09506000134390","quantity":5}]})"}});
    CHECK(house.scan(house.unit(Step::receive, "D1", "A1", widget)).verdict.accepted());
    house.scan(house.code(Step::receive, "D1", "ASN-2"));
    const auto second = house.scan(house.unit(Step::receive, "D1", "A1", gadget));
    CHECK(second.verdict.code == "SERIAL_DUPLICATE");
    CHECK(house.scan(house.unit(Step::receive, "D1", "A2", gadget)).did == "received");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("two owners may have the same serial on their own products", "[ledger][catalogue]") {
    Warehouse house;
    house.send({{"product", product(widget, R"(,"owner":"O-1","uniqueness":"owner")")},
                {"product", product(gadget, R"(,"owner":"O-2","uniqueness":"owner")")},
                {"asn", asn("ASN-1", widget, R"(["A1"])")},
                {"asn", asn("ASN-2", gadget, R"(["A1"])")}});
    CHECK(house.scan(house.unit(Step::receive, "D1", "A1", widget)).verdict.accepted());
    CHECK(house.scan(house.unit(Step::receive, "D2", "A1", gadget)).verdict.accepted());
}

TEST_CASE("an announced serial that another product has already is a case", "[ledger][catalogue]") {
    Warehouse house;
    house.send({{"product", product(widget, R"(,"uniqueness":"global")")},
                {"product", product(gadget, R"(,"uniqueness":"global")")},
                {"asn", asn("ASN-1", widget, R"(["A1","A2"])")},
                {"asn", asn("ASN-2", gadget, R"(["A1","B1"])")}});
    CHECK(house.queries()->cases(true)->find("ASN_SERIAL_KNOWN") != std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("the key of a unit that never came is free again", "[ledger][catalogue]") {
    Warehouse house;
    house.send({{"product", product(widget, R"(,"uniqueness":"global")")},
                {"product", product(gadget, R"(,"uniqueness":"global")")},
                {"asn", asn("ASN-1", widget, R"(["A1"])")},
                {"asn_cancel", R"({"id":"ASN-1"})"},
                {"asn", asn("ASN-2", gadget, R"(["A1"])")},
                {"asn", asn("ASN-3", widget, R"(["A1"])")}});
    CHECK(house.scan(house.unit(Step::receive, "D1", "A1", gadget)).verdict.accepted());
    CHECK(house.scan(house.unit(Step::receive, "D2", "A1", widget)).verdict.blocks());
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a product that narrows its scope tells which serials cannot follow",
          "[ledger][catalogue]") {
    Warehouse house;
    house.send({{"product", product(widget, "")},
                {"product", product(gadget, "")},
                {"asn", asn("ASN-1", widget, R"(["A1","A2"])")},
                {"asn", asn("ASN-2", gadget, R"(["A1","A3"])")},
                {"product", product(widget, R"(,"uniqueness":"global")")},
                {"product", product(gadget, R"(,"uniqueness":"global")")}});
    CHECK(house.queries()->cases(true)->find("SERIAL_SCOPE_CONFLICT") != std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("documents, places, owners and parties in full rebuild from the ledger",
          "[ledger][catalogue]") {
    Warehouse house;
    house.send(
        {{"owner", R"({"id":"O-1","name":"Acme"})"},
         {"party", R"({"id":"C-1","name":"N","kind":"customer","min_life_out_days":30,"gln":"1"})"},
         {"location", R"({"id":"A-01","zone":"A","lot_mix":"forbid","walk_order":7})"},
         {"location", R"({"id":"Q-01","kind":"cage","quarantine":true})"},
         {"product",
          R"({"gtin":"09506000134369","name":"Kale","lot_tracked":true,"unit":"KG","scale":3,
              "regimes":["fsma204"],"custom":{"a":1},"hold_max_age_min":240})"},
         {"asn", R"({"id":"ASN-1","supplier":"V-1","po":"PO-1","owner":"O-1","lines":[
              {"line":1,"gtin":"09506000134369","lot":"K-1","quantity":12.5,"mfr_lot":"M"}]})"},
         {"order", R"({"id":"SO-1","customer":"C-1","lines":[{"line":1,"gtin":"09506000134369",
              "quantity":"0.25","serials":[],"single_lot":true,"rotation":"FEFO"}]})"},
         {"rma", R"({"id":"RMA-1","customer":"C-1","order":"SO-1","lines":[
              {"line":1,"gtin":"09506000134376","serials":["X1","X2"]}]})"}});
    CHECK(house.queries()->cases(true)->find("FEED_") == std::string::npos);
    const std::string rebuilt = house.rebuild();
    CHECK(rebuilt.find(R"("ok":true)") != std::string::npos);
    CHECK(rebuilt.find(R"("line_serial":2)") != std::string::npos);
    CHECK(rebuilt.find(R"("location":2)") != std::string::npos);
    CHECK(house.queries()->trace("ASN-1")->find("12500") != std::string::npos);
}
