#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict documents_are_fresh(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !facts.document) return {};
    const auto& age_max_min = facts.product->doc_max_age_min;
    if (!age_max_min || (facts.doc_age_s && *facts.doc_age_s <= *age_max_min * 60)) return {};
    static_cast<void>(attempt);
    return warned("DOC_STALE",
                  fmt::format("{} may have changed: the cloud was last heard {}. Go on; it is "
                              "compared again when the network is back.",
                              facts.document->id,
                              facts.doc_age_s ? fmt::format("{} minutes ago", *facts.doc_age_s / 60)
                                              : std::string("never")));
}

}  // namespace lotgate::rules
