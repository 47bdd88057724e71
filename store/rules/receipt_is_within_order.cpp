#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A line that lists its serials counts those alone; rule R-08 speaks of the others.
Verdict receipt_is_within_order(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !facts.document) return {};
    if (facts.is_serialised()) {
        if (!attempt.what.serial || facts.unit) return {};
        for (const LineFacts& line : facts.lines)
            if (line.has_serials) return {};
    }
    if (facts.line_with_room(attempt) != nullptr) return {};
    if (facts.line_within_tolerance(attempt) != nullptr)
        return warned("OVER_RECEIPT",
                      fmt::format("{} has all of {} that was announced; this is within its "
                                  "tolerance and taken in.",
                                  facts.document->id,
                                  facts.product->name));
    if (facts.lines.empty())
        return overrulable(
            OverrideClass::supervisor,
            refused(attempt.step,
                    "OVER_RECEIPT",
                    fmt::format("{} announces no {}. Put it aside and ask the supplier.",
                                facts.document->id,
                                facts.product->name)));
    return overrulable(
        OverrideClass::supervisor,
        refused(attempt.step,
                "OVER_RECEIPT",
                fmt::format("{} has all of {} that was announced. Put this aside and ask the "
                            "supplier.",
                            facts.document->id,
                            facts.product->name)));
}

}  // namespace lotgate::rules
