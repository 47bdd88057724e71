#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Receiving finds the ASN of an announced serial by itself; everything else needs one in hand.
Verdict document_is_open(const Facts& facts, const Attempt& attempt) {
    if (facts.intent == Intent::open_document && attempt.step == Step::receive &&
        facts.scanned_document && facts.scanned_document->state == "cancelled")
        return refused(attempt.step,
                       "ASN_CANCELLED",
                       fmt::format("{} is cancelled. Do not unload it; ask a supervisor.",
                                   facts.scanned_document->id));
    const bool needs_one = facts.intent == Intent::take_unit ||
                           facts.intent == Intent::close_carton ||
                           (facts.intent == Intent::each_part && attempt.step == Step::pick);
    if (!needs_one || facts.document) return {};
    if (attempt.step == Step::receive)
        return refused(
            attempt.step, "NO_DOCUMENT", "Scan the ASN or a pallet label first, then the goods.");
    if (attempt.step == Step::take_back) {
        if (facts.is_serialised() || !facts.product) return {};
        return refused(attempt.step,
                       "NO_DOCUMENT",
                       "Scan the return document or the order first, then the goods.");
    }
    return refused(attempt.step, "NO_DOCUMENT", "Scan the order first, then the goods.");
}

}  // namespace lotgate::rules
