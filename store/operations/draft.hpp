#pragma once

// One operation on its way to an event: what was said, what is known, and what it changes. Plain
// data: an operation's plan is tested without a database.

#include "store/events/bodies.hpp"
#include "store/labels/label_record.hpp"
#include "store/model/identity.hpp"
#include "store/operations/operation.hpp"
#include "store/rules/facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::store {

struct OperationRow;

/// The arguments, checked. Those with a name of their own are read by it; the rest by text().
struct OperationCall {
    const Operation* operation = nullptr;
    std::optional<Gtin> gtin;
    std::optional<Serial> serial;
    std::optional<Lot> lot;
    std::optional<Sscc> sscc;
    std::optional<std::int64_t> quantity;
    std::string target;  ///< in the form that holds are looked up by, or empty

    /// An argument as it was given; "" where it was not.
    [[nodiscard]] const std::string& text(std::string_view name) const;
};

/// A hold as it stands in the table, open or lifted.
struct HoldRecord {
    rules::HoldFacts hold;
    std::string placed_by;
    bool is_lifted = false;
};

/// What is known about what the arguments name, read in the transaction of the event.
/// A unit booked at the place that is counted.
struct CountedUnit {
    rules::ContentFacts content;
    bool was_seen = false;
    std::int64_t times_missed = 0;
};

/// A counted lot at that place: what the books say, and what a person counted.
struct CountedGoods {
    std::string name;
    std::int64_t booked = 0;
    std::optional<std::int64_t> counted;
};

struct CountFacts {
    bool is_open = false;
    std::int64_t opened_seq = 0;
    std::vector<CountedUnit> units;
    std::vector<CountedGoods> goods;
};

struct ExpiredGoods {
    std::string target;
    Date expires_on;
};

/// A counted lot whose books do not add up.
struct BrokenBalance {
    std::string target;
    std::int64_t received = 0;
    std::int64_t found = 0;  ///< here, shipped and gone together
};

/// Units that were received and wait at one place for longer than the site allows.
struct OverdueGoods {
    std::string place;
    std::int64_t units = 0;
    std::string oldest;  ///< its serial
    Instant since;
};

/// What rows of stock would change, in thousandths of a unit of measure.
struct StockChange {
    std::int64_t here = 0;     ///< all that is in the building
    std::int64_t changed = 0;  ///< by this file
};

/// A file whose rows are staged; no state: nothing of it is here.
struct ImportRun {
    std::string kind;
    std::string state;
    std::int64_t items = 0;
    std::int64_t bytes = 0;
    std::int64_t changed = 0;
};

/// How much of the target a recall finds.
struct RecallReach {
    std::int64_t here = 0;
    std::int64_t taken = 0;  ///< of those: allocated or picked
    std::int64_t left = 0;
};

/// What the ledger says about an archive that is to be recorded.
struct ArchiveFacts {
    std::int64_t base = 0;     ///< the last row that is in an archive already
    std::string base_hash;     ///< of it, or the start of the chain
    std::string hash_at_last;  ///< of the row that the file ends with; empty: it is not here
    std::int64_t acked = 0;    ///< the last row that the cloud has
    std::int64_t epoch = 0;
    std::string touched;  ///< what of the rows came back to life since they were looked at
};

struct OperationFacts {
    std::optional<rules::ProductFacts> product;
    std::optional<rules::LotFacts> lot;
    std::optional<rules::UnitFacts> unit;
    std::optional<rules::DocumentFacts> document;
    std::optional<rules::CartonFacts> carton;
    std::vector<rules::HoldFacts> holds;   ///< open ones that cover what is named
    std::vector<rules::StockFacts> stock;  ///< of the lot, at every place here; largest first
    std::optional<HoldRecord> hold;        ///< named by the argument "hold"

    struct LineShort {
        std::string gtin;
        std::int64_t quantity = 0;
        std::int64_t done = 0;
        int scale = 0;
    };

    std::vector<UnitMoved> missing;                 ///< announced and not received, as they will be
    std::vector<LineShort> short_lines;             ///< of the document, without serials
    std::vector<rules::CartonFacts> missing_cases;  ///< of pallets of the document
    std::int64_t existing_rows = 0;                 ///< of the kind that is imported
    bool target_is_here = false;               ///< what the argument "target" names is known here
    std::optional<rules::UnitFacts> new_unit;  ///< named by the argument "new_serial"

    // ---- what single operations read beyond that (more_reads.hpp)
    std::string new_near;  ///< another serial that looks like the new one
    bool was_shipped = false;
    std::int64_t times_missed = 0;
    std::string supplier;
    std::optional<rules::LotFacts> other_lot;  ///< named by "new_lot" or "into_lot"
    std::optional<Date> lot_best_before;
    bool place_is_pickable = false;  ///< of the argument "place"
    CountFacts count;
    std::vector<ExpiredGoods> expired;
    RecallReach reach;
    std::vector<BrokenBalance> broken_lots;
    std::vector<OverdueGoods> overdue;
    StockChange stock_change;
    ImportRun import_run;
    std::optional<rules::BrokenFacts> broken;   ///< the counted lot that is named does not add up
    bool has_exclusive_tracking = false;        ///< as the site's profile says
    std::vector<rules::ContentFacts> contents;  ///< of the carton
    std::optional<rules::DocumentFacts> carton_order;  ///< that the carton is for
    std::vector<rules::LineFacts> lines;               ///< of that order
    std::vector<BalanceMoved> loaded;                  ///< counted goods that left with the carton
    std::vector<rules::CartonFacts> inside;            ///< containers on the pallet
    // Of a pallet that left: its units, with the state they had before, the lines that it counted
    // on, and the orders whose state it changed, as they are without it.
    std::vector<rules::ContentFacts> loaded_units;
    std::vector<LineDone> loaded_lines;
    std::vector<DocumentState> loaded_orders;
    std::vector<rules::StockFacts> picked;      ///< of the lot, for the order
    std::vector<rules::PromiseFacts> promises;  ///< of the order
    std::optional<LabelRecord> label;           ///< of what is printed again
    ArchiveFacts archive;
    bool is_archived = false;  ///< the events of what is named are in an archive
    RangeFacts numbers;        ///< of the kind that the operation takes one from
};

struct OperationDraft {
    const OperationRow* row = nullptr;
    const OperationCall* call = nullptr;
    const OperationFacts* facts = nullptr;
    std::uint64_t seq = 0;  ///< of the event that this becomes
    OperationBody body;
    int ids = 0;

    /// Unique for ever: made from the event's number. At most 16 of an event.
    [[nodiscard]] std::int64_t next_id();
    /// Says no: nothing is changed, and the person is told why and what to do.
    void refuse(std::string code, std::string told);

    [[nodiscard]] bool is_refused() const { return body.verdict.blocks(); }
};

}  // namespace lotgate::store
