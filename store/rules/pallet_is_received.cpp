#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::rules {

// A pallet is moved with what was received on it; units only announced stay announced.
Verdict pallet_is_received(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::move_container) return {};
    const std::string code = subject_of(facts, attempt);
    if (!facts.carton)
        return refused(
            attempt.step,
            "UNKNOWN_CARTON",
            fmt::format("Nothing here is numbered {}. Scan the pallet's label again.", code));
    const bool any = std::any_of(facts.contents.begin(), facts.contents.end(), [](const auto& c) {
        return is_on_site(c.state) || c.serial.empty();
    });
    if (any) return {};
    return refused(attempt.step,
                   "PALLET_NOT_RECEIVED",
                   fmt::format("Nothing on {} was received yet. Receive it first.", code));
}

}  // namespace lotgate::rules
