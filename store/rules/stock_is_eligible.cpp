#include "store/rules/every_rule.hpp"
#include "store/rules/need.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Said when the order is opened, before anybody walks; the work begins all the same.
Verdict stock_is_eligible(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::open_document) return {};
    if (attempt.step != Step::pick && attempt.step != Step::pack) return {};
    for (const AskFacts& ask : facts.asks) {
        const Directed directed = direct(ask.candidates, ask.need);
        if (directed.missing <= 0) continue;
        const std::int64_t there = ask.need.quantity - directed.missing;
        const std::string why =
            ask.need.single_lot ? "no lot has them all" : fmt::format("{} are eligible", there);
        return warned("INSUFFICIENT_ELIGIBLE",
                      fmt::format("Order {} wants {} of {}; {}. Pick what there is, and ask for "
                                  "the rest.",
                                  facts.scanned_document->id,
                                  ask.need.quantity,
                                  ask.product_name,
                                  why));
    }
    return {};
}

}  // namespace lotgate::rules
