#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Goods counted by lot come back against what was shipped of the lot to that customer, less what
// has come back before: the balance of what is out says both.
Verdict return_lot_was_shipped(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || facts.is_serialised()) return {};
    std::int64_t out = 0;
    for (const StockFacts& stock : facts.shipped_stock) out += stock.quantity;
    const std::string subject = subject_of(facts, attempt);
    if (out == 0)
        return refused(attempt.step,
                       "RETURN_LOT_NOT_SHIPPED",
                       fmt::format("Nothing of {} is out with this customer. Keep it apart and ask "
                                   "a supervisor; no credit is given.",
                                   subject));
    if (facts.quantity(attempt) <= out) return {};
    return refused(attempt.step,
                   "RETURN_QTY_EXCEEDS",
                   fmt::format("{} of {} are out with this customer, {} are brought back. Count "
                               "again; keep the rest apart.",
                               out,
                               subject,
                               facts.quantity(attempt)));
}

}  // namespace lotgate::rules
