#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict order_is_alive(const Facts& facts, const Attempt& attempt) {
    const DocumentFacts* order = nullptr;
    if (facts.document && facts.document->kind == "order") order = &*facts.document;
    if (facts.intent == Intent::open_document && facts.scanned_document)
        order = &*facts.scanned_document;
    if (order == nullptr || order->state != "cancelled") return {};
    if (facts.intent == Intent::verify_label) return {};
    return refused(attempt.step,
                   "ORDER_CANCELLED",
                   fmt::format("Order {} is cancelled. Put the goods back.", order->id));
}

}  // namespace lotgate::rules
