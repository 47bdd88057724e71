#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict unit_is_on_order(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !facts.document) return {};
    const std::string key = facts.lot_key(attempt);
    for (const LineFacts& line : facts.lines)
        if (line.lot_key.empty() || line.lot_key == key) return {};
    if (!facts.lines.empty())
        return refused(attempt.step,
                       "WRONG_ORDER",
                       fmt::format("Order {} wants lot {} of this product. Put this one back.",
                                   facts.document->id,
                                   facts.lines.front().lot_raw));
    return refused(
        attempt.step,
        "WRONG_ORDER",
        fmt::format(
            "{} is not on order {}. Put it back.", facts.product->name, facts.document->id));
}

}  // namespace lotgate::rules
