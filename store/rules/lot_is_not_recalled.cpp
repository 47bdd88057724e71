#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Receiving and returns are let through under the hold: recalled goods do arrive, and what is not
// recorded cannot be found again. Quarantine is where they belong.
Verdict lot_is_not_recalled(const Facts& facts, const Attempt& attempt) {
    if (attempt.step == Step::quarantine || attempt.step == Step::count) return {};
    // Put-away has its own rule about where held goods may go.
    if (attempt.step == Step::putaway && facts.moves_to_location()) return {};
    for (const HoldFacts& hold : facts.holds) {
        if (hold.reason != "recall") continue;
        const std::string recall = hold.recall_class.empty()
                                       ? "recalled"
                                       : fmt::format("recalled (class {})", hold.recall_class);
        const std::string subject = subject_of(facts, attempt) + held_part_of(facts, hold);
        if (attempt.step == Step::receive || attempt.step == Step::take_back)
            return held("RECALLED_LOT",
                        fmt::format("{} is {}. It is taken into custody: bring it to quarantine.",
                                    subject,
                                    recall));
        return refused_for_ever(
            attempt.step,
            "RECALLED_LOT",
            fmt::format("{} is {}. Stop it and bring it to quarantine.", subject, recall));
    }
    return {};
}

}  // namespace lotgate::rules
