#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict order_is_for_this_station(const Facts& facts, const Attempt& attempt) {
    if (attempt.step != Step::pack || facts.intent != Intent::open_document) return {};
    const std::string& released_to = facts.scanned_document->station;
    if (released_to.empty() || released_to == attempt.station) return {};
    return overrulable(
        OverrideClass::operator_confirms,
        refused(attempt.step,
                "WRONG_PACK_STATION",
                fmt::format("Order {} is released to {}. Bring it there, or take it over with "
                            "your badge.",
                            facts.scanned_document->id,
                            released_to)));
}

}  // namespace lotgate::rules
