#pragma once

// Questions about the site's truth, over a read-only connection of their own. One object per
// thread; reads are short transactions (250 ms at most), so that the writer's WAL can be trimmed.
// Works with the daemon down. Answers for people are JSON texts (docs/DATA.md, "Answers").

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::store {

/// What the uplink says of itself in HELLO.
struct LedgerHead {
    std::string site;
    InstanceId instance{};
    std::uint64_t epoch = 0;
    Seq seq{};
    Hash hash{};
    Seq acked{};
    std::uint64_t cursor_main = 0;
    std::uint64_t cursor_urgent = 0;
};

/// A device, or the cloud, that could not be seen when the ledger last spoke of it.
struct OpenOutage {
    std::string kind;
    std::string name;
};

/// What a pick list depends on beside the order.
struct PickTerms {
    std::shared_ptr<const rules::StationPolicy> policy;  ///< never null
    Date site_date;
    std::optional<Date> ship_date;
};

/// Which export, and of what (docs/data/answers.md, "Exports").
struct ExportTerms {
    std::string sheet;         ///< receiving, shipping, dc-to-store, exceptions
    std::string lot;           ///< "gtin/lot"; empty: of every lot
    std::optional<Date> from;  ///< days of the site's calendar, both included
    std::optional<Date> to;
    bool is_for_all = false;  ///< products that are not under the food rule, too
    std::uint64_t after = 0;  ///< where the page before ended
};

class Queries {
public:
    [[nodiscard]] static Result<std::unique_ptr<Queries>> open(const std::string& path);

    Queries() = default;
    Queries(const Queries&) = delete;
    Queries& operator=(const Queries&) = delete;
    virtual ~Queries() = default;

    // ---- for the uplink and the dispatcher
    [[nodiscard]] virtual Result<LedgerHead> head() = 0;
    /// Rows after `after`, ascending, at most rows_max and about bytes_max of bodies.
    [[nodiscard]] virtual Result<std::vector<LedgerRow>> rows_after(Seq after,
                                                                    std::size_t rows_max,
                                                                    std::size_t bytes_max) = 0;
    /// Effects that are not finished: after a start they say what was asked and is unknown.
    [[nodiscard]] virtual Result<std::vector<Effect>> open_effects() = 0;

    /// Whether this is the PIN of that badge; nothing is counted here. Takes some 50 ms.
    [[nodiscard]] virtual Result<bool> is_pin(const std::string& badge, const std::string& pin) = 0;

    /// Outages that were noted and are not over.
    [[nodiscard]] virtual Result<std::vector<OpenOutage>> open_outages() = 0;

    /// Imports that were staged before that and never put in force.
    [[nodiscard]] virtual Result<std::vector<std::string>> staged_before(Instant then) = 0;

    // ---- for people; JSON objects
    /// Counts by verdict and reason, outbox depth and oldest age, open cases, holds, documents.
    [[nodiscard]] virtual Result<std::string> summary() = 0;
    /// The last decisions, newest first.
    [[nodiscard]] virtual Result<std::string> recent(std::size_t count) = 0;
    [[nodiscard]] virtual Result<std::string> cases(bool open_only) = 0;
    /// Labels of a printer: `in_doubt`, of which nobody knows whether they are there, and `recent`.
    [[nodiscard]] virtual Result<std::string> labels_of(const std::string& printer) = 0;
    /// A unit (serial, or GTIN and serial as "gtin/serial"), lot, SSCC or document code: where it
    /// came from, what happened, where it is; with completeness time and mass balance for lots.
    [[nodiscard]] virtual Result<std::string> trace(const std::string& what) = 0;
    /// Everything a recall of a lot, product, unit or "hold:<id>" has to answer.
    [[nodiscard]] virtual Result<std::string> recall(const std::string& what) = 0;
    /// Why it was decided so: by ledger seq ("#123"), or the latest decision about a scan or unit.
    [[nodiscard]] virtual Result<std::string> why(const std::string& what) = 0;
    /// What to fetch for an order and where, line by line, as a pick station of that policy would
    /// be told now.
    [[nodiscard]] virtual Result<std::string> picks(const std::string& order,
                                                    const PickTerms& terms) = 0;
    /// One page of an export; where there is another, `next` is its `after`.
    [[nodiscard]] virtual Result<std::string> exported(const ExportTerms& terms) = 0;
    /// What rows of stock would change: {"changed":n}, in thousandths of a unit of measure.
    [[nodiscard]] virtual Result<std::string> stock_change(const std::string& items) = 0;
    /// Recomputes the whole chain: {"rows":n,"ok":true} or the first bad seq.
    [[nodiscard]] virtual Result<std::string> verify_chain() = 0;
    /// Folds the ledger anew into a temporary database and compares every projection, row by row.
    [[nodiscard]] virtual Result<std::string> rebuild_and_compare() = 0;
};

}  // namespace lotgate::store
