#pragma once

// The one supervised shape of every device.
//
// Declare a plain Config; parse() it from a SettingsTable (opens nothing, records all problems);
// construct; run() on the loop thread until cancelled; read health() any time on the loop thread.
// run() never throws and never returns before it is cancelled (terminal cancellation of the
// coroutine it was spawned in, or stop()): inside, the link is served until it fails, health says
// why, back-off (full jitter, 1 s to 30 s) passes, and the link is opened again. Retry lives
// there and nowhere else.

#include "adapters/scan.hpp"
#include "store/model/identity.hpp"
#include "store/model/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

enum class HealthState {
    starting,  ///< not yet opened
    ready,     ///< the link works and the device answers
    degraded,  ///< works, but something needs a look (paper low, noise on the line)
    retrying,  ///< the link is away; opened again by itself
    failed,    ///< only a person can mend it (lid open, wrong device, refused)
};

[[nodiscard]] std::string_view name_of(HealthState state);

struct Health {
    HealthState state = HealthState::starting;
    std::string because;  ///< the probable physical cause, and what to do; empty when ready
    Instant since;        ///< of this state
    std::optional<Instant> last_useful;  ///< last scan, label or divert; not last byte
};

/// Counters of one device, for status and metrics; names are fixed per kind of device.
struct Counter {
    std::string_view name;
    std::uint64_t value = 0;
};

class Adapter {
public:
    Adapter() = default;
    Adapter(const Adapter&) = delete;
    Adapter& operator=(const Adapter&) = delete;
    virtual ~Adapter() = default;

    virtual boost::asio::awaitable<void> run() = 0;
    /// Ends run() soon, from the loop thread. Idempotent. Nothing is emitted afterwards.
    virtual void stop() = 0;

    [[nodiscard]] virtual const DeviceId& id() const = 0;
    [[nodiscard]] virtual std::string_view kind() const = 0;
    [[nodiscard]] virtual Health health() const = 0;

    [[nodiscard]] virtual std::vector<Counter> counters() const { return {}; }

    /// The effective configuration in one line, logged at start.
    [[nodiscard]] virtual std::string describe() const = 0;
};

// ---- scanners

/// A scanner that can be told that an object stands before it: a photo-eye edge, or a carton the
/// PLC announced. Found by dynamic_cast from Adapter.
class Triggered {
public:
    Triggered() = default;
    Triggered(const Triggered&) = delete;
    Triggered& operator=(const Triggered&) = delete;
    virtual ~Triggered() = default;

    /// Loop thread. What was read of the object before is decided; codes seen before are new
    /// again; a scanner that is triggered by the gateway looks now, and a carton of which it reads
    /// nothing becomes a no-read.
    virtual void object_here() = 0;
};

/// A device that is bound to one physical unit. Found by dynamic_cast from Adapter.
class Replaceable {
public:
    Replaceable() = default;
    Replaceable(const Replaceable&) = delete;
    Replaceable& operator=(const Replaceable&) = delete;
    virtual ~Replaceable() = default;

    /// The unit the configuration names.
    [[nodiscard]] virtual std::string declared_unit() const = 0;
    /// The unit that is there instead of the one that is meant; nothing where none is, or where it
    /// cannot be told which. Looks at the machine: not for every second.
    [[nodiscard]] virtual std::optional<std::string> other_unit() const = 0;
};

// ---- printers

enum class PrintState { sent, confirmed, failed, in_doubt };

[[nodiscard]] std::string_view name_of(PrintState state);

struct PrintOrder {
    PrintOrder(std::int64_t effect_id_, std::string bytes_, Instant stale_after_)
        : effect_id(effect_id_), bytes(std::move(bytes_)), stale_after(stale_after_) {}

    std::int64_t effect_id;
    std::string bytes;    ///< one complete label in the printer's language
    Instant stale_after;  ///< later than this it is not printed any more, but failed
    Instant queued;       ///< set by the printer, where it is not
};

struct PrintReport {
    PrintReport(std::int64_t effect_id_, PrintState state_, std::string because_)
        : effect_id(effect_id_), state(state_), because(std::move(because_)) {}

    std::int64_t effect_id;
    PrintState state;
    std::string because;
};

/// Loop thread. `sent` is reported, and awaited until durable, before the first byte leaves: a
/// crash in between leaves a label in doubt, never a second one. False = not durable, do not send.
using OnPrint = std::function<boost::asio::awaitable<bool>(PrintReport)>;

/// What happens to labels that wait at a printer that cannot print.
enum class FailOver { never, ask, automatic };

[[nodiscard]] std::string_view name_of(FailOver policy);

