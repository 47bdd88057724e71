#include "store/rules/need.hpp"

#include "store/rules/ship_date.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lotgate::rules {

namespace {

Date later_of(Date date, const std::string& other) {
    const auto named = parse_date(other);
    return named && *named > date ? *named : date;
}

std::string_view zone_rotation(const Facts& facts, const Attempt& attempt) {
    if (!facts.product) return {};
    const auto found = attempt.policy->rotation_by_zone.find(facts.product->zone);
    return found == attempt.policy->rotation_by_zone.end() ? std::string_view() : found->second;
}

}  // namespace

Date planned_shipping(const Facts& facts, const Attempt& attempt) {
    const Date ship = std::max(attempt.ship_date.value_or(attempt.site_date), attempt.site_date);
    return facts.document ? later_of(ship, facts.document->ship_by) : ship;
}

Date planned_delivery(const Facts& facts, const Attempt& attempt) {
    Date day = planned_shipping(facts, attempt);
    if (facts.party) day = days_after(day, facts.party->transit_days);
    return facts.document ? later_of(day, facts.document->deliver_by) : day;
}

Need need_of(const Facts& facts, const Attempt& attempt, const LineFacts* line) {
    Need need;
    need.quantity = facts.quantity(attempt);
    need.delivered_on = planned_delivery(facts, attempt);
    if (facts.party) need.min_life_days = facts.party->min_life_out_days;
    if (line != nullptr && line->min_life_days > 0) need.min_life_days = line->min_life_days;
    const std::array<std::pair<std::string_view, std::string_view>, 5> levels = {
        {{"line", line == nullptr ? std::string_view() : line->rotation},
         {"customer", facts.party ? std::string_view(facts.party->rotation) : ""},
         {"product", facts.product ? std::string_view(facts.product->rotation) : ""},
         {"zone", zone_rotation(facts, attempt)},
         {"site", attempt.policy->rotation}}};
    need.rotation = rotation_of(
        {levels[0].second, levels[1].second, levels[2].second, levels[3].second, levels[4].second});
    for (const auto& [level, said] : levels)
        if (need.rotation_by.empty() && rotation_named(said)) need.rotation_by = level;
    need.single_lot =
        (line != nullptr && line->single_lot) || (facts.product && facts.product->single_lot);
    if (line != nullptr) need.lot_key = line->lot_key;
    return need;
}

Candidate taken_by(const Facts& facts, const Attempt& attempt) {
    Candidate taken;
    taken.lot_key = facts.lot_key(attempt);
    taken.lot_raw = facts.lot ? facts.lot->raw : taken.lot_key;
    taken.expires_on = facts.expires_on(attempt);
    if (facts.lot) taken.first_seq = facts.lot->first_seq;
    taken.quantity = facts.quantity(attempt);
    return taken;
}

const LineFacts* line_for(const Facts& facts, const Attempt& attempt) {
    if (const LineFacts* line = facts.line_with_room(attempt)) return line;
    const std::string key = facts.lot_key(attempt);
    for (const LineFacts& line : facts.lines)
        if (line.lot_key == key && !key.empty()) return &line;
    for (const LineFacts& line : facts.lines)
        if (line.lot_key.empty()) return &line;
    return nullptr;
}

}  // namespace lotgate::rules
