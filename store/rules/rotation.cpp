#include "store/rules/rotation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <tuple>

namespace lotgate::rules {

namespace {

constexpr std::array<std::string_view, 4> rotation_names = {"none", "FEFO", "FIFO", "LIFO"};

std::chrono::sys_days number_of_day(Date date) {
    return std::chrono::sys_days(date);
}

// Undated goods come after every date.
auto expiry_rank(const Candidate& candidate) {
    const auto day =
        candidate.expires_on ? number_of_day(*candidate.expires_on) : std::chrono::sys_days();
    return std::make_tuple(!candidate.expires_on.has_value(), day);
}

auto rest_rank(const Candidate& candidate) {
    return std::tie(candidate.quantity,
                    candidate.walk_order,
                    candidate.lot_key,
                    candidate.place,
                    candidate.serial);
}

bool is_before(const Candidate& a, const Candidate& b, Rotation rotation) {
    if (rotation == Rotation::fefo && expiry_rank(a) != expiry_rank(b))
        return expiry_rank(a) < expiry_rank(b);
    if (a.first_seq != b.first_seq)
        return rotation == Rotation::lifo ? a.first_seq > b.first_seq : a.first_seq < b.first_seq;
    return rest_rank(a) < rest_rank(b);
}

void keep_one_lot(std::vector<Candidate>& candidates, std::int64_t wanted) {
    std::map<std::string, std::int64_t> of_lot;
    for (const Candidate& candidate : candidates) of_lot[candidate.lot_key] += candidate.quantity;
    std::string chosen;
    bool is_found = false;
    for (const Candidate& candidate : candidates) {
        if (is_found || of_lot[candidate.lot_key] < wanted) continue;
        chosen = candidate.lot_key;
        is_found = true;
    }
    candidates.erase(
        std::remove_if(candidates.begin(),
                       candidates.end(),
                       [&](const Candidate& one) { return !is_found || one.lot_key != chosen; }),
        candidates.end());
}

}  // namespace

std::string_view name_of(Rotation rotation) {
    return rotation_names[static_cast<std::size_t>(rotation)];
}

std::optional<Rotation> rotation_named(std::string_view name) {
    for (std::size_t i = 0; i < rotation_names.size(); ++i)
        if (rotation_names[i] == name) return static_cast<Rotation>(i);
    return std::nullopt;
}

Rotation rotation_of(std::initializer_list<std::string_view> levels) {
    for (const std::string_view level : levels)
        if (const auto named = rotation_named(level)) return *named;
    return Rotation::none;
}

std::int64_t days_left(Date expires_on, Date day) {
    return (number_of_day(expires_on) - number_of_day(day)).count();
}

bool has_life(const std::optional<Date>& expires_on, const Need& need) {
    if (!expires_on || !need.delivered_on) return true;
    return days_left(*expires_on, *need.delivered_on) >=
           std::max<std::int64_t>(need.min_life_days, 0);
}

bool is_eligible(const Candidate& candidate, const Need& need) {
    if (candidate.quantity <= 0) return false;
    if (!need.lot_key.empty() && candidate.lot_key != need.lot_key) return false;
    return has_life(candidate.expires_on, need);
}

void put_in_order(std::vector<Candidate>& candidates, Rotation rotation) {
    std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
        return is_before(a, b, rotation);
    });
}

std::string Directed::told(std::size_t picks_max) const {
    std::string words;
    std::size_t count = 0;
    for (const Candidate& pick : picks) {
        if (count++ == picks_max) return words + ", …";
        if (!words.empty()) words += ", ";
        if (!pick.serial.empty()) words += fmt::format("serial {} ", pick.serial);
        if (!pick.lot_raw.empty()) words += fmt::format("lot {} ", pick.lot_raw);
        words += fmt::format("from {} ({})", pick.place, pick.quantity);
    }
    return words;
}

Directed direct(std::vector<Candidate> candidates, const Need& need) {
    candidates.erase(std::remove_if(candidates.begin(),
                                    candidates.end(),
                                    [&](const Candidate& one) { return !is_eligible(one, need); }),
                     candidates.end());
    put_in_order(candidates, need.rotation);
    if (need.single_lot) keep_one_lot(candidates, need.quantity);
    Directed directed;
    directed.missing = need.quantity;
    for (Candidate& candidate : candidates) {
        if (directed.missing <= 0) break;
        candidate.quantity = std::min(candidate.quantity, directed.missing);
        directed.missing -= candidate.quantity;
        directed.picks.push_back(std::move(candidate));
    }
    return directed;
}

const Candidate* goes_before(const std::vector<Candidate>& candidates,
                             const Candidate& taken,
                             const Need& need,
                             std::int64_t tolerance_days) {
    const auto leaves_before = [&](const Candidate& one) {
        if (one.lot_key == taken.lot_key || !is_eligible(one, need)) return false;
        switch (need.rotation) {
            case Rotation::none:
                return false;
            case Rotation::fefo:
                if (!one.expires_on) return false;
                return !taken.expires_on ||
                       days_left(*taken.expires_on, *one.expires_on) > tolerance_days;
            case Rotation::fifo:
                return one.first_seq < taken.first_seq;
            case Rotation::lifo:
                return one.first_seq > taken.first_seq;
        }
        return false;
    };
    const Candidate* first = nullptr;
    for (const Candidate& one : candidates)
        if (leaves_before(one) && (first == nullptr || is_before(one, *first, need.rotation)))
            first = &one;
    return first;
}

}  // namespace lotgate::rules
