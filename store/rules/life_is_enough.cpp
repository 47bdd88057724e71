#include "store/rules/every_rule.hpp"
#include "store/rules/need.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

Verdict too_short(const Attempt& attempt,
                  const std::string& what,
                  Date expires_on,
                  const Need& need) {
    return overrulable(
        OverrideClass::two_people,
        refused(attempt.step,
                "SHELF_LIFE_SHORT_OUT",
                fmt::format("{} is good until {}; the customer gets it on {} and wants {} days "
                            "left. Take a later lot.",
                            what,
                            to_string(expires_on),
                            to_string(*need.delivered_on),
                            need.min_life_days)));
}

// What has expired already is another rule's.
bool is_short(const std::optional<Date>& expires_on, const Attempt& attempt, const Need& need) {
    return expires_on && !is_expired(*expires_on, attempt.site_date) && !has_life(expires_on, need);
}

const LineFacts* line_of_content(const Facts& facts, const ContentFacts& content) {
    for (const LineFacts& line : facts.lines)
        if (line.gtin == content.gtin && (line.lot_key.empty() || line.lot_key == content.lot_key))
            return &line;
    return nullptr;
}

}  // namespace

// First-expired-first-out ships the shortest lot; this is what keeps the too short one back.
Verdict life_is_enough(const Facts& facts, const Attempt& attempt) {
    if (!facts.document || facts.document->kind != "order") return {};
    if (facts.intent == Intent::take_unit) {
        const Need need = need_of(facts, attempt, line_for(facts, attempt));
        const auto expires_on = facts.expires_on(attempt);
        if (is_short(expires_on, attempt, need))
            return too_short(attempt, subject_of(facts, attempt), *expires_on, need);
    }
    if (facts.intent != Intent::route_carton && facts.intent != Intent::load_carton) return {};
    for (const ContentFacts& content : facts.contents) {
        const Need need = need_of(facts, attempt, line_of_content(facts, content));
        if (is_short(content.expires_on, attempt, need))
            return too_short(attempt,
                             content.product_name + " lot " + content.lot_raw,
                             *content.expires_on,
                             need);
    }
    return {};
}

}  // namespace lotgate::rules
