#include "store/rules/lane_choice.hpp"

#include <algorithm>

namespace lotgate::rules {

namespace {

using Lanes = std::map<std::string, std::uint16_t>;

std::optional<std::uint16_t> named(const Lanes& lanes, const std::string& name) {
    const auto found = lanes.find(name);
    if (found == lanes.end()) return std::nullopt;
    return found->second;
}

std::optional<std::uint16_t> lane_of_contents(const Facts& facts, const Lanes& lanes) {
    if (lanes.empty() || facts.contents.empty()) return std::nullopt;
    const auto first = named(lanes, facts.contents.front().gtin);
    const bool all_agree =
        std::all_of(facts.contents.begin(), facts.contents.end(), [&](const ContentFacts& content) {
            return named(lanes, content.gtin) == first;
        });
    return all_agree ? first : std::nullopt;
}

/// Refused for what the goods are, not for what could not be read or found.
bool is_about_the_goods(std::string_view code) {
    return code.starts_with("ON_HOLD") || code.starts_with("EXPIRED") || code == "RECALLED_LOT";
}

bool is_full(const DivertContext& context, std::uint16_t lane) {
    return context.lanes_full && lane < 16 &&
           ((std::uint32_t{*context.lanes_full} >> lane) & 1U) != 0;
}

}  // namespace

std::optional<std::uint16_t> lane_for(const Facts& facts, const StationPolicy& policy) {
    if (facts.intent == Intent::route_return)
        return named(policy.lane_by_grade, facts.return_route);
    if (const auto lane = lane_of_contents(facts, policy.lane_by_product)) return lane;
    if (!facts.document) return std::nullopt;
    if (const auto lane = named(policy.lane_by_order, facts.document->id)) return lane;
    if (const auto lane = named(policy.lane_by_customer, facts.document->party)) return lane;
    return named(policy.lane_by_route, facts.document->route);
}

LaneChoice choose_lane(const Facts& facts, const Attempt& attempt, const Verdict& verdict) {
    const StationPolicy& policy = *attempt.policy;
    const LaneChoice exception{policy.lane_exception, "sent_to_exception_lane"};
    if (verdict.blocks()) {
        if (policy.lane_reject && is_about_the_goods(verdict.code))
            return {*policy.lane_reject, "sent_to_reject_lane"};
        return exception;
    }
    const bool is_known = (facts.carton && facts.document) || facts.intent == Intent::route_return;
    const auto lane = is_known ? lane_for(facts, policy) : std::nullopt;
    if (!lane) return exception;
    if (!attempt.divert || !is_full(*attempt.divert, *lane)) return {*lane, "routed"};
    if (policy.lane_recirculate && attempt.divert->recirculated < policy.recirculations_max)
        return {*policy.lane_recirculate, "recirculated"};
    if (policy.lane_overflow && !is_full(*attempt.divert, *policy.lane_overflow))
        return {*policy.lane_overflow, "sent_to_overflow_lane"};
    return exception;
}

}  // namespace lotgate::rules
