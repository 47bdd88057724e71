#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

Verdict unknown_or_locked(const Facts& facts, const Attempt& attempt) {
    const Authority& given = *attempt.authority;
    const auto look_at = [&](const std::string& badge,
                             const std::optional<PersonFacts>& person) -> Verdict {
        if (badge.empty()) return {};
        if (!person)
            return refused(attempt.step,
                           "BADGE_UNKNOWN",
                           fmt::format("Nobody here has the badge {}. Ask for it to be sent to "
                                       "this site.",
                                       shown(badge)));
        if (!person->is_locked) return {};
        return refused(attempt.step,
                       "BADGE_LOCKED",
                       fmt::format("The badge {} is locked after wrong PINs. Ask another "
                                   "supervisor, or wait.",
                                   shown(badge)));
    };
    Verdict first = look_at(given.badge, facts.person);
    return first.accepted() ? look_at(given.second_badge, facts.second_person) : first;
}

}  // namespace

// Whoever says "let it pass" is somebody this site knows, has given the right PIN, and says why.
Verdict authority_is_proven(const Facts& facts, const Attempt& attempt) {
    if (!attempt.authority || attempt.authority->badge.empty()) return {};
    const Authority& given = *attempt.authority;
    if (Verdict verdict = unknown_or_locked(facts, attempt); !verdict.accepted()) return verdict;
    if (!given.wrong_pin.empty())
        return refused(attempt.step,
                       "PIN_WRONG",
                       fmt::format("The PIN of {} is wrong. Try again; after {} wrong ones in a "
                                   "row the badge is locked.",
                                   shown(given.wrong_pin),
                                   wrong_pins_max));
    if (given.badge == given.second_badge)
        return refused(attempt.step,
                       "SAME_PERSON_TWICE",
                       "One person is not two. Ask somebody else for their badge.");
    if (!given.reason.empty() && !is_reason(given.reason))
        return refused(attempt.step,
                       "REASON_UNKNOWN",
                       fmt::format("{} is no reason. `lotgate reasons` and the page list them.",
                                   shown(given.reason)));
    return {};
}

}  // namespace lotgate::rules
