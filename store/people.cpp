#include "store/people.hpp"

#include "store/rules/rule.hpp"

#include <fmt/format.h>

namespace lotgate::store {

PinChanges pin_changes(const std::string& badge,
                       const rules::PersonFacts& person,
                       bool is_wrong,
                       Instant at) {
    PinChanges changes;
    if (person.is_locked || (!is_wrong && person.wrong_pins == 0)) return changes;
    PinTried tried;
    tried.badge = badge;
    tried.wrong = is_wrong ? person.wrong_pins + 1 : 0;
    if (tried.wrong >= rules::wrong_pins_max) {
        tried.wrong = 0;
        tried.locked_until = Instant{at.us + rules::badge_lock_s * 1'000'000};
        CaseOpened opened;
        opened.kind = "BADGE_LOCKED";
        opened.subject = "badge:" + badge;
        opened.told = fmt::format(
            "The badge {} was locked after {} wrong PINs in a row. Ask its owner whether it was "
            "they.",
            badge,
            rules::wrong_pins_max);
        if (const rules::CaseKind* kind = rules::case_kind_of(opened.kind)) {
            opened.who = kind->who;
            opened.decisions = kind->decisions;
        }
        changes.locked = std::move(opened);
    }
    changes.tried = std::move(tried);
    return changes;
}

People::People(sqlite::Database& db, StationRows& stations)
    : stations_(&stations),
      user_(db,
            "SELECT name,roles,badge_is_enough,wrong_pins,locked_until FROM user WHERE badge=?"),
      any_(db, "SELECT 1 FROM user LIMIT 1") {}

bool People::are_known() {
    return any_().next();
}

bool People::are_named_by(const rules::Attempt& attempt) {
    const rules::ScannedIdentity& what = attempt.what;
    return what.plain.starts_with(badge_code) || what.plain.starts_with(reason_code);
}

std::optional<rules::PersonFacts> People::person(const std::string& badge, Instant at) {
    if (badge.empty()) return std::nullopt;
    auto rows = user_(badge);
    if (!rows.next()) return std::nullopt;
    rules::PersonFacts facts;
    facts.name = rows.text(0);
    facts.role = rules::strongest_of(rows.view(1));
    facts.badge_is_enough = rows.integer(2) != 0;
    facts.wrong_pins = static_cast<int>(rows.integer(3));
    facts.is_locked = rows.integer(4) > at.us;
    return facts;
}

std::string People::role_of(const std::string& badge) {
    const auto known = person(badge, Instant{});
    return known ? std::string(rules::name_of(known->role)) : std::string();
}

void People::complete(rules::Authority& authority) {
    authority.role = role_of(authority.badge);
    authority.second_role = role_of(authority.second_badge);
}

rules::StationBadgeFacts People::scanned_at(const rules::Attempt& attempt) {
    rules::StationBadgeFacts scanned;
    const auto& shown = stations_->badge_at(attempt.station);
    if (!shown) return scanned;
    scanned.is_there = true;
    const std::int64_t age_us = attempt.at.us - shown->at_us;
    if (age_us < 0 || age_us > attempt.policy->badge_s_max * 1'000'000) return scanned;
    scanned.badge = shown->badge;
    scanned.second_badge = shown->second_badge;
    scanned.reason = shown->reason;
    return scanned;
}

void People::complete(rules::Attempt& attempt) {
    if (!attempt.authority && !are_named_by(attempt)) {
        const rules::StationBadgeFacts scanned = scanned_at(attempt);
        if (scanned.badge.empty()) return;
        rules::Authority authority;
        authority.badge = scanned.badge;
        authority.second_badge = scanned.second_badge;
        authority.reason = scanned.reason;
        authority.is_by_badge = true;
        attempt.authority = std::move(authority);
    }
    if (attempt.authority) complete(*attempt.authority);
}

void People::read(const rules::Attempt& attempt, rules::Facts& facts) {
    facts.station_badge = scanned_at(attempt);
    std::string badge;
    if (attempt.authority) {
        badge = attempt.authority->badge;
        facts.second_person = person(attempt.authority->second_badge, attempt.at);
    }
    const std::string& plain = attempt.what.plain;
    if (plain.starts_with(badge_code)) {
        facts.intent = rules::Intent::show_badge;
        facts.spoken = plain.substr(badge_code.size());
        badge = facts.spoken;
    } else if (plain.starts_with(reason_code)) {
        facts.intent = rules::Intent::give_reason;
        facts.spoken = plain.substr(reason_code.size());
    }
    facts.person = person(badge, attempt.at);
}

}  // namespace lotgate::store
