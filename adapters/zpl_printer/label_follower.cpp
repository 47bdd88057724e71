#include "adapters/zpl_printer/label_follower.hpp"

#include <fmt/format.h>

namespace lotgate::adapters {

std::optional<LabelFollower::Verdict> LabelFollower::saw(const HostStatus& status,
                                                         bool is_conclusive,
                                                         Tick now) {
    heard_ = now;
    if (!status.hindrance().empty()) {
        // A person has to come, and may take an hour: no limit while the printer says so.
        had_fault_ = true;
        progress_ = now;
        idle_since_.reset();
        return std::nullopt;
    }
    if (!status.is_idle() || !is_conclusive) {
        idle_since_.reset();
        if (now - progress_ < times_.busy_max) return std::nullopt;
        return Verdict{PrintState::in_doubt,
                       fmt::format("the printer has been busy with it for {} s: is it there?",
                                   times_.busy_max.count() / 1000)};
    }
    if (!idle_since_) idle_since_ = now;
    if (before_) return std::nullopt;
    if (had_fault_)
        return Verdict{PrintState::in_doubt,
                       "the printer stopped during the label and has no counter: is it there?"};
    return Verdict{PrintState::confirmed, "by host status only: the printer has no label counter"};
}

std::optional<LabelFollower::Verdict> LabelFollower::heard_nothing(Tick now) const {
    if (now - heard_ < times_.silent_max) return std::nullopt;
    return Verdict{PrintState::in_doubt,
                   fmt::format("the printer has said nothing for {} s after the label was sent: is "
                               "it there?",
                               times_.silent_max.count() / 1000)};
}

std::optional<LabelFollower::Verdict> LabelFollower::counted(std::optional<std::uint64_t> counter,
                                                             Tick now) const {
    if (!before_ || !idle_since_) return std::nullopt;
    if (counter == *before_ + 1)
        return Verdict{PrintState::confirmed,
                       fmt::format("label counter went from {} to {}", *before_, *counter)};
    if (counter && *counter != *before_)
        return Verdict{
            PrintState::in_doubt,
            fmt::format("label counter went from {} to {}: not by one", *before_, *counter)};
    const auto idle = now - *idle_since_;
    if (!counter) {
        if (idle < times_.counter_max) return std::nullopt;
        return Verdict{PrintState::in_doubt,
                       "the printer's label counter does not answer any more: is it there?"};
    }
    if (had_fault_ && idle >= times_.settled_after)
        return Verdict{PrintState::failed,
                       fmt::format("not printed: the printer stopped, its buffer is empty and its "
                                   "label counter is still {}",
                                   *before_)};
    if (idle < times_.counter_max) return std::nullopt;
    return Verdict{
        PrintState::in_doubt,
        fmt::format("the printer is idle and its label counter is still {}: is it there?",
                    *before_)};
}

LabelFollower::Verdict LabelFollower::broke(const std::string& why) const {
    return {PrintState::in_doubt,
            fmt::format("the connection broke after the label was sent ({}): is it there?", why)};
}

}  // namespace lotgate::adapters
