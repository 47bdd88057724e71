#include "adapters/modbus_conveyor/divert_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::adapters {

namespace {

constexpr std::size_t open_max = 1024;
constexpr std::size_t closed_max = 256;

DivertState state_of(std::uint16_t result, bool is_wanted_lane) {
    switch (result) {
        case 1:
            return is_wanted_lane ? DivertState::confirmed : DivertState::missed;
        case 2:
            return DivertState::missed;
        case 3:
            return DivertState::lane_full;
        case 4:
            return DivertState::late;
        case 5:
            return DivertState::rejected;
        default:
            return DivertState::unknown;
    }
}

}  // namespace

std::uint32_t DecisionPoint::steps(std::uint16_t from, std::uint16_t to) const {
    const std::uint32_t cycle = 65536U - traits_.first_sequence;
    return (cycle + to - from) % cycle;
}

bool DecisionPoint::is_announced(std::uint16_t sequence) const {
    if (sequence < traits_.first_sequence || last_.sequence < traits_.first_sequence) return false;
    return steps(sequence, last_.sequence) <= steps(first_known_, last_.sequence);
}

// R1 went back, or the PLC's heartbeat is not where it can be by now. Forward it may run as fast
// as a PLC's scan (5 ms); back it never runs.
bool DecisionPoint::is_restart(const PointReading& reading, Tick now) const {
    if (!had_look_) return false;
    constexpr std::uint32_t half = 32768;
    if (reading.sequence != last_.sequence && last_.sequence >= traits_.first_sequence) {
        if (reading.sequence < traits_.first_sequence) return true;
        if (steps(last_.sequence, reading.sequence) >= half) return true;
    }
    if (!traits_.beats || !reading.heartbeat || !last_.heartbeat) return false;
    const std::uint32_t beats = (65536U + *reading.heartbeat - *last_.heartbeat) % 65536U;
    if (beats >= half) return true;
    const auto possible = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>((now - last_at_).count() / 5 + 20, 0, half));
    return beats > possible;
}

DecisionPoint::Told DecisionPoint::saw(const PointReading& reading, Tick now) {
    Told told;
    if (is_restart(reading, now)) {
        told.has_restarted = true;
        forget_all(told);
        closed_.clear();
        passed_.clear();  // its sequences begin again
        decided_.clear();
        had_look_ = false;
    }
    const bool is_first = !had_look_;
    if (!has_look_ || is_first) {
        first_known_ = reading.sequence;
        asked_.reset();
        unread_since_.reset();
        is_unread_told_ = false;
    }
    // What was confirmed before the first look was somebody else's to report.
    if (is_first) last_.confirmed = reading.confirmed;
    look_at_induction(reading, now, told);
    look_at_acknowledgement(reading, told);
    look_at_confirmation(reading, now, told);
    has_look_ = had_look_ = true;
    last_ = reading;
    last_at_ = now;
    lanes_full_ = reading.lanes_full;
    look_at_unread(now, told);
    expire(now, told);
    return told;
}

DecisionPoint::Told DecisionPoint::passed(Tick now) {
    Told told;
    if (has_look_) look_at_unread(now, told);
    expire(now, told);
    return told;
}

DecisionPoint::Told DecisionPoint::link_lost() {
    Told told;
    forget_all(told);
    has_look_ = false;
    lanes_full_.reset();
    unread_since_.reset();
    passed_.clear();
    return told;
}

void DecisionPoint::asked(std::uint16_t sequence) {
    asked_ = sequence;
}

bool DecisionPoint::has_passed(std::uint16_t sequence) const {
    return std::any_of(passed_.begin(), passed_.end(), [&](const DivertReport& report) {
        return report.sequence == sequence;
    });
}

DecisionPoint::Told DecisionPoint::too_late(const DivertOrder& order) const {
    Told told;
    for (const auto& passed : passed_) {
        if (passed.sequence != order.sequence) continue;
        auto report = report_on(order, DivertState::late);
        report.lane = passed.lane;
        told.reports.push_back(std::move(report));
        break;
    }
    return told;
}

