#pragma once

// One decision point of a conveyor: cartons pass a photo-eye, travel to the decision point, and
// from there to a lane's photo-eye. Pure: the time is the belt's own (it stands while the belt
// stands), given by the caller, and it never goes back.
//
// Registers as the PLC shows them, twelve words a point:
//   R0 heartbeat  R1 induct sequence  R2-R3 tracking id  R4 flags  R5 lane full  R6 jam  R7 state
//   R8 acknowledged decision  R9 confirmed lane  R10 result  R11 confirmed sequence
// Lanes count from 1, and lane n is bit n of R5 and R6. Flags: 1 read window closed, 2 no-read, 4
// lane-full mask valid.

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace lotgate::sim {

using BeltTime = std::chrono::nanoseconds;

enum class DivertResult : std::uint16_t {
    none = 0,
    diverted = 1,
    missed = 2,
    lane_full = 3,
    timeout_default = 4,
    rejected = 5,
};

struct BeltConfig {
    std::uint16_t lanes = 4;
    std::uint16_t default_lane = 4;
    BeltTime to_decision{std::chrono::milliseconds(1000)};
    std::vector<BeltTime> to_lane{std::chrono::milliseconds(500)};  ///< by lane; the last repeats
    /// Each confirmation stays in R9-R11 until it was read, or this long.
    BeltTime confirmation_kept{std::chrono::milliseconds(2000)};
    bool is_high_word_first = true;
};

struct Carton {
    std::uint16_t sequence = 0;
    std::uint32_t tracking_id = 0;
    BeltTime decision_at{0};
    BeltTime arrives_at{0};
    bool is_decided = false;
    std::uint16_t lane_asked = 0;
    std::uint16_t reason = 0;
    std::uint16_t lane_taken = 0;
    DivertResult result = DivertResult::none;
};

struct BeltCounts {
    std::uint64_t inducted = 0;
    std::uint64_t decisions_written = 0;  ///< a new W5, whatever became of it
    std::uint64_t decisions_accepted = 0;
    std::uint64_t decisions_late = 0;      ///< the carton had passed the decision point
    std::uint64_t decisions_unknown = 0;   ///< no such carton was ever announced
    std::uint64_t decisions_stale = 0;     ///< written while the gateway's heartbeat stood still
    std::uint64_t decisions_mismatch = 0;  ///< another tracking id than the carton's
    std::uint64_t decisions_changed = 0;   ///< the same W5 again with another lane
    std::array<std::uint64_t, 6> results{};
    std::vector<std::uint64_t> confirmed_by_lane;  ///< index 0 is lane 1
    std::uint64_t confirmations_unread = 0;        ///< replaced before anybody read them
    std::uint64_t cartons_lost = 0;                ///< on the belt when the PLC restarted
};

/// What the gateway writes: W0 heartbeat, W1-W2 tracking id, W3 lane, W4 reason, W5 sequence.
inline constexpr std::size_t status_words = 12;
inline constexpr std::size_t decision_words = 6;
using StatusBlock = std::array<std::uint16_t, status_words>;
using DecisionBlock = std::array<std::uint16_t, decision_words>;

enum class DecisionFate { repeated, accepted, late, unknown, stale, mismatch };

class Belt {
public:
    using OnCarton = std::function<void(const Carton&)>;

    /// `on_decided` when a decision is accepted or the default taken; `on_confirmed` at the lane.
    Belt(BeltConfig config, OnCarton on_decided, OnCarton on_confirmed);

    /// A carton passes the eye.
    Carton induct(BeltTime now);
    /// The read window of that carton ends.
    void close_window(std::uint16_t sequence, bool is_no_read);
    /// The gateway wrote W5 (and perhaps more of the block).
    DecisionFate decide(const DecisionBlock& block, bool is_gateway_alive);
    /// Moves everything to `now`.
    void advance(BeltTime now);
    /// When advance() has something to do next.
    [[nodiscard]] std::optional<BeltTime> next() const;
    /// R11 was read: the next confirmation may be shown.
    void confirmation_read();
    /// Power cycle: registers zero, sequence from 0, cartons gone.
    void restart();

    void miss(std::uint64_t cartons, std::uint16_t lane);
    void set_lane_full(std::uint16_t lane, bool on);
    void set_jam(std::uint16_t lane, bool on);
    void set_next_sequence(std::uint16_t sequence);

    [[nodiscard]] const StatusBlock& status() const { return status_; }

    [[nodiscard]] StatusBlock& status() { return status_; }

    [[nodiscard]] const BeltCounts& counts() const { return counts_; }

    [[nodiscard]] const BeltConfig& config() const { return config_; }

    [[nodiscard]] std::size_t cartons_on_belt() const {
        return undecided_.size() + travelling_.size();
    }

private:
    void pass_decision_point(Carton carton);
    void settle_lane(Carton& carton);
    void confirm(const Carton& carton);
    void show_confirmation();
    [[nodiscard]] bool has_bit(std::size_t word, std::uint16_t lane) const;
    void set_bit(std::size_t word, std::uint16_t lane, bool on);
    [[nodiscard]] std::uint32_t tracking_from(const std::uint16_t* words) const;

    const BeltConfig config_;
    const OnCarton on_decided_;
    const OnCarton on_confirmed_;
    StatusBlock status_{};
    std::uint16_t sequence_ = 0;
    std::uint64_t announced_ = 0;  ///< since the last restart
    std::uint32_t tracking_id_;
    std::deque<Carton> undecided_;    ///< between the eye and the decision point, in order
    std::vector<Carton> travelling_;  ///< between the decision point and a lane
    std::deque<Carton> confirmations_;
    bool is_confirmation_fresh_ = false;  ///< shown and not read yet
    BeltTime shown_until_{0};
    BeltTime now_{0};
    std::uint16_t last_decision_ = 0;
    std::uint16_t last_lane_ = 0;
    std::uint64_t misses_left_ = 0;
    std::uint16_t miss_lane_ = 0;
    BeltCounts counts_;
};

}  // namespace lotgate::sim
