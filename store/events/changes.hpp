#pragma once

// What an event changes, as plain data. The fold applies these to the projections, live and in a
// rebuild alike, and they stand in the event's body for people and the cloud
// (docs/data/events.md, "Changes"). A change says the whole new row, or a difference for counters.

#include "store/model/time.hpp"
#include "store/rules/life_cycle.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lotgate::store {

using rules::UnitState;

struct UnitMoved {
    static constexpr std::string_view name = "unit";

    std::string gtin;
    std::string serial;
    std::vector<UnitState> way;  ///< from .. to, every state passed
    std::string lot_key;
    std::optional<Date> expires_on;
    std::string location;
    std::string container;
    std::string document;
    std::int64_t line = 0;
    std::string order;
    std::int64_t order_line = 0;
    std::string owner = {};
    std::string origin = {};      ///< ASN, SCAN, GENERATED, IMPORT
    std::string capture = {};     ///< how it was read: CASE, PALLET_INFERRED, SLOT, MANUAL
    std::int64_t confidence = 0;  ///< of that reading, in percent
};

struct LotSeen {
    static constexpr std::string_view name = "lot";

    std::string gtin;
    std::string lot_key;
    std::string raw;
    std::optional<Date> expires_on;
    std::optional<Date> best_before;
    std::string supplier;
    std::optional<Date> sell_by = {};
    std::optional<Date> produced_on = {};
    std::optional<Date> packed_on = {};
    std::string expires_at = {};  ///< "2027-01-31T14:00" on the site's clock
    std::string mfr_lot = {};
    bool own = false;  ///< the number is ours
    std::string po = {};
    std::string assigned_for = {};  ///< the ASN whose goods came without one
};

/// Goods counted by lot. A place is a location (station), "carton:<id>" or "shipped:<order>".
struct BalanceMoved {
    static constexpr std::string_view name = "balance";

    std::string gtin;
    std::string lot_key;
    std::string from;  ///< empty: they came in
    std::string to;    ///< empty: they went out
    std::int64_t quantity = 0;
    std::string owner = {};
};

/// Work done on a line; line 0 counts goods that no line announces.
struct LineDone {
    static constexpr std::string_view name = "line";

    std::string document;
    std::int64_t line = 0;
    std::int64_t done = 0;
    std::int64_t shipped = 0;
};

struct DocumentState {
    static constexpr std::string_view name = "document";

    std::string id;
    std::string state;
};

struct ContainerSet {
    static constexpr std::string_view name = "container";

    std::string id;
    std::string sscc;
    std::string kind;
    std::string state;
    std::string document;
    std::string station;
    std::string label;
    std::int64_t lane = 0;
    std::string parent = {};
    std::string location = {};
};

struct StationSet {
    static constexpr std::string_view name = "station";

    std::string id;
    std::string document;
    std::string carton;
    std::string place = {};  ///< location chosen
};

struct HoldPlaced {
    static constexpr std::string_view name = "hold";

    std::string id;
    std::string reason;
    std::string recall_class;
    std::string target;
    std::string placed_by;
    std::string note;
};

struct HoldLifted {
    static constexpr std::string_view name = "hold_lifted";

    std::string id;
};

/// Opens a case, or raises the count of the open one of the same kind and subject.
struct CaseOpened {
    static constexpr std::string_view name = "case";

    std::int64_t id = 0;
    std::string kind;
    std::string subject;
    std::string told;
    std::string who;
    std::string decisions;  ///< space-separated
    std::string hold;       ///< the hold a "release" lifts, or empty
    std::optional<Instant> due = {};
};

struct CaseClosed {
    static constexpr std::string_view name = "case_closed";

    std::int64_t id = 0;
    std::string decision;
    std::string decided_by;
    std::string reason;
};

struct SsccTaken {
    static constexpr std::string_view name = "sscc";

    std::string range;
    std::int64_t number = 0;  ///< 17 digits without the check digit
};

/// A number of a leased range that is no carton's.
struct NumberTaken {
    static constexpr std::string_view name = "number";

    std::string kind;  ///< "serial" or "lot"
    std::string range;
    std::int64_t number = 0;
};

/// What became of a label's number: a copy was made, or another number took its place. A number
/// of which nothing was said is live, on one label.
struct LabelSet {
    static constexpr std::string_view name = "label";

    std::string subject;  ///< "container:<sscc>" or "unit:<gtin>/<serial>"
    std::string state;    ///< "live" or "void"
    std::int64_t copies = 1;
    std::string replaced_by;  ///< of a void one: the next of the chain
    std::string reason;
};

