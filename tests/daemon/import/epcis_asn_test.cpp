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
    CHECK(asn.find(
              R"("gtin":"09506000134352","lot":"L-88","expires_on":"2027-01-31","sscc":"0950)") !=
          std::string::npos);
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
    CHECK(asns->front().find(R"("lot":"RX-208","expires_on":"2028-03-31","sscc":")") !=
          std::string::npos);
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