Result<> DecisionPoint::accept(const DivertOrder& order, Tick now) {
    static_cast<void>(now);
    if (!has_look_)
        return fail(FaultCode::unavailable, "the PLC has not been read since the link came up");
    if (!is_announced(order.sequence))
        return fail(FaultCode::closed,
                    fmt::format("sequence {} is not one that the PLC has announced since the link "
                                "came up: this carton is not decided any more",
                                order.sequence));
    const auto is_same = [&](const Open& open) { return open.order.sequence == order.sequence; };
    if (std::any_of(open_.begin(), open_.end(), is_same) ||
        std::find(decided_.begin(), decided_.end(), order.sequence) != decided_.end() ||
        (traits_.acknowledges && last_.acknowledged == order.sequence))
        return fail(FaultCode::conflict,
                    fmt::format("sequence {} has a decision already", order.sequence));
    if (open_.size() >= open_max)
        return fail(FaultCode::full, "too many cartons wait for their confirmation");
    std::erase_if(closed_,
                  [&](const DivertOrder& closed) { return closed.sequence == order.sequence; });
    Open open;
    open.order = order;
    open_.push_back(std::move(open));
    asked(order.sequence);
    return {};
}

std::optional<DivertOrder> DecisionPoint::to_write(Tick now) const {
    for (const auto& open : open_) {
        if (open.is_acknowledged || open.is_given_up) continue;
        if (!open.last_written || now - *open.last_written >= traits_.times.repeat_after)
            return open.order;
        return std::nullopt;  // the next waits until this one is acknowledged or given up
    }
    return std::nullopt;
}

void DecisionPoint::note_decided(std::uint16_t sequence) {
    if (!decided_.empty() && decided_.back() == sequence) return;
    decided_.push_back(sequence);
    if (decided_.size() > open_max) decided_.pop_front();
}

void DecisionPoint::written(std::uint16_t sequence, Tick now) {
    note_decided(sequence);
    for (auto& open : open_) {
        if (open.order.sequence != sequence) continue;
        if (!open.first_written) open.first_written = now;
        open.last_written = now;
        if (!traits_.acknowledges) open.is_acknowledged = true;
    }
    if (!traits_.acknowledges && !traits_.confirms)
        std::erase_if(open_, [](const Open& open) { return open.is_acknowledged; });
}

void DecisionPoint::not_written(std::uint16_t sequence) {
    const auto at = std::find_if(open_.begin(), open_.end(), [&](const Open& open) {
        return open.order.sequence == sequence;
    });
    if (at == open_.end()) return;
    note_decided(sequence);  // a write that was not answered may have been carried out
    close(*at);
    open_.erase(at);
}

bool DecisionPoint::awaits_acknowledgement() const {
    return std::any_of(open_.begin(), open_.end(), [](const Open& open) {
        return open.last_written && !open.is_acknowledged && !open.is_given_up;
    });
}

void DecisionPoint::look_at_induction(const PointReading& reading, Tick now, Told& told) {
    const bool is_new = had_look_ && reading.sequence != last_.sequence;
    if (is_new) {
        // Gone on before the wait was over: nobody will ask for that carton any more.
        if (unread_since_ && !is_unread_told_) {
            unread_since_ = now - traits_.times.unread_after;
            look_at_unread(now, told);
        }
        told.announced = steps(last_.sequence, reading.sequence);
        if (first_known_ < traits_.first_sequence) first_known_ = reading.sequence;
        unread_since_.reset();
        is_unread_told_ = false;
    }
    if (reading.is_no_read && reading.sequence >= traits_.first_sequence && !unread_since_)
        unread_since_ = now;
}

