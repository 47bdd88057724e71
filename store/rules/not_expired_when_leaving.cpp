#include "store/rules/every_rule.hpp"
#include "store/rules/need.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

struct Expired {
    std::optional<Date> on;
    std::string part = {};  ///< of a carton: " (serial S-3)"
    bool is_regulated = false;
};

bool is_regulated(const std::string& regimes) {
    ProductFacts product;
    product.regimes = regimes;
    return product.is_regulated();
}

std::string words_of(const ContentFacts& content) {
    if (!content.serial.empty()) return fmt::format(" (serial {})", content.serial);
    return content.lot_raw.empty() ? std::string() : fmt::format(" (lot {})", content.lot_raw);
}

Expired expired_by(Date day, const Facts& facts, const Attempt& attempt) {
    Expired expired;
    const auto look_at = [&](const std::optional<Date>& date, bool regulated, std::string part) {
        if (!date || !is_expired(*date, day)) return;
        if (!expired.on) expired.part = std::move(part);
        if (!expired.on) expired.on = date;
        expired.is_regulated = expired.is_regulated || regulated;
    };
    if (facts.intent == Intent::take_unit)
        look_at(facts.expires_on(attempt), facts.product && facts.product->is_regulated(), {});
    if (facts.intent == Intent::route_carton || facts.intent == Intent::load_carton)
        for (const ContentFacts& content : facts.contents)
            look_at(content.expires_on, is_regulated(content.regimes), words_of(content));
    return expired;
}

}  // namespace

// A lot is good through the end of the date on its label, on the site's own calendar; what is
// loaded after the cut-off leaves on the next working day, and must be good then.
Verdict not_expired_when_leaving(const Facts& facts, const Attempt& attempt) {
    const Date leaves =
        attempt.step == Step::ship ? planned_shipping(facts, attempt) : attempt.site_date;
    const Expired expired = expired_by(leaves, facts, attempt);
    if (!expired.on) return {};
    const bool is_gone = is_expired(*expired.on, attempt.site_date);
    Verdict verdict = refused(attempt.step,
                              "EXPIRED_AT_SHIP",
                              fmt::format("{}{} {} on {}{}. Bring it to quarantine.",
                                          subject_of(facts, attempt),
                                          expired.part,
                                          is_gone ? "expired" : "expires",
                                          to_string(*expired.on),
                                          is_gone ? "" : " and leaves on " + to_string(leaves)));
    if (expired.is_regulated) return verdict;
    return overrulable(OverrideClass::two_people, std::move(verdict));
}

}  // namespace lotgate::rules
