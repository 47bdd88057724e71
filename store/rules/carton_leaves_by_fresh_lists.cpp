#include "store/rules/every_rule.hpp"
#include "store/rules/freshness.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::rules {

namespace {

bool moves_carton(const Facts& facts) {
    return facts.intent == Intent::route_carton || facts.intent == Intent::load_carton;
}

}  // namespace

// The strictest product of a carton speaks for it.
Verdict carton_leaves_by_fresh_holds(const Facts& facts, const Attempt& attempt) {
    if (!moves_carton(facts) || !facts.hold_age_s) return {};
    Freshness strictest = freshness_of_holds(nullptr, facts.hold_age_s);
    for (const ContentFacts& content : facts.contents) {
        ProductFacts product;
        product.regimes = content.regimes;
        strictest = std::max(strictest, freshness_of_holds(&product, facts.hold_age_s));
    }
    if (strictest == Freshness::fresh) return {};
    std::string told =
        fmt::format("The list of holds is {} minutes old. Look after the link to the cloud.",
                    *facts.hold_age_s / 60);
    if (strictest == Freshness::warns) return warned("HOLDLIST_STALE", std::move(told));
    return overrulable(OverrideClass::two_people,
                       refused(attempt.step, "HOLDLIST_STALE", std::move(told)));
}

// A cancelled order is only known to a gateway that hears of it.
Verdict carton_leaves_by_fresh_order(const Facts& facts, const Attempt&) {
    if (!moves_carton(facts) || !facts.document) return {};
    if (freshness_of_documents(nullptr, facts.doc_age_s) == Freshness::fresh) return {};
    return warned("DOC_STALE",
                  fmt::format("Order {} was last confirmed {} minutes ago; it may be cancelled by "
                              "now. Look after the link to the cloud.",
                              facts.document->id,
                              *facts.doc_age_s / 60));
}

}  // namespace lotgate::rules