struct FailOverPolicy {
    FailOver when = FailOver::never;
    std::string neighbour;                    ///< id of the printer that takes them; or empty
    std::chrono::milliseconds after{30'000};  ///< it has been unable to print for so long

    [[nodiscard]] bool is_possible() const { return when != FailOver::never; }
};

/// One label of a printer's queue.
struct QueuedLabel {
    std::int64_t effect_id = 0;
    Instant queued;
    Instant stale_after;
    bool has_left = false;  ///< or may have: it is recorded as sent, and cannot be withdrawn
};

class Printer : public Adapter {
public:
    /// Loop thread. Bounded; Fault full when too many wait. Orders are printed in order, one in
    /// flight; they wait while the printer is away or out of paper.
    [[nodiscard]] virtual Result<> enqueue(PrintOrder order) = 0;
    [[nodiscard]] virtual std::size_t waiting() const = 0;
    /// All that waiting() counts, those that have left first.
    [[nodiscard]] virtual std::vector<QueuedLabel> queue() const = 0;
    /// Takes a label out of the queue that has certainly not left; nothing for any other. It may
    /// be given back by enqueue().
    [[nodiscard]] virtual std::optional<PrintOrder> withdraw(std::int64_t effect_id) = 0;
    /// Ends a pause of the printer, and looks at it at once.
    virtual void resume() = 0;
    /// "zpl": the language its labels are written in, and the ending of their templates.
    [[nodiscard]] virtual std::string_view language() const = 0;
    /// A label with a line of text and no number, for a person who tries the printer.
    [[nodiscard]] virtual std::string test_label(const std::string& text) const = 0;
    [[nodiscard]] virtual const FailOverPolicy& fail_over() const = 0;
};

// ---- conveyors

/// A carton the PLC has announced at a decision point (devices page 3.2: R1, R2-R3).
struct Induction {
    std::uint16_t sequence = 0;  ///< 1 to 65535; 0 = none yet
    std::uint32_t tracking_id = 0;
    bool is_no_read = false;
    std::uint16_t point = 0;  ///< decision point on this PLC, from 0
};

struct DivertOrder {
    std::int64_t effect_id = 0;
    std::uint16_t point = 0;  ///< decision point on this PLC, from 0
    std::uint16_t sequence = 0;
    std::uint32_t tracking_id = 0;
    std::uint16_t lane = 0;
    std::uint16_t reason = 0;
};

enum class DivertState {
    acknowledged,  ///< the PLC copied the decision's sequence
    confirmed,     ///< the lane's photo-eye saw it
    missed,        ///< went elsewhere
    lane_full,
    late,      ///< the PLC took the default lane: no decision in time
    rejected,  ///< the PLC refused it (stopped, e-stop, jam)
    unknown,   ///< the link went away: nobody can say
};

[[nodiscard]] std::string_view name_of(DivertState state);

struct DivertReport {
    DivertReport(std::int64_t effect_id_, DivertState state_, std::uint16_t lane_)
        : effect_id(effect_id_), state(state_), lane(lane_) {}

    std::int64_t effect_id;  ///< 0 where the PLC reports a carton nobody decided
    DivertState state;
    std::uint16_t lane;       ///< where the PLC says it went
    std::uint16_t point = 0;  ///< decision point on this PLC, from 0
    std::uint16_t sequence = 0;
    std::uint32_t tracking_id = 0;
};

using OnDivert = std::function<boost::asio::awaitable<void>(DivertReport)>;
/// A carton at a decision point that the PLC says nobody could read.
using OnUnread = std::function<boost::asio::awaitable<void>(Induction)>;

class Conveyor : public Adapter {
public:
    /// Reads the carton now at the point, fresh from the PLC (within the bus's request deadline).
    [[nodiscard]] virtual boost::asio::awaitable<Result<Induction>> induction(
        std::uint16_t point) = 0;
    /// Writes lane and echoed sequence in one request, before any poll. Returns when written (or
    /// the Fault); acknowledgement and confirmation come as DivertReports. Never replayed after a
    /// reconnect.
    [[nodiscard]] virtual boost::asio::awaitable<Result<>> divert(DivertOrder order) = 0;

    /// Bit n = lane n takes nothing more, as of the last look; nothing where the PLC does not say.
    [[nodiscard]] virtual std::optional<std::uint16_t> lanes_full(std::uint16_t point) const {
        static_cast<void>(point);
        return std::nullopt;
    }

    /// What a stack light shall show from now on. Never waits: the newest wish is written when the
    /// PLC can be reached, after the diverts. A name that is not configured shows nothing.
    virtual void show(const std::string& lamp, Light light) {
        static_cast<void>(lamp);
        static_cast<void>(light);
    }
};

}  // namespace lotgate::adapters
