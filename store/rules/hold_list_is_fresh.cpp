#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A hold that the cloud placed while nobody could hear it is not known here: how long that may
// last is the product's policy.
Verdict hold_list_is_fresh(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product) return {};
    const ProductFacts& product = *facts.product;
    if (!product.hold_max_age_min) return {};
    const bool is_fresh = facts.hold_age_s && *facts.hold_age_s <= *product.hold_max_age_min * 60;
    if (is_fresh) return {};
    const std::string age = facts.hold_age_s ? fmt::format("{} minutes old", *facts.hold_age_s / 60)
                                             : std::string("not here yet");
    if (!product.hold_stale_blocks)
        return warned("HOLDLIST_STALE",
                      fmt::format("The hold list is {}, {} wants it within {} minutes. Go on; have "
                                  "the network looked at.",
                                  age,
                                  product.name,
                                  *product.hold_max_age_min));
    return refused(attempt.step,
                   "HOLDLIST_STALE",
                   fmt::format("The hold list is {}, {} wants it within {} minutes. Put it aside "
                               "until the network is back.",
                               age,
                               product.name,
                               *product.hold_max_age_min));
}

}  // namespace lotgate::rules
