#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A lot is good through the end of the date on its label, on the site's own calendar.
Verdict not_expired_when_leaving(const Facts& facts, const Attempt& attempt) {
    std::optional<Date> expired;
    const auto look_at = [&](const std::optional<Date>& date) {
        if (date && !expired && is_expired(*date, attempt.site_date)) expired = date;
    };
    if (facts.intent == Intent::take_unit) look_at(facts.expires_on(attempt));
    if (facts.intent == Intent::route_carton || facts.intent == Intent::load_carton)
        for (const ContentFacts& content : facts.contents) look_at(content.expires_on);
    if (!expired) return {};
    return overrulable(OverrideClass::two_people,
                       refused(attempt.step,
                               "EXPIRED_AT_SHIP",
                               fmt::format("{} expired on {}. Bring it to quarantine.",
                                           subject_of(facts, attempt),
                                           to_string(*expired))));
}

}  // namespace lotgate::rules
