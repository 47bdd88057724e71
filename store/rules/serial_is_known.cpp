#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict serial_is_known(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.is_serialised() || !attempt.what.serial)
        return {};
    if (facts.unit) return {};
    const std::string& serial = attempt.what.serial->as_labelled();
    if (attempt.step == Step::take_back)
        return refused(attempt.step,
                       "RETURN_NO_OUTBOUND",
                       fmt::format("Serial {} was never shipped from here. Put it in quarantine; "
                                   "no credit is given.",
                                   serial));
    return refused(attempt.step,
                   "SERIAL_UNKNOWN",
                   fmt::format("Serial {} was never received here. Receive it first.", serial));
}

}  // namespace lotgate::rules
