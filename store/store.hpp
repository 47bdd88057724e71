#pragma once

// The one writer. Everything that changes the site's truth is a command handed to the store
// thread: it takes all that waits (up to batch_max), opens one transaction, runs each command (one
// that fails is undone alone), commits with synchronous=FULL, and only then answers.
//
// Threads: submit() may be called from any thread and never blocks. Answers are called on the
// store thread, after COMMIT; hand them over to the thread that needs them and return at once.

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"
#include "store/model/time.hpp"
#include "store/operations/operation.hpp"
#include "store/rules/attempt.hpp"
#include "store/rules/verdict.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lotgate::store {

// ---- effects: what a decision asks the outside world to do; rows, written with the decision

struct PrintRequest {
    std::string printer;
    std::string label_template;
    std::vector<std::pair<std::string, std::string>> fields;  ///< for the template, unescaped
    Instant stale_after;
};

struct DivertRequest {
    std::string conveyor;
    std::uint16_t point = 0;
    std::uint16_t sequence = 0;
    std::uint32_t tracking_id = 0;
    std::uint16_t lane = 0;
    std::uint16_t reason = 0;
    Instant deadline;
};

/// intended -> sent -> confirmed -> verified, or failed, in_doubt (print); intended ->
/// acknowledged -> confirmed, or missed, lane_full, late, rejected, unknown, expired (divert).
struct Effect {
    std::int64_t id = 0;  ///< unique for ever: made from the seq of its event
    std::string state;
    std::variant<PrintRequest, DivertRequest> request;
};

// ---- commands

/// A page of the cloud's feed. Applied with its cursor in one transaction; a page that was applied
/// before changes nothing. Items are JSON documents (docs/DATA.md, "Feed").
struct FeedItem {
    std::uint64_t dseq = 0;
    std::string kind;
    std::string body;
};

struct FeedPage {
    std::string lane;             ///< "main" or "urgent": each has its own cursor
    std::uint64_t after = 0;      ///< cursor the page continues
    std::vector<FeedItem> items;  ///< ascending dseq, all > after
};

/// What became of an effect. `state` as in Effect.
struct EffectReport {
    std::int64_t effect_id = 0;
    std::string state;
    std::string because;
    std::uint16_t lane = 0;  ///< diverts: where the PLC says it went
    /// State "intended" with another printer: the label, which has not left, goes there.
    std::string printer;
    Instant at;
};

/// A carton went past a decision point, and nobody had decided where it goes: no scan came, or it
/// came too late.
struct CartonPassed {
    std::string conveyor;
    std::uint16_t point = 0;
    std::uint16_t sequence = 0;
    std::uint32_t tracking_id = 0;
    std::uint16_t lane = 0;  ///< where the PLC says it went
    std::string station;     ///< that decides at this point, or empty
    Instant at;
};

/// The cloud has committed everything up to `seq`.
struct UplinkAcknowledged {
    std::uint64_t epoch = 0;
    Seq seq{};
    Hash hash{};
};

/// The cloud has granted an epoch (first contact). Refused once the ledger has rows in another.
struct EpochGranted {
    std::uint64_t epoch = 0;
};

struct CaseDecision {
    std::string request_id;
    std::int64_t case_id = 0;
    std::string decision;  ///< one of the case's possible decisions
    std::string actor;
    std::string reason;
    std::string wrong_pin;  ///< the actor, where their PIN was wrong or not given; else empty
    Instant at;
};

using Command = std::variant<rules::Attempt,
                             FeedPage,
                             EffectReport,
                             CartonPassed,
                             UplinkAcknowledged,
                             EpochGranted,
                             CaseDecision,
                             Operation>;

// ---- answers

/// What was decided, after it is durable.
struct Outcome {
    rules::Verdict verdict;                ///< of the first blocking rule, or the accepting one
    std::vector<rules::Verdict> findings;  ///< all that fired
    Seq seq{};
    std::string did;  ///< "received", "packed", "carton_closed", "document_opened", …; or empty
    std::string document;
    std::string progress;  ///< "184 / 240", for the screen; or empty
    std::string subject;   ///< what it was about, for the screen: "09506000134352 lot L-88"
    std::vector<Effect> effects;
    bool is_replay = false;  ///< answered from the ledger: the same request came before
};

/// Every command gets an Outcome (only an Attempt and an Operation fill more than seq) or a Fault:
/// full (the queue is at its limit), store_unsafe (the disk failed; nothing is answered any more),
/// invalid_input, conflict (a feed page that does not continue the cursor).
using Answer = std::function<void(Result<Outcome>)>;

/// `soon` is for what nobody waits for: it is written with the next command that is in haste, or by
/// itself within 25 ms, and costs no transaction of its own on a busy site.
enum class Haste { now, soon };

// ---- opening

struct StoreConfig {
    std::string path;  ///< the database file; its directory must be writable
    std::string site;
    std::string zone = "UTC";
    /// No product may be tracked by serial and by lot at once: such master data is refused.
    bool has_exclusive_tracking = false;
    std::size_t queue_max = 4096;
    std::size_t batch_max = 128;
    /// Moves the log into the file in a pause of 250 ms. Off only where a run must be the same
    /// again, however long its pauses last.
    bool moves_log_in_pauses = true;
};

/// Where the writer stands, for health, the watchdog and the uplink; any thread, no lock waits.
struct StoreProgress {
    std::uint64_t head = 0;     ///< last durable seq
    std::uint64_t acked = 0;    ///< last seq committed in the cloud
    std::uint64_t commits = 0;  ///< transactions committed since start
    std::uint64_t beats = 0;    ///< turns of the writer's loop: rises at least each second
    std::size_t queued = 0;
    std::uint64_t commit_us_last = 0;
    bool is_unsafe = false;
    Instant last_before = {};  ///< of the last row found when the store was opened; 0: none
};

class Store {
public:
    /// Opens or makes the file, migrates it, checks the chain's tail, starts the store thread.
    /// Faults say one sentence and the next step: conflict (a newer schema, or another lotgated
    /// has it open), unavailable (directory not writable), corrupt.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(StoreConfig config, Clock& clock);

    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    /// Carries out what was accepted, then ends the thread.
    virtual ~Store() = default;

    virtual void submit(Command command, Answer answer, Haste haste) = 0;

    void submit(Command command, Answer answer) {
        submit(std::move(command), std::move(answer), Haste::now);
    }

    [[nodiscard]] virtual StoreProgress progress() const = 0;
    /// Called on the store thread after each COMMIT that appended rows (wakes the uplink).
    /// Set once, before the first submit.
    virtual void on_commit(std::function<void(Seq head)> told) = 0;
};

}  // namespace lotgate::store
