#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict serial_is_given(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.is_serialised() || attempt.what.serial)
        return {};
    return refused(
        attempt.step,
        "SERIAL_REQUIRED",
        fmt::format("{} is taken one serial at a time. Scan the code with the serial, or "
                    "key it in from the label.",
                    facts.product->name));
}

}  // namespace lotgate::rules
