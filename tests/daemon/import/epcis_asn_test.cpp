// ASNs out of EPCIS documents: units on pallets with lot and date, and goods by quantity.

#include "daemon/import/epcis_asn.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace lotgate;
using namespace lotgate::import;

namespace {

const char* const shipment =
    R"({"type":"EPCISDocument","schemaVersion":"2.0","epcisBody":{"eventList":[
 {"type":"ObjectEvent","action":"ADD","bizStep":"commissioning",
  "epcList":["urn:epc:id:sgtin:9506000.013435.S%2F1","urn:epc:id:sgtin:9506000.013435.S2"],
  "ilmd":{"cbvmda:lotNumber":"L-88","cbvmda:itemExpirationDate":"2027-01-31"}},
 {"type":"AggregationEvent","action":"ADD","bizStep":"packing",
  "parentID":"urn:epc:id:sgtin:9506000.513435.C1",
  "childEPCs":["urn:epc:id:sgtin:9506000.013435.S%2F1"]},
 {"type":"AggregationEvent","action":"ADD","bizStep":"packing",
  "parentID":"urn:epc:id:sscc:9506000.0000000001",
  "childEPCs":["urn:epc:id:sgtin:9506000.513435.C1","urn:epc:id:sgtin:9506000.013435.S2"]},
 {"type":"ObjectEvent","action":"OBSERVE","bizStep":"shipping",
  "epcList":["urn:epc:id:sscc:9506000.0000000001"],
  "quantityList":[{"epcClass":"urn:epc:class:lgtin:9506000.013436.K-1","quantity":12.5,"uom":"KGM"}],
  "bizTransactionList":[{"type":"po","bizTransaction":"urn:epcglobal:cbv:bt:9506000000017:PO-7"},
   {"type":"desadv","bizTransaction":"urn:epcglobal:cbv:bt:9506000000017:ASN-1001"}],
  "sourceList":[{"type":"owning_party","source":"urn:epc:id:pgln:9506000.00001"}]}]}})";

}  // namespace

TEST_CASE("an EPC names its GTIN, serial, lot or SSCC", "[import][epcis]") {
    const EpcParts unit = parts_of_epc("urn:epc:id:sgtin:9506000.013435.S%2F1");
    CHECK(unit.gtin == "09506000134352");
    CHECK(unit.serial == "S/1");
    CHECK(parts_of_epc("urn:epc:id:sscc:9506000.0000000001").sscc.size() == 18);
    CHECK(parts_of_epc("urn:epc:class:lgtin:9506000.013436.K-1").lot == "K-1");
    const EpcParts link = parts_of_epc("https://id.gs1.org/01/09506000134352/10/L-1/21/S-9");
    CHECK(link.gtin == "09506000134352");
    CHECK(link.serial == "S-9");
    CHECK(link.lot == "L-1");
    CHECK(parts_of_epc("https://id.gs1.org/00/095060000000000015").sscc == "095060000000000015");
    for (const char* bad : {"",
                            "urn:epc:id:sgtin:",
                            "urn:epc:id:sgtin:1",
                            "urn:epc:id:sgtin:x.y.z",
                            "urn:epc:id:sscc:9506000.",
                            "https://id.gs1.org/01/12"})
        CHECK((parts_of_epc(bad).gtin.empty() && parts_of_epc(bad).sscc.empty()));
}

TEST_CASE("a shipment on a pallet becomes an ASN with lots and dates", "[import][epcis]") {
    const auto asns = asns_of_epcis(shipment);
    REQUIRE(asns.has_value());
    REQUIRE(asns->size() == 1);
    const std::string& asn = asns->front();
    CHECK(asn.find(R"("id":"ASN-1001","po":"PO-7")") != std::string::npos);
    CHECK(asn.find(R"("supplier":"urn:epc:id:pgln:9506000.00001")") != std::string::npos);
    // The case has no SSCC of its own, so its unit stands on the pallet like the loose one.
    CHECK(asn.find(
              R"("gtin":"09506000134352","lot":"L-88","expires_on":"2027-01-31","pallet":"0950)") !=
          std::string::npos);
    CHECK(asn.find("sscc") == std::string::npos);
    CHECK(asn.find(R"("serials":["S/1","S2"])") != std::string::npos);
    CHECK(asn.find(R"("gtin":"09506000134369","lot":"K-1","quantity":1.25E1)") !=
          std::string::npos);
}

