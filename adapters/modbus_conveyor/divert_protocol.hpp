#pragma once

// The divert transaction at one decision point (docs/data/registers.md): which decisions are open,
// what is to be written, and what the PLC's answers mean. No I/O and no clock: looks at the PLC
// and the time come in, reports come out.
//
//   accepted -> written -> acknowledged (R8 = W5) -> confirmed | missed | lane_full | late |
//   rejected any of them -> unknown: the link went, the PLC restarted, or no confirmation came
//
// One decision is written at a time: the next would overwrite it before the PLC has seen it. A
// confirmation that comes after a decision was given up as unknown is still reported: it is true.

#include "adapters/adapter.hpp"
#include "adapters/modbus_conveyor/register_map.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace lotgate::adapters {

/// Time since some start; only differences mean anything.
using Tick = std::chrono::milliseconds;

struct DivertTimes {
    Tick repeat_after{50};          ///< the same block again while not acknowledged
    Tick acknowledge_within{1000};  ///< then it is repeated no more
    Tick confirm_within{60'000};
    /// A later carton was confirmed meanwhile: lanes differ in length, so this is no proof yet.
    Tick overtaken_within{5'000};
    Tick unread_after{60};  ///< a scan may be on its way while the PLC says no-read
};

class DecisionPoint {
public:
    struct Traits {
        std::uint16_t number = 0;
        std::uint16_t first_sequence = 1;
        bool acknowledges = true;  ///< the map has an acknowledgement register
        bool confirms = true;
        bool beats = true;  ///< the heartbeat counts: a jump is a restart
        DivertTimes times;
    };

    struct Told {
        std::vector<DivertReport> reports;
        std::vector<Induction> unread;
        bool has_restarted = false;
        std::uint64_t announced = 0;  ///< cartons since the last look
        std::uint64_t overtaken = 0;  ///< confirmations that may have been lost
    };

    explicit DecisionPoint(Traits traits) : traits_(traits) {}

    /// A look at the PLC, poll or not. The first after a new link is compared with what was before.
    [[nodiscard]] Told saw(const PointReading& reading, Tick now);
    /// What expires without a look.
    [[nodiscard]] Told passed(Tick now);
    /// Everything open becomes unknown, and nothing of it is written any more.
    [[nodiscard]] Told link_lost();

    /// A scanner or station has taken up this carton: no unread report for it.
    void asked(std::uint16_t sequence);

    /// The PLC has said where this carton went before anybody decided: a decision is too late.
    [[nodiscard]] bool has_passed(std::uint16_t sequence) const;
    /// What is told of a decision that came too late; nothing is written.
    [[nodiscard]] Told too_late(const DivertOrder& order) const;

    /// Faults: unavailable (no look yet on this link), closed (announced on an earlier link, or
    /// never), conflict (decided already), full.
    [[nodiscard]] Result<> accept(const DivertOrder& order, Tick now);
    /// What must be written now: the first open decision, first time or again.
    [[nodiscard]] std::optional<DivertOrder> to_write(Tick now) const;
    void written(std::uint16_t sequence, Tick now);
    /// The write failed: whoever asked is told by its Fault, so no report follows unless the PLC
    /// confirms it all the same.
    void not_written(std::uint16_t sequence);

    [[nodiscard]] bool awaits_acknowledgement() const;

    /// A decision is open, or a no-read is about to be told.
    [[nodiscard]] bool awaits_anything() const {
        return !open_.empty() || (unread_since_ && !is_unread_told_);
    }

    [[nodiscard]] std::size_t open() const { return open_.size(); }

    [[nodiscard]] std::optional<std::uint16_t> lanes_full() const { return lanes_full_; }

private:
    struct Open {
        DivertOrder order;
        std::optional<Tick> first_written;
        std::optional<Tick> last_written;
        std::optional<Tick> overtaken;
        bool is_acknowledged = false;
        bool is_given_up = false;  ///< repeated no more
    };

    [[nodiscard]] std::uint32_t steps(std::uint16_t from, std::uint16_t to) const;
    [[nodiscard]] bool is_announced(std::uint16_t sequence) const;
    [[nodiscard]] bool is_restart(const PointReading& reading, Tick now) const;
    void look_at_induction(const PointReading& reading, Tick now, Told& told);
    void look_at_acknowledgement(const PointReading& reading, Told& told);
    void look_at_confirmation(const PointReading& reading, Tick now, Told& told);
    void look_at_unread(Tick now, Told& told);
    void expire(Tick now, Told& told);
    void forget_all(Told& told);
    void note_decided(std::uint16_t sequence);
    void close(const Open& open);
    [[nodiscard]] DivertReport report_on(const DivertOrder& order, DivertState state) const;

    const Traits traits_;
    std::deque<Open> open_;
    std::deque<DivertReport> passed_;  ///< confirmed lately, and nobody had decided
    std::deque<DivertOrder> closed_;   ///< given up lately: their truth may still come
    /// Sequences that were, or may have been, written since the PLC started: it acts on each once.
    std::deque<std::uint16_t> decided_;
    bool has_look_ = false;  ///< on this link
    bool had_look_ = false;  ///< ever since the PLC started
    PointReading last_;
    Tick last_at_{0};
    std::uint16_t first_known_ = 0;  ///< announced on this link: first_known_ .. last_.sequence
    std::optional<std::uint16_t> asked_;
    std::optional<Tick> unread_since_;
    bool is_unread_told_ = false;
    std::optional<std::uint16_t> lanes_full_;
};

}  // namespace lotgate::adapters
