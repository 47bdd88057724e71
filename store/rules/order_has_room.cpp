#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict order_has_room(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.document || facts.lines.empty()) return {};
    if (facts.unit && facts.unit->state == UnitState::packed) return {};
    if (facts.line_with_room(attempt) != nullptr) return {};
    if (!unit_is_on_order(facts, attempt).accepted()) return {};
    return refused(attempt.step,
                   "PACK_EXTRA",
                   fmt::format("Order {} has all it needs of {}. Put this one back.",
                               facts.document->id,
                               facts.product ? facts.product->name : "this product"));
}

}  // namespace lotgate::rules