TEST_CASE("what is no shipment is refused in plain words", "[import][epcis]") {
    CHECK(asns_of_epcis("<xml/>").error().detail().find("JSON") != std::string::npos);
    CHECK_FALSE(asns_of_epcis(R"({"epcisBody":{"eventList":[]}})").has_value());
    CHECK(asns_of_epcis(R"({"epcisBody":{"eventList":[{"type":"ObjectEvent","bizStep":"shipping",
        "epcList":[]}]}})")
              .error()
              .detail()
              .find("event 1") != std::string::npos);
}

TEST_CASE("the example document is one ASN", "[import][epcis]") {
    std::ifstream in(std::string(LOTGATE_SOURCE_DIR) + "/config/examples/asn.json");
    std::ostringstream text;
    text << in.rdbuf();
    const auto asns = asns_of_epcis(text.str());
    REQUIRE(asns.has_value());
    REQUIRE(asns->size() == 1);
    CHECK(asns->front().find("ASN-1001") != std::string::npos);
}

TEST_CASE("the DSCSA example is one ASN with its order, lot and date, on its pallet",
          "[import][epcis][dscsa]") {
    std::ifstream file(LOTGATE_SOURCE_DIR "/config/examples/dscsa-shipment.jsonld");
    std::ostringstream text;
    text << file.rdbuf();
    const auto asns = asns_of_epcis(text.str());
    REQUIRE(asns.has_value());
    REQUIRE(asns->size() == 1);
    CHECK(asns->front().find(R"("id":"DESADV-5501","po":"PO-8842")") != std::string::npos);
    CHECK(asns->front().find(R"("expires_on":"2028-03-31","pallet":"095060000000000718",)"
                             R"("serials":["10000000001","10000000002"])") != std::string::npos);
    CHECK(asns->front().find(R"("sscc":"095060000000000725","pallet":"095060000000000718",)"
                             R"("serials":["10000000003"])") != std::string::npos);
    CHECK(asns->front().find(R"("serials":["10000000001","10000000002"])") != std::string::npos);
    std::string denied = text.str();
    const std::string affirmed = R"("gs1ushc:affirmTransactionStatement": true)";
    REQUIRE(denied.find(affirmed) != std::string::npos);
    denied.replace(
        denied.find(affirmed), affirmed.size(), R"("gs1ushc:affirmTransactionStatement": false)");
    const auto refused = asns_of_epcis(denied);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().detail().find("epcisHeader.gs1ushc:dscsaTransactionStatement") == 0);
}

TEST_CASE("an identifier that cannot be read is told by its path", "[import][epcis]") {
    const auto refused = asns_of_epcis(R"({"epcisBody":{"eventList":[
        {"type":"ObjectEvent","bizStep":"commissioning","action":"ADD","epcList":[
         "urn:epc:id:sgtin:9506000.013435.S1","urn:epc:id:sgtin:9506000.1"]}]}})");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().detail().find("epcisBody.eventList[0].epcList[1]") == 0);
}

namespace {

std::string packing(const std::string& parent, const std::string& members) {
    return R"({"type":"AggregationEvent","action":"ADD","bizStep":"packing","parentID":")" +
           parent + R"(",)" + members + "},";
}

std::string document_of(const std::string& packings, const std::string& shipped) {
    return R"({"epcisBody":{"eventList":[)" + packings +
           R"({"type":"ObjectEvent","action":"OBSERVE","bizStep":"shipping","epcList":[")" +
           shipped + R"("],"bizTransactionList":[{"type":"po","bizTransaction":"urn:x:PO-1"}]}]}})";
}

