#include "adapters/label_printer/label_follower.hpp"

#include <fmt/format.h>

namespace lotgate::adapters {

std::optional<LabelFollower::Verdict> LabelFollower::saw(const HostStatus& status,
                                                         bool is_conclusive,
                                                         Tick now) {
    heard_ = now;
    if (was_silent_) progress_ = now;  // what it did meanwhile, nobody knows
    was_silent_ = false;
    if (!status.hindrance().empty()) {
        // A person has to come, and may take an hour: no limit while the printer says so.
        had_fault_ = true;
        progress_ = now;
        idle_since_.reset();
        return std::nullopt;
    }
    if (!status.is_idle() || !is_conclusive) {
        was_working_ = was_working_ || !status.is_idle();
        idle_since_.reset();
        if (now - progress_ < times_.busy_max) return std::nullopt;
        return Verdict{PrintState::in_doubt,
                       fmt::format("the printer has been busy with it for {} s: is it there?",
                                   times_.busy_max.count() / 1000)};
    }
    if (!idle_since_) idle_since_ = now;
    if (counter_.before) return std::nullopt;
    if (had_fault_)
        return Verdict{PrintState::in_doubt,
                       "the printer stopped during the label and has no counter: is it there?"};
    if (counter_.must_be_seen_working && !was_working_) {
        if (now - *idle_since_ < times_.counter_max) return std::nullopt;
        return Verdict{PrintState::in_doubt,
                       "the printer was not seen working on it and has no counter: is it there?"};
    }
    return Verdict{PrintState::confirmed, "by host status only: the printer has no label counter"};
}

std::optional<LabelFollower::Verdict> LabelFollower::heard_nothing(Tick now) {
    was_silent_ = true;
    if (now - heard_ < times_.silent_max) return std::nullopt;
    return Verdict{PrintState::in_doubt,
                   fmt::format("the printer has said nothing for {} s after the label was sent: is "
                               "it there?",
                               times_.silent_max.count() / 1000)};
}

std::optional<LabelFollower::Verdict> LabelFollower::counted(std::optional<std::uint64_t> counter,
                                                             Tick now) const {
    if (!counter_.before || !idle_since_) return std::nullopt;
    const std::uint64_t before = *counter_.before;
    const auto idle = now - *idle_since_;
    if (!counter) {
        if (idle < times_.counter_max) return std::nullopt;
        return Verdict{PrintState::in_doubt,
                       "the printer's label counter does not answer any more: is it there?"};
    }
    if (*counter == before + counter_.labels)
        return Verdict{PrintState::confirmed,
                       fmt::format("label counter went from {} to {}", before, *counter)};
    if (*counter == before) return stood_still(idle);
    // With several labels sent it may still be on its way.
    const bool is_on_its_way = *counter > before && *counter < before + counter_.labels;
    if (is_on_its_way && idle < times_.counter_max) return std::nullopt;
    return Verdict{
        PrintState::in_doubt,
        counter_.labels == 1
            ? fmt::format("label counter went from {} to {}: not by one", before, *counter)
            : fmt::format("label counter went from {} to {}, and {} labels were sent",
                          before,
                          *counter,
                          counter_.labels)};
}

std::optional<LabelFollower::Verdict> LabelFollower::stood_still(Tick idle) const {
    if (had_fault_ && counter_.has_moved && idle >= times_.settled_after)
        return Verdict{PrintState::failed,
                       fmt::format("not printed: the printer stopped, its buffer is empty and its "
                                   "label counter is still {}",
                                   *counter_.before)};
    if (idle < times_.counter_max) return std::nullopt;
    return Verdict{PrintState::in_doubt,
                   fmt::format("the printer is idle and its label counter is still {}{}: is it "
                               "there?",
                               *counter_.before,
                               counter_.has_moved ? "" : " (it has not been seen to move yet)")};
}

LabelFollower::Verdict LabelFollower::broke(const std::string& why) const {
    return {PrintState::in_doubt,
            fmt::format("the connection broke after the label was sent ({}): is it there?", why)};
}

}  // namespace lotgate::adapters
