// Badges: what is scanned at a station for its next read, and PINs that were tried.

#include "store/people.hpp"

#include "store/stations/plan.hpp"

namespace lotgate::store {

namespace {

void remember_badge(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    BadgeShown shown;
    shown.station = draft.attempt->station;
    shown.badge = facts.station_badge.badge;
    shown.second_badge = facts.station_badge.second_badge;
    shown.reason = facts.station_badge.reason;
    shown.at = draft.attempt->at;
    if (facts.intent == rules::Intent::give_reason) {
        shown.reason = facts.spoken;
        draft.body.did = "reason_given";
    } else {
        // A second, different badge joins the first one; a third begins anew.
        const bool joins =
            !shown.badge.empty() && shown.badge != facts.spoken && shown.second_badge.empty();
        if (joins) {
            shown.second_badge = facts.spoken;
        } else {
            shown.badge = facts.spoken;
            shown.second_badge.clear();
            shown.reason.clear();
        }
        draft.body.did = "badge_shown";
    }
    draft.body.changes.emplace_back(std::move(shown));
}

void count_try(Draft& draft, const std::string& badge, const rules::PersonFacts& person) {
    PinChanges changes =
        pin_changes(badge, person, draft.attempt->authority->wrong_pin == badge, draft.attempt->at);
    if (changes.locked) {
        changes.locked->id = draft.next_id();
        draft.body.changes.emplace_back(std::move(*changes.locked));
    }
    if (changes.tried) draft.body.changes.emplace_back(std::move(*changes.tried));
}

}  // namespace

void plan_people(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const bool speaks =
        facts.intent == rules::Intent::show_badge || facts.intent == rules::Intent::give_reason;
    if (speaks && !draft.judgement.verdict.blocks()) remember_badge(draft);
    // What was scanned stands for one read.
    if (!speaks && facts.station_badge.is_there)
        draft.body.changes.emplace_back(BadgeShown{draft.attempt->station, {}, {}, {}, {}});
    if (!draft.attempt->authority) return;
    const rules::Authority& given = *draft.attempt->authority;
    const bool first_is_right = given.wrong_pin != given.badge;
    if (!given.is_by_badge && facts.person) count_try(draft, given.badge, *facts.person);
    if (!given.is_by_badge && first_is_right && facts.second_person)
        count_try(draft, given.second_badge, *facts.second_person);
    draft.body.overriding = given;
    draft.body.mentions.push_back("badge:" + given.badge);
    if (!given.second_badge.empty()) draft.body.mentions.push_back("badge:" + given.second_badge);
}

}  // namespace lotgate::store
