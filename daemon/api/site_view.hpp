#pragma once

// The site as the API, the page and the metrics see it: everything they may read, and the three
// things they may ask for (a scan, the decision of a case, an operation). daemon/site implements
// it; the API knows nothing else of the daemon.
//
// Threads: all members are called on the loop thread. The plain ones return at once from memory;
// the awaitable ones resume on the loop thread, their work runs elsewhere (questions on the reader
// thread, scans and decisions on the store thread).

#include "adapters/adapter.hpp"
#include "adapters/gauges.hpp"
#include "adapters/scan.hpp"
#include "store/model/result.hpp"
#include "store/model/time.hpp"
#include "store/queries.hpp"
#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lotgate::api {

struct DeviceView {
    std::string id;
    std::string kind;
    std::string place;  ///< `at` of the configuration: "dock 1"
    adapters::Health health;
    std::vector<adapters::Counter> counters;
    std::vector<adapters::Gauge> gauges;
    std::string describes;  ///< effective configuration in one line
    /// Labels that wait (printers); 0 elsewhere.
    std::size_t waiting = 0;
};

struct StationView {
    std::string id;
    std::string role;  ///< name of its Step: "receive", "pack", …
    std::string place;
    std::vector<std::string> devices;  ///< ids, in the order of the configuration
    std::string document;              ///< in hand, or empty
    std::string progress;              ///< "184 / 240", or empty
};

/// The link to the cloud, in words first.
struct SyncView {
    enum class State { off, connecting, live, catching_up, offline, fenced };

    State state = State::off;
    std::string because;  ///< why it is not live, and what to do; empty when live
    Instant since;        ///< of this state
    std::optional<Instant> last_success;
    std::uint64_t epoch = 0;
    std::uint64_t acked = 0;
    std::uint64_t cursor_main = 0;
    std::uint64_t cursor_urgent = 0;
    std::uint64_t sent_total = 0;
};

[[nodiscard]] std::string_view name_of(SyncView::State state);

/// Something a person can mend. Devices and the cloud link are not listed here: they have their
/// own state; this is for the rest (last good configuration in use, disk failed, clock unset).
struct ProblemView {
    std::string code;   ///< "config_last_good", "store_unsafe", "clock_unset", …
    std::string told;   ///< one sentence
    std::string to_do;  ///< the next step
    bool is_error = true;
};

struct StatusView {
    std::string site;
    std::string version;
    std::string zone;
    Instant started;
    Instant now;
    std::string clock_quality;  ///< "synced", "holdover" or "unset"
    bool is_config_last_good = false;
    bool has_exclusive_tracking = false;  ///< no product by serial and by lot at once
    store::StoreProgress store;
    SyncView sync;
    std::vector<ProblemView> problems;
};

/// One decision as the screens show it, after COMMIT.
struct DecisionView {
    std::uint64_t seq = 0;  ///< 0: nothing was written (light is unavailable)
    Instant at;
    std::string station;
    std::string device;  ///< empty for a scan typed at the page or the command line
    std::string actor;
    adapters::Light light = adapters::Light::unavailable;
    std::string decision;  ///< "accept", "warn", "hold", "divert", "reject"
    std::string code;      ///< "ACCEPT" or the refusal's code
    std::string rule;
    std::string may_overrule;  ///< of a refusal: "supervisor", "two_people", "operator_confirms"
    std::string told;          ///< one sentence for the operator: what to do next
    std::string did;
    std::string subject;
    std::string document;
    std::string progress;
    std::string scanned;  ///< the code as read; untrusted
    bool is_replay = false;
    std::chrono::microseconds took{0};  ///< from the read's arrival to the answer
};

/// A device, the link to the cloud, a case or a problem changed: read the state again.
struct StateChanged {};

using Change = std::variant<DecisionView, StateChanged>;

struct ScanCall {
    ScanCall(std::string station_, std::string bytes_)
        : station(std::move(station_)), bytes(std::move(bytes_)) {}

    std::string station;
    std::string bytes;  ///< one code; group separators as byte 0x1D
    std::string badge;
    std::string request_id;  ///< the same id twice has one effect; empty: the site makes one
    std::string source;      ///< "page" or "command": kept with the observation
    std::string capture;     ///< CASE, MANUAL, SLOT, PALLET_INFERRED; or empty
    std::string serial;      ///< keyed in beside a code that lacks it
    std::string lot;
    std::optional<adapters::OverrideFields> overriding;
};

struct CaseCall {
    CaseCall(std::int64_t case_id_, std::string decision_)
        : case_id(case_id_), decision(std::move(decision_)) {}

