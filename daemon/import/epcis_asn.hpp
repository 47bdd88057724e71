#pragma once

// ASNs out of EPCIS 2.0 JSON documents: what was shipped (bizStep shipping), with lots and dates of
// the commissioning events and pallets of the aggregation events. A DSCSA shipment (GS1 US R1.3
// in JSON form: commissioning, packing, shipping) is read the same way.

#include "store/model/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lotgate::import {

/// Items of kind "asn" as JSON texts, one for each shipment. A Fault says which event is wrong.
[[nodiscard]] Result<std::vector<std::string>> asns_of_epcis(std::string_view document);

/// What an EPC names, as a URN or a GS1 Digital Link.
struct EpcParts {
    std::string gtin;
    std::string serial;
    std::string lot;
    std::string sscc;
};

/// Empty parts where it is no SGTIN, LGTIN or SSCC.
[[nodiscard]] EpcParts parts_of_epc(std::string_view epc);

}  // namespace lotgate::import
