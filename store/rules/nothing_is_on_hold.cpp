#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict nothing_is_on_hold(const Facts& facts, const Attempt& attempt) {
    if (attempt.step == Step::quarantine || attempt.step == Step::count) return {};
    // Put-away has its own rule about where held goods may go.
    if (attempt.step == Step::putaway && facts.moves_to_location()) return {};
    for (const HoldFacts& hold : facts.holds) {
        if (hold.reason == "recall") continue;
        std::string code = "ON_HOLD_" + code_word(hold.reason);
        const std::string subject = subject_of(facts, attempt) + held_part_of(facts, hold);
        if (attempt.step == Step::receive || attempt.step == Step::take_back)
            return held(std::move(code),
                        fmt::format("{} is on hold ({}). It is taken into custody: bring it to "
                                    "quarantine.",
                                    subject,
                                    hold.reason));
        return refused(attempt.step,
                       std::move(code),
                       fmt::format("{} is on hold ({}). Bring it to quarantine; it moves on when "
                                   "the hold is lifted.",
                                   subject,
                                   hold.reason));
    }
    return {};
}

}  // namespace lotgate::rules
