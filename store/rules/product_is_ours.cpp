#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict product_is_ours(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product) return {};
    const ProductFacts& product = *facts.product;
    const std::string& goods_owner =
        facts.unit && !facts.unit->owner.empty() ? facts.unit->owner : product.owner;
    const bool has_other_owner = facts.document && !facts.document->owner.empty() &&
                                 !goods_owner.empty() && facts.document->owner != goods_owner;
    if (has_other_owner)
        return refused(attempt.step,
                       "OWNER_MISMATCH",
                       fmt::format("{} belongs to {}, {} is for {}. Put it aside and ask a "
                                   "supervisor whose it is.",
                                   subject_of(facts, attempt),
                                   goods_owner,
                                   facts.document->id,
                                   facts.document->owner));
    if (product.status == "discontinued")
        return refused(
            attempt.step,
            "PRODUCT_DISCONTINUED",
            fmt::format("{} is discontinued. Put it aside and ask a supervisor.", product.name));
    return {};
}

}  // namespace lotgate::rules
