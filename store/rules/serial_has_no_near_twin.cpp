#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict serial_has_no_near_twin(const Facts& facts, const Attempt& attempt) {
    if (facts.unit || facts.near_serial.empty()) return {};
    return overrulable(
        OverrideClass::supervisor,
        refused(attempt.step,
                "SERIAL_NEAR_DUP",
                fmt::format("Serial {} is known here as {}. Compare both labels and ask a "
                            "supervisor.",
                            attempt.what.serial->as_labelled(),
                            facts.near_serial)));
}

}  // namespace lotgate::rules
