#pragma once

// The uplink as a pure state machine: events in, actions out; no I/O, no clock reads. What it
// holds to: rows go up in order by (epoch, seq); only an ACK moves `acked`, and only where it names
// a row we have and its hash; anything else means that two histories exist, and then it stops
// sending and says so. Lost, doubled, reordered and late frames cost time, never rows.

#include "store/queries.hpp"
#include "sync/wire/frames.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lotgate::sync {

/// Monotonic; only differences mean anything.
using Ticks = std::chrono::nanoseconds;

struct UplinkConfig {
    std::uint32_t window = 8;
    std::uint32_t rows_max = 500;
    std::size_t bytes_max = 192 * 1024;
    Ticks ack_within = std::chrono::seconds(10);
    Ticks silence_max = std::chrono::seconds(15);
    Ticks status_every = std::chrono::seconds(5);
    /// Between batches that are not full: each costs both sides a transaction, however small.
    Ticks partial_every = std::chrono::milliseconds(100);
    Ticks hello_again_min = std::chrono::milliseconds(500);  ///< doubles up to …
    Ticks hello_again_max = std::chrono::seconds(8);
    Ticks fenced_again = std::chrono::seconds(10);  ///< a fence may have been lifted
};

enum class UplinkState {
    offline,
    reading_head,  ///< asks the ledger where it stands
    greeting,      ///< HELLO sent
    comparing,     ///< reads the hash at the row the cloud named
    granting,      ///< has the store write down the epoch
    sending,
    fenced,
    forked,
};

/// Rows read and packed, ready to go.
struct PreparedBatch {
    Seq first{};
    Seq last{};
    Hash last_hash{};
    std::string packed;
};

// ---- actions

struct SendFrame {
    wire::Message message;
};

/// Answer with head_read().
struct ReadHead {};

/// Answer with batch_read() or read_failed().
struct ReadBatch {
    Seq after{};
    std::uint32_t rows_max = 0;
    std::size_t bytes_max = 0;
    std::uint64_t ticket = 0;
};

/// Answer with hash_read().
struct ReadHash {
    Seq seq{};
};

struct TellAcknowledged {
    store::UplinkAcknowledged what;
};

/// Answer with head_read(), or read_failed().
struct GrantEpoch {
    store::EpochGranted what;
};

struct RenewLink {
    std::string because;
};

using UplinkAction =
    std::variant<SendFrame, ReadHead, ReadBatch, ReadHash, TellAcknowledged, GrantEpoch, RenewLink>;
using UplinkActions = std::vector<UplinkAction>;

class Uplink {
public:
    /// `nonce` is the first HELLO's; later ones count up from it.
    Uplink(UplinkConfig config, std::uint64_t nonce) : config_(config), nonce_(nonce) {}

    // ---- events; each appends what is to be done to `out`
    void link_up(Ticks now, UplinkActions& out);
    void link_down(std::string because);
    void head_read(Ticks now, const store::LedgerHead& head, UplinkActions& out);
    void batch_read(Ticks now, std::uint64_t ticket, PreparedBatch batch, UplinkActions& out);
    void hash_read(Ticks now, Seq seq, std::optional<Hash> hash, UplinkActions& out);
    void read_failed(Ticks now, std::string because);
    void committed(Ticks now, Seq head, UplinkActions& out);
    /// Any frame, also those for the downlink: it is a sign of life.
    void heard(Ticks now, const wire::Message& message, UplinkActions& out);
    /// While true no batch leaves: the urgent lane goes first.
    void hold_back(Ticks now, bool is_held, UplinkActions& out);
    void tick(Ticks now, UplinkActions& out);

    // ---- questions
    [[nodiscard]] UplinkState state() const { return state_; }

    /// Fenced or forked, also while it asks again whether that still holds.
    [[nodiscard]] std::optional<UplinkState> stopped() const { return stopped_; }

    [[nodiscard]] const std::string& because() const { return because_; }

    /// As last read; the newest durable row is newest().
    [[nodiscard]] const store::LedgerHead& head() const { return head_; }

    [[nodiscard]] Seq newest() const { return newest_; }

    [[nodiscard]] Seq acked() const { return acked_; }

    [[nodiscard]] Seq sent_through() const { return sent_; }

    [[nodiscard]] std::uint64_t batches_sent() const { return batches_sent_; }

    [[nodiscard]] std::uint64_t rows_sent() const { return rows_sent_; }

    [[nodiscard]] std::size_t in_flight() const { return in_flight_.size(); }

private:
    void on_welcome(Ticks now, const wire::Welcome& welcome, UplinkActions& out);
    void on_ack(Ticks now, const wire::Ack& ack, UplinkActions& out);
    void on_nack(Ticks now, const wire::Nack& nack, UplinkActions& out);
    void on_fenced(Ticks now, const wire::Fenced& fenced);
    void on_gap(Ticks now, const wire::Nack& nack, UplinkActions& out);
    void on_malformed(Ticks now, const wire::Nack& nack, UplinkActions& out);
    void greet(UplinkActions& out);
    void say_hello(Ticks now, UplinkActions& out);
    void compare(Ticks now, const wire::Welcome& welcome, UplinkActions& out);
    void go_on_after(Ticks now, Seq seq, const Hash& hash, UplinkActions& out);
    void advance(Ticks now, Seq seq, const Hash& hash, UplinkActions& out);
    void rewind(Seq seq, const Hash& hash);
    void want_batch(Ticks now, UplinkActions& out);
    void stop_sending(Ticks now, UplinkState state, std::string because);
    void fork_at(Ticks now, Seq seq);
    void send_status(Ticks now, UplinkActions& out);
    [[nodiscard]] bool is_for_us(const InstanceId& instance) const;
    [[nodiscard]] std::optional<Hash> hash_at(Seq seq) const;

    const UplinkConfig config_;

    UplinkState state_ = UplinkState::offline;
    std::optional<UplinkState> stopped_;
    std::string because_;
    store::LedgerHead head_;
    Seq newest_{};
    Seq told_{};  ///< last row the store was told is acknowledged
    std::uint64_t nonce_;

    Seq acked_{};
    Hash acked_hash_{};
    Seq sent_{};
    Hash sent_hash_{};
    std::deque<Seq> in_flight_;       ///< last seq of each batch on its way
    std::map<Seq, Hash> boundaries_;  ///< hashes at the ends of batches sent and not acknowledged
    std::uint32_t attempt_ = 1;
    std::uint32_t window_ = 1;
    std::uint32_t rows_max_ = 1;

    bool is_held_back_ = false;
    bool is_reading_ = false;
    std::uint64_t ticket_ = 0;
    Seq compare_seq_{};
    Hash compare_hash_{};

    Ticks heard_at_{};
    Ticks progress_at_{};
    std::optional<Ticks> partial_at_;  ///< when the last batch that was not full was asked for
    Ticks status_at_{};
    Ticks again_at_{};  ///< of the next HELLO, where one is due
    Ticks again_after_{};
    std::uint64_t batches_sent_ = 0;
    std::uint64_t rows_sent_ = 0;
};

}  // namespace lotgate::sync