    std::int64_t case_id;
    std::string decision;
    std::string actor;
    std::string reason;
    std::string request_id;
    std::string pin;  ///< of the actor; dropped before anything is recorded
};

/// An operation (store/operations/table.hpp) as it was asked for.
struct OperationCall {
    explicit OperationCall(std::string kind_) : kind(std::move(kind_)) {}

    std::string kind;
    std::string station;
    std::string badge;
    std::string reason;
    std::string second_badge;
    std::string pin;  ///< of the badge, where the operation needs one
    std::string second_pin;
    std::string request_id;
    std::vector<std::pair<std::string, std::string>> arguments;
};

class DeviceTools;  // daemon/api/device_tools.hpp

/// What may be asked of a printer: "resume", "test" or "move".
struct PrinterCall {
    PrinterCall(std::string printer_, std::string verb_)
        : printer(std::move(printer_)), verb(std::move(verb_)) {}

    std::string printer;
    std::string verb;
    std::string to;     ///< of a move; empty: its neighbour
    std::string actor;  ///< who asks, for the log
};

struct PreviewCall {
    std::string label_template;
    std::string language;                                     ///< "zpl", "tspl"
    std::vector<std::pair<std::string, std::string>> fields;  ///< the others have their example
};

struct PreviewView {
    std::string svg;
    std::vector<std::string> not_shown;  ///< commands that were not drawn
};

class SiteView {
public:
    /// JSON object (docs/data/answers.md).
    using Answer = boost::asio::awaitable<Result<std::string>>;

    SiteView() = default;
    SiteView(const SiteView&) = delete;
    SiteView& operator=(const SiteView&) = delete;
    virtual ~SiteView() = default;

    [[nodiscard]] virtual StatusView status() const = 0;
    [[nodiscard]] virtual std::vector<DeviceView> devices() const = 0;
    [[nodiscard]] virtual std::vector<StationView> stations() const = 0;

    // ---- questions; Fault full when too many wait, unavailable when the file cannot be read
    /// A label template as a picture. Fault invalid_input: no such template, or a field that it
    /// cannot print.
    [[nodiscard]] virtual Result<PreviewView> preview(PreviewCall call) const = 0;
    [[nodiscard]] virtual Answer summary() = 0;
    [[nodiscard]] virtual Answer recent(std::size_t count) = 0;
    [[nodiscard]] virtual Answer cases(bool open_only) = 0;
    [[nodiscard]] virtual Answer trace(std::string what) = 0;
    [[nodiscard]] virtual Answer recall(std::string what) = 0;
    [[nodiscard]] virtual Answer why(std::string what) = 0;
    /// One page of an export. Fault invalid_input: no lot of that name.
    [[nodiscard]] virtual Answer exported(store::ExportTerms terms) = 0;
    /// What to fetch for an order, and where.
    [[nodiscard]] virtual Answer picks(std::string order) = 0;
    /// What rows of stock (a JSON list) would change.
    [[nodiscard]] virtual Answer stock_change(std::string items) = 0;
    [[nodiscard]] virtual Answer verify_chain() = 0;
    /// What waits at a printer, with its age, and what is in doubt there. Fault invalid_input: it
    /// is no printer of this site.
    [[nodiscard]] virtual Answer print_queue(std::string printer) = 0;

    // ---- what they may ask for
    /// Returns when durable and decided. A refusal is an answer; Faults as Store::submit.
    /// The station exists (the API looks first).
    [[nodiscard]] virtual boost::asio::awaitable<Result<DecisionView>> scan(ScanCall call) = 0;
    /// The seq of the event that decided it. Faults: invalid_input (no such case, or not one of
    /// its decisions), conflict (decided before, otherwise).
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::uint64_t>> decide_case(
        CaseCall call) = 0;
    /// Returns when durable. A refusal is an answer. The kind exists (the API looks first).
    [[nodiscard]] virtual boost::asio::awaitable<Result<DecisionView>> operate(
        OperationCall call) = 0;

    /// What may be done with single devices; null where there is none of that (tests).
    [[nodiscard]] virtual DeviceTools* device_tools() { return nullptr; }

    /// What was done, as a JSON object. Faults: invalid_input (no such printer), conflict (its
    /// policy forbids it).
    [[nodiscard]] virtual Answer ask_printer(PrinterCall call) = 0;

    /// `told` is called on the loop thread after each change, and must return at once. One
    /// listener (the server); an empty function ends it.
    virtual void on_change(std::function<void(const Change&)> told) = 0;
};

}  // namespace lotgate::api