/// A label that has not left goes to another printer.
struct EffectMoved {
    static constexpr std::string_view name = "effect_moved";

    std::int64_t id = 0;
    std::string printer;
    std::string because;
};

struct EffectSet {
    static constexpr std::string_view name = "effect";

    std::int64_t id = 0;
    std::string state;
    std::string because;
    std::int64_t lane = 0;
};

/// One thing was made of another; names as of holds. `how`: relabelled, refurbished, typo_fixed,
/// split, merge.
struct Descends {
    static constexpr std::string_view name = "descends";

    std::string child;
    std::string parent;
    std::string how;
    std::int64_t quantity = 0;
};

/// A document that is made here, not sent by the cloud.
struct DocumentMade {
    static constexpr std::string_view name = "document_made";

    std::string id;
    std::string kind;
    std::string party;
};

/// Looked for and not found so many times; 0: found.
struct Missed {
    static constexpr std::string_view name = "missed";

    std::string subject;
    std::string place;
    std::int64_t times = 0;
};

struct Graded {
    static constexpr std::string_view name = "graded";

    std::string subject;
    std::string grade;
    std::string route;
};

/// A count of a place begins, or ends: then what was seen there is forgotten.
struct CountSet {
    static constexpr std::string_view name = "count";

    std::string place;
    std::string station;
    bool is_open = false;
};

struct Counted {
    static constexpr std::string_view name = "counted";

    std::string place;
    std::string subject;
    std::int64_t quantity = 0;
};

/// What of the target was allocated or picked goes back to the rack's books.
struct UnitsPulled {
    static constexpr std::string_view name = "pulled";

    std::string target;
};

/// A lot's quantity is promised to an order's line (more, or less where negative).
struct Promised {
    static constexpr std::string_view name = "promise";

    std::string order;
    std::int64_t line = 0;
    std::string gtin;
    std::string lot_key;
    std::int64_t quantity = 0;
};

/// One unit is promised to an order's line, or free again where the order is empty.
struct UnitPromised {
    static constexpr std::string_view name = "unit_promise";

    std::string gtin;
    std::string serial;
    std::string order;
    std::int64_t line = 0;
};

/// The pack station an order is released to.
struct DocumentReleased {
    static constexpr std::string_view name = "released";

    std::string id;
    std::string station;
};

/// What was scanned at a station for its next read; an empty badge takes it back.
struct BadgeShown {
    static constexpr std::string_view name = "badge";

    std::string station;
    std::string badge;
    std::string second_badge;
    std::string reason;
    std::optional<Instant> at;
};

/// Wrong PINs of a badge in a row, after this one; a lock ends at `locked_until`.
struct PinTried {
    static constexpr std::string_view name = "pin";

    std::string badge;
    std::int64_t wrong = 0;
    std::optional<Instant> locked_until;
};

/// Something could not be seen from `since` on; over at `until`. Kinds: device, cloud, gateway.
struct OutageSet {
    static constexpr std::string_view name = "outage";

    std::string kind;
    std::string subject;
    std::string station;
    std::optional<Instant> since;
    std::optional<Instant> until;
};

/// What became of a file that is imported: staged (this event's rows are added), open (in force as
/// a whole, and written row by row), done, dropped.
struct ImportSet {
    static constexpr std::string_view name = "import";

    std::string id;
    std::string kind;
    std::string state;
    std::int64_t changed = 0;  ///< of the stock, by this event's rows, in thousandths
};

/// Rows of the ledger that stand in an archive file from now on, and not here.
struct ArchiveMade {
    static constexpr std::string_view name = "archive";

    std::int64_t first = 0;
    std::int64_t last = 0;
    std::string opening;     ///< the chain's hash before the first, 64 digits
    std::string closing;     ///< and of the last
    std::int64_t until = 0;  ///< the clock of the last
    std::string file;
    std::string digest;  ///< SHA-256 of the file
};

using Change = std::variant<UnitMoved,
                            LotSeen,
                            BalanceMoved,
                            LineDone,
                            DocumentState,
                            ContainerSet,
                            StationSet,
                            HoldPlaced,
                            HoldLifted,
                            CaseOpened,
                            CaseClosed,
                            SsccTaken,
                            EffectSet,
                            Descends,
                            DocumentMade,
                            Missed,
                            Graded,
                            CountSet,
                            Counted,
                            UnitsPulled,
                            BadgeShown,
                            PinTried,
                            Promised,
                            UnitPromised,
                            DocumentReleased,
                            NumberTaken,
                            LabelSet,
                            EffectMoved,
                            OutageSet,
                            ImportSet,
                            ArchiveMade>;

}  // namespace lotgate::store
