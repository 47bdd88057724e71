#pragma once

// What became of a label that was sent, out of what the printer says afterwards. No I/O and no
// clock. A label is confirmed by the printer's lifetime counter, or where there is none by an idle
// printer that never complained; it has failed only where the counter proves that nothing was
// printed; everything else is in doubt, and a person decides. Several labels that were sent
// together share one end: with a counter that moved by another number, nobody knows which of them
// are there.

#include "adapters/adapter.hpp"
#include "adapters/label_printer/printer_status.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace lotgate::adapters {

/// How far the counter of this printer can be believed.
struct CounterProof {
    std::optional<std::uint64_t> before;  ///< read before sending; nothing where it has none
    std::uint64_t labels = 1;             ///< that were sent
    /// It has been seen to move. A counter that never does proves nothing by standing still.
    bool has_moved = true;
    /// Without a counter, an idle printer must have been seen working on the label.
    bool must_be_seen_working = false;
};

struct FollowTimes {
    std::chrono::milliseconds busy_max{60'000};      ///< working at it, without a complaint
    std::chrono::milliseconds counter_max{5'000};    ///< idle, and the counter has not moved
    std::chrono::milliseconds settled_after{1'000};  ///< the same after a fault was mended
    std::chrono::milliseconds silent_max{600'000};   ///< some models are silent while out of labels
};

class LabelFollower {
public:
    using Tick = std::chrono::milliseconds;

    struct Verdict {
        Verdict(PrintState state_, std::string because_)
            : state(state_), because(std::move(because_)) {}

        PrintState state;
        std::string because;
    };

    LabelFollower(FollowTimes times, CounterProof counter, Tick sent)
        : times_(times), counter_(counter), progress_(sent), heard_(sent) {}

    /// A status that may be an answer to a question from before the label is not conclusive.
    [[nodiscard]] std::optional<Verdict> saw(const HostStatus& status,
                                             bool is_conclusive,
                                             Tick now);
    /// Nothing came back.
    [[nodiscard]] std::optional<Verdict> heard_nothing(Tick now);

    /// The printer is idle: its counter should be asked, and given to counted().
    [[nodiscard]] bool wants_counter() const {
        return idle_since_.has_value() && counter_.before.has_value();
    }

    /// Nothing = it did not answer.
    [[nodiscard]] std::optional<Verdict> counted(std::optional<std::uint64_t> counter,
                                                 Tick now) const;
    /// The connection ended.
    [[nodiscard]] Verdict broke(const std::string& why) const;

    [[nodiscard]] bool had_fault() const { return had_fault_; }

private:
    [[nodiscard]] std::optional<Verdict> stood_still(Tick idle) const;

    const FollowTimes times_;
    const CounterProof counter_;
    Tick progress_;  ///< when it last was in order
    Tick heard_;
    std::optional<Tick> idle_since_;
    bool had_fault_ = false;
    bool was_working_ = false;
    bool was_silent_ = false;  ///< since it was last heard
};

}  // namespace lotgate::adapters
