#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// What a receiving record of the food traceability rule needs and only the sender can give
// (21 CFR 1.1345): the lot code's own rule is R-04.
Verdict traceability_is_complete(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !facts.product->is_under("fsma204"))
        return {};
    std::string missing;
    const auto need = [&missing](bool is_there, const char* name) {
        if (is_there) return;
        if (!missing.empty()) missing += ", ";
        missing += name;
    };
    need(facts.party.has_value(), "the supplier");
    need(facts.party && (!facts.party->address.empty() || !facts.party->gln.empty()),
         "the supplier's address or GLN");
    need(facts.party && !facts.party->phone.empty(), "the supplier's telephone");
    static_cast<void>(attempt);
    if (missing.empty()) return {};
    return warned("KDE_MISSING_IN",
                  fmt::format("The receiving record of {} lacks {}. Go on; have it added before "
                              "the goods leave.",
                              facts.product->name,
                              missing));
}

}  // namespace lotgate::rules