void DecisionPoint::look_at_acknowledgement(const PointReading& reading, Told& told) {
    if (!reading.acknowledged) return;
    for (auto& open : open_) {
        if (open.is_acknowledged || !open.last_written) continue;
        if (open.order.sequence != *reading.acknowledged) continue;
        open.is_acknowledged = true;
        told.reports.push_back(report_on(open.order, DivertState::acknowledged));
    }
    if (!traits_.confirms)
        std::erase_if(open_, [](const Open& open) { return open.is_acknowledged; });
}

void DecisionPoint::look_at_confirmation(const PointReading& reading, Tick now, Told& told) {
    if (!reading.confirmed || reading.confirmed == last_.confirmed) return;
    const std::uint16_t sequence = *reading.confirmed;
    if (sequence < traits_.first_sequence) return;
    DivertOrder order;
    order.sequence = sequence;
    order.lane = reading.confirmed_lane;
    const auto at = std::find_if(open_.begin(), open_.end(), [&](const Open& open) {
        return open.order.sequence == sequence;
    });
    const auto gone = std::find_if(closed_.begin(), closed_.end(), [&](const DivertOrder& closed) {
        return closed.sequence == sequence;
    });
    if (at != open_.end()) {
        order = at->order;
        open_.erase(at);
    } else if (gone != closed_.end()) {
        order = *gone;
        closed_.erase(gone);
    } else if (sequence == reading.sequence) {
        order.tracking_id = reading.tracking_id;
    }
    const bool is_wanted = order.effect_id == 0 || order.lane == reading.confirmed_lane;
    auto report = report_on(order, state_of(reading.confirm_result, is_wanted));
    report.lane = reading.confirmed_lane;
    if (report.effect_id == 0) {
        passed_.push_back(report);
        if (passed_.size() > closed_max) passed_.pop_front();
    }
    told.reports.push_back(std::move(report));
    for (auto& open : open_) {
        const bool is_earlier = steps(open.order.sequence, sequence) < 32768;
        if (!is_earlier || open.overtaken || !open.last_written) continue;
        open.overtaken = now;
        ++told.overtaken;
    }
}

void DecisionPoint::look_at_unread(Tick now, Told& told) {
    if (!unread_since_ || is_unread_told_) return;
    if (asked_ == last_.sequence) {
        is_unread_told_ = true;  // somebody has taken it up
        return;
    }
    if (now - *unread_since_ < traits_.times.unread_after) return;
    is_unread_told_ = true;
    Induction induction;
    induction.sequence = last_.sequence;
    induction.tracking_id = last_.tracking_id;
    induction.is_no_read = true;
    induction.point = traits_.number;
    told.unread.push_back(induction);
}

void DecisionPoint::expire(Tick now, Told& told) {
    const auto is_over = [&](const std::optional<Tick>& since, Tick within) {
        return since && now - *since >= within;
    };
    for (auto& open : open_)
        if (!open.is_acknowledged && is_over(open.first_written, traits_.times.acknowledge_within))
            open.is_given_up = true;
    for (auto at = open_.begin(); at != open_.end();) {
        const bool is_lost = is_over(at->first_written, traits_.times.confirm_within) ||
                             is_over(at->overtaken, traits_.times.overtaken_within);
        if (!is_lost) {
            ++at;
            continue;
        }
        told.reports.push_back(report_on(at->order, DivertState::unknown));
        close(*at);
        at = open_.erase(at);
    }
}

void DecisionPoint::forget_all(Told& told) {
    for (const auto& open : open_) {
        // Not yet written: whoever asked waits for the write, and is told by its Fault.
        if (open.last_written) told.reports.push_back(report_on(open.order, DivertState::unknown));
        close(open);
    }
    open_.clear();
}

void DecisionPoint::close(const Open& open) {
    closed_.push_back(open.order);
    if (closed_.size() > closed_max) closed_.pop_front();
}

DivertReport DecisionPoint::report_on(const DivertOrder& order, DivertState state) const {
    DivertReport report(order.effect_id, state, order.lane);
    report.point = traits_.number;
    report.sequence = order.sequence;
    report.tracking_id = order.tracking_id;
    return report;
}

}  // namespace lotgate::adapters
