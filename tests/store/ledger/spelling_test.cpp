// What was read or typed, in the site's own words: products by HIBC, PPN and part numbers, and
// typed lots with a word in front (N-08).

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* hibc = "hibc:A123BJC5D6E71";

std::string kale_with(const std::string& codes) {
    return R"({"gtin":"09506000134369","name":"Kale","lot_tracked":true,"codes":)" + codes + "}";
}

std::string widget_with(const std::string& codes) {
    return R"({"gtin":"09506000134376","name":"Widget","serial_tracked":true,"codes":)" + codes +
           "}";
}

rules::Attempt coded(Warehouse& house, std::vector<std::string> codes, const std::string& lot) {
    rules::Attempt attempt = house.at(Step::receive, "D1");
    attempt.what.product_codes = std::move(codes);
    if (!lot.empty()) attempt.what.lot = *Lot::parse(lot);
    attempt.observation.raw = "+" + attempt.what.product_codes.front() + lot;
    return attempt;
}

rules::Attempt typed(Warehouse& house, const std::string& lot) {
    rules::Attempt attempt = house.goods(Step::receive, "D1", lot, 1);
    attempt.observation.is_keyed = true;
    return attempt;
}

bool is_rebuilt_equal(Warehouse& house) {
    return house.rebuild().find(R"("ok":true)") != std::string::npos;
}

}  // namespace

TEST_CASE("goods with an HIBC code are received as the product that lists it", "[ledger][hibc]") {
    Warehouse house;
    house.furnish();
    house.send({{"product", kale_with(R"(["hibc:A123BJC5D6E71","ppn:111234567842"])")}});
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    const auto received = house.scan(coded(house, {hibc}, "K-1"));
    CHECK(received.did == "received");
    CHECK(received.subject.find(kale) != std::string::npos);
    CHECK(house.scan(coded(house, {"ppn:111234567842"}, "K-1")).did == "received");
    // Found by its code, alone and with the lot; the ledger keeps both names.
    CHECK(house.queries()->trace(hibc)->find("product:09506000134369") != std::string::npos);
    const std::string lot = *house.queries()->trace(std::string(hibc) + "/K-1");
    CHECK(lot.find("lot:09506000134369/k-1") != std::string::npos);
    CHECK(house.queries()->why("#" + std::to_string(number_of(received.seq)))->find(hibc) !=
          std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("an HIBC unit comes with its serial", "[ledger][hibc]") {
    Warehouse house;
    house.furnish();
    house.send({{"product", widget_with(R"(["hibc:A123BJC5D6E71"])")},
                {"asn", R"({"id":"ASN-2","supplier":"V-1","lines":[{"line":1,
                    "gtin":"09506000134376","serials":["W-1"]}]})"}});
    rules::Attempt unit = coded(house, {hibc}, "");
    unit.what.serial = *Serial::parse("W-1");
    CHECK(house.scan(unit).did == "received");
    CHECK(house.queries()->trace("W-1")->find("RECEIVED") != std::string::npos);
}

TEST_CASE("a code that no product lists puts the goods aside until one does", "[ledger][hibc]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    const auto refused = house.scan(coded(house, {hibc}, "K-1"));
    CHECK(refused.verdict.code == "PRODUCT_UNKNOWN");
    CHECK(refused.verdict.told.find(hibc) != std::string::npos);
    CHECK(house.queries()->cases(true)->find("code:hibc:A123BJC5D6E71") != std::string::npos);
    house.send({{"product", kale_with(R"(["hibc:A123BJC5D6E71"])")}});
    CHECK(house.queries()->cases(true)->find("code:hibc:A123BJC5D6E71") == std::string::npos);
    CHECK(house.scan(coded(house, {hibc}, "K-1")).did == "received");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a code that leaves the product's list names it no longer", "[ledger][hibc]") {
    Warehouse house;
    house.furnish();
    house.send({{"product", kale_with(R"(["hibc:A123BJC5D6E71"])")},
                {"product", kale_with(R"(["no code","HIBC:A1","hibc:"])")}});
    CHECK(house.scan(coded(house, {hibc}, "K-1")).verdict.code == "PRODUCT_UNKNOWN");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a code of two products is never chosen between", "[ledger][hibc]") {
    Warehouse house;
    house.furnish();
    house.send({{"product", kale_with(R"(["hibc:A123BJC5D6E71"])")},
                {"product", widget_with(R"(["hibc:A123BJC5D6E71"])")}});
    const auto refused = house.scan(coded(house, {hibc}, "K-1"));
    CHECK(refused.verdict.code == "LABEL_CONFLICT");
    CHECK(refused.verdict.told.find(widget) != std::string::npos);
}

TEST_CASE("an HIBC code beside a GTIN must name the same product", "[ledger][hibc][N-14]") {
    Warehouse house;
    house.furnish();
    house.send({{"product", kale_with(R"(["hibc:A123BJC5D6E71","part:4711"])")},
                {"product", widget_with(R"(["ppn:111234567842","part:4712"])")}});
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    rules::Attempt both = house.goods(Step::receive, "D1", "K-1", 1);
    both.what.product_codes = {hibc, "ppn:999"};
    CHECK(house.scan(both).did == "received");
    both = house.goods(Step::receive, "D1", "K-1", 1);
    both.what.product_codes = {"ppn:111234567842"};
    CHECK(house.scan(both).verdict.code == "LABEL_CONFLICT");
    // A part number is its supplier's own: it names a product, and contradicts none.
    both = house.goods(Step::receive, "D1", "K-1", 2);
    both.what.product_codes = {"part:4712"};
    CHECK(house.scan(both).did == "received");
    CHECK(house.scan(coded(house, {"part:4711"}, "K-1")).did == "received");
    CHECK(house.scan(coded(house, {hibc, "ppn:111234567842"}, "K-1")).verdict.code ==
          "LABEL_CONFLICT");
}

TEST_CASE("a word before a typed lot is left out where the lot is known", "[ledger][N-08]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    const auto received = house.scan(typed(house, "LOT:K-1"));
    CHECK(received.did == "received");
    CHECK(received.subject == "09506000134369 lot K-1");
    CHECK(house.queries()
              ->why("#" + std::to_string(number_of(received.seq)))
              ->find("prefix_word_left_out") != std::string::npos);
    // Not of what a scanner read, and not where nobody knows such a lot.
    CHECK(house.scan(house.goods(Step::receive, "D1", "LOT:K-1", 1)).subject ==
          "09506000134369 lot LOT:K-1");
    CHECK(house.scan(typed(house, "LOT:K-7")).subject == "09506000134369 lot LOT:K-7");
    // Where that is a lot of its own, it stays one.
    house.send({{"asn", R"({"id":"ASN-9","supplier":"V-1","lines":[{"line":1,
                    "gtin":"09506000134369","lot":"LOT:K-1","quantity":1}]})"}});
    CHECK(house.scan(typed(house, "LOT:K-1")).subject == "09506000134369 lot LOT:K-1");
}

