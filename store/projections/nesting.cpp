#include "store/projections/nesting.hpp"

#include "store/model/identity.hpp"
#include "store/projections/feed_json.hpp"

#include <fmt/format.h>

#include <map>

namespace lotgate::store {

namespace json = boost::json;

namespace {

struct Stands {
    std::string pallet;
    std::size_t line = 0;
};

std::string wrong(std::size_t line, const std::string& pallet, std::string_view what) {
    return fmt::format("lines[{}].pallet \"{}\": {}", line, pallet.substr(0, 40), what);
}

}  // namespace

std::string nesting_fault(const json::object& asn) {
    const json::value* list = asn.if_contains("lines");
    if (list == nullptr || !list->is_array()) return {};
    std::map<std::string, Stands> stands;      // by the case
    std::map<std::string, std::size_t> cases;  // every sscc, and its first line
    std::map<std::string, std::size_t> pallets;
    std::size_t line = 0;
    for (const json::value& value : list->get_array()) {
        const std::size_t here = line++;
        const json::object* object = value.if_object();
        if (object == nullptr) continue;
        const std::string sscc = text_at(*object, "sscc");
        const std::string pallet = text_at(*object, "pallet");
        if (!sscc.empty()) cases.emplace(sscc, here);
        if (pallet.empty()) continue;
        if (!Sscc::parse(pallet)) return wrong(here, pallet, "this is no SSCC.");
        if (pallet == sscc) return wrong(here, pallet, "the case would stand on itself.");
        pallets.emplace(pallet, here);
        if (sscc.empty()) continue;
        const auto [before, is_new] = stands.emplace(sscc, Stands{pallet, here});
        if (!is_new && before->second.pallet != pallet)
            return wrong(here,
                         pallet,
                         fmt::format("case {} stands on pallet {} by lines[{}], and on one pallet "
                                     "alone.",
                                     sscc,
                                     before->second.pallet,
                                     before->second.line));
    }
    for (const auto& [pallet, here] : pallets)
        if (const auto as_case = cases.find(pallet); as_case != cases.end())
            return wrong(here,
                         pallet,
                         fmt::format("it is a case by lines[{}].sscc, and no pallet. Goods that "
                                     "stand on a pallet loose have no sscc.",
                                     as_case->second));
    return {};
}

}  // namespace lotgate::store
