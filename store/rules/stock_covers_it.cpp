#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict stock_covers_it(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || facts.is_serialised()) return {};
    std::int64_t on_hand = 0;
    for (const StockFacts& stock : facts.stock) on_hand += stock.quantity;
    if (on_hand >= facts.quantity(attempt)) return {};
    return refused(attempt.step,
                   "LOT_NEGATIVE",
                   fmt::format("{} of {} are booked in, {} are wanted. Count the lot, or receive "
                               "it first.",
                               on_hand,
                               subject_of(facts, attempt),
                               facts.quantity(attempt)));
}

}  // namespace lotgate::rules