TEST_CASE("a word before a typed serial is left out where the unit is known", "[ledger][N-08]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    rules::Attempt unit = house.unit(Step::receive, "D1", "SN:S-1");
    unit.observation.is_keyed = true;
    CHECK(house.scan(unit).subject.find("serial S-1") != std::string::npos);
    unit = house.unit(Step::receive, "D1", "SN:S-99");
    unit.observation.is_keyed = true;
    CHECK(house.scan(unit).subject.find("serial SN:S-99") != std::string::npos);
}

TEST_CASE("a lot that is readable only without its word is taken if known", "[ledger][N-08]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    const auto scanned = [&](const std::string& lot) {
        rules::Attempt attempt = typed(house, lot);
        attempt.observation.raw = "(01)09506000134369(10)LOT " + lot;
        attempt.observation.is_without_prefix_word = true;
        attempt.observation.parse_error = "lint:bad_character";
        return house.scan(attempt);
    };
    CHECK(scanned("K-1").did == "received");
    const auto refused = scanned("K-9");
    CHECK(refused.verdict.code == "PARSE_LINT_BAD_CHARACTER");
    CHECK(house.queries()->trace("K-9").has_value() == false);
}

TEST_CASE("operations and files leave the word out alike", "[ledger][operations][N-08]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    house.scan(house.goods(Step::receive, "D1", "K-1", 5));
    CHECK(house
              .operate("place_hold",
                       {{"target", "lot:9506000134369/Lot K-1"}, {"hold_reason", "damaged"}})
              .subject == "lot:09506000134369/k-1");
    // A lot nobody knows is held as it was typed: it may come tomorrow.
    CHECK(house
              .operate("place_hold",
                       {{"target", "lot:9506000134369/Lot K-5"}, {"hold_reason", "damaged"}})
              .subject == "lot:09506000134369/lot k-5");
    const auto rows = R"([{"gtin":"09506000134369","location":"A-1","lot":"LOT K-1","quantity":"2"},
        {"gtin":"09506000134369","location":"A-1","lot":"LOT K-6","quantity":"2"},
        {"gtin":"09506000134352","location":"A-1","serial":"S/N S-1"}])";
    CHECK(house
              .operate("import_rows",
                       {{"import", "i1"}, {"kind", "stock"}, {"rows", "3"}, {"items", rows}})
              .did == "imported");
    CHECK(house.queries()->trace("09506000134369/K-1")->find(R"("place":"A-1")") !=
          std::string::npos);
    CHECK(house.queries()->trace("LOT K-6").has_value());
    CHECK_FALSE(house.queries()->trace("LOT K-1").has_value());
    CHECK_FALSE(house.queries()->trace("S/N S-1").has_value());
    CHECK(is_rebuilt_equal(house));
}
