#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

Verdict settled(std::string code, std::string told) {
    Verdict verdict;
    verdict.code = std::move(code);
    verdict.told = std::move(told);
    return verdict;
}

Verdict reason_given(const Facts& facts, const Attempt& attempt, const std::string& reason) {
    if (facts.station_badge.badge.empty())
        return refused(attempt.step, "BADGE_FIRST", "Scan the badge first, then the reason.");
    if (!is_reason(reason))
        return refused(
            attempt.step,
            "REASON_UNKNOWN",
            fmt::format("{} is no reason. Scan one of the reason cards.", shown(reason)));
    return settled("REASON", "Scan the goods again: the reason stands for the next read.");
}

}  // namespace

// A badge or a reason that is scanned stands for this station's next read alone.
Verdict badge_is_known(const Facts& facts, const Attempt& attempt) {
    if (facts.intent == Intent::give_reason) return reason_given(facts, attempt, facts.spoken);
    if (facts.intent != Intent::show_badge) return {};
    const std::string badge = shown(facts.spoken);
    if (!facts.person)
        return refused(attempt.step,
                       "BADGE_UNKNOWN",
                       fmt::format("Nobody here has the badge {}. Ask for it to be sent to this "
                                   "site.",
                                   badge));
    if (facts.person->is_locked)
        return refused(attempt.step,
                       "BADGE_LOCKED",
                       fmt::format("The badge {} is locked after wrong PINs. Ask another "
                                   "supervisor, or wait.",
                                   badge));
    if (!facts.person->badge_is_enough)
        return refused(attempt.step,
                       "BADGE_NEEDS_PIN",
                       fmt::format("The badge {} is not enough by itself. Give the PIN at the page "
                                   "or on the hand-held.",
                                   badge));
    return settled("BADGE", "Now scan the reason, then the goods again.");
}

}  // namespace lotgate::rules