const std::string pallet = "urn:epc:id:sscc:9506000.0000000071";
const std::string case_a = "urn:epc:id:sscc:9506000.0000000072";
const std::string case_b = "urn:epc:id:sscc:9506000.0000000073";

std::string children(const std::string& first, const std::string& second = {}) {
    return R"("childEPCs":[")" + first + (second.empty() ? "" : "\",\"" + second) + R"("])";
}

std::string goods(const std::string& quantity) {
    return R"("childQuantityList":[{"epcClass":"urn:epc:class:lgtin:9506000.013436.K-1",)"
           R"("quantity":)" +
           quantity + "}]";
}

std::string fault_of(const std::string& packings, const std::string& shipped) {
    const auto asns = asns_of_epcis(document_of(packings, shipped));
    return asns ? std::string() : asns.error().detail();
}

}  // namespace

TEST_CASE("cases stand on their pallet, each with its own quantity", "[import][epcis][pallet]") {
    const auto asns =
        asns_of_epcis(document_of(packing(case_a, goods("8")) + packing(case_b, goods("12.5")) +
                                      packing(pallet, children(case_a, case_b)),
                                  pallet));
    REQUIRE(asns.has_value());
    const std::string& asn = asns->front();
    CHECK(asn.find(R"("sscc":"095060000000000725","pallet":"095060000000000718","quantity":8)") !=
          std::string::npos);
    CHECK(asn.find(
              R"("sscc":"095060000000000732","pallet":"095060000000000718","quantity":1.25E1)") !=
          std::string::npos);
}

TEST_CASE("two amounts of one lot in a case are two lines, and none is lost",
          "[import][epcis][pallet]") {
    const auto asns = asns_of_epcis(
        document_of(packing(case_a, goods("8")) + packing(case_a, goods("3")), case_a));
    REQUIRE(asns.has_value());
    CHECK(asns->front().find(R"("sscc":"095060000000000725","quantity":8)") != std::string::npos);
    CHECK(asns->front().find(R"("sscc":"095060000000000725","quantity":3)") != std::string::npos);
    CHECK(asns->front().find("pallet") == std::string::npos);
}

TEST_CASE("what stands in two containers, in itself or in a loop is told by its path",
          "[import][epcis][pallet]") {
    CHECK(fault_of(packing(pallet, children(case_a)) + packing(case_b, children(case_a)), pallet)
              .find("epcisBody.eventList[1].childEPCs[0]") == 0);
    CHECK(fault_of(packing(pallet, children(case_b, pallet)), pallet)
              .find("eventList[0].childEPCs[1]") != std::string::npos);
    const std::string loop =
        fault_of(packing(pallet, children(case_a)) + packing(case_a, children(case_b)) +
                     packing(case_b, children(pallet)),
                 pallet);
    CHECK(loop.find("epcisBody.eventList[2].childEPCs[0]") == 0);
    CHECK(loop.find("loop") != std::string::npos);
    // The same again is no contradiction (control).
    CHECK(fault_of(packing(case_a, goods("8")) + packing(pallet, children(case_a)) +
                       packing(pallet, children(case_a)),
                   pallet)
              .empty());
}

TEST_CASE("what was taken off a pallet again does not come with it", "[import][epcis][pallet]") {
    std::string off = packing(pallet, children(case_b));
    off.replace(off.find("ADD"), 3, "DELETE");
    const std::string packed = packing(case_a, goods("8")) + packing(case_b, goods("5")) +
                               packing(pallet, children(case_a, case_b));
    const auto asns = asns_of_epcis(document_of(packed + off, pallet));
    REQUIRE(asns.has_value());
    CHECK(asns->front().find("095060000000000725") != std::string::npos);
    CHECK(asns->front().find("095060000000000732") == std::string::npos);
    std::string some = packing(case_b, goods("2"));
    some.replace(some.find("ADD"), 3, "DELETE");
    CHECK(fault_of(packed + some, pallet).find("eventList[3].childQuantityList") !=
          std::string::npos);
}
