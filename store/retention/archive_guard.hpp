#pragma once

// How far the ledger may move into an archive file. Only a prefix may go: each row is chained to
// the one before it, so that a row taken out of the middle could never be told from one that was
// forged away. The border is therefore the last row before the first one that must stay; one
// forgotten carton keeps everything after its first event here, and the answer names it.
//
// A row stays while
//   UNACKNOWLEDGED  the cloud has not committed it and the next one (where there is a cloud);
//   OPEN_HOLD       it placed a hold that is open, or names what one is on: the unit, lot, carton,
//                   document or product, a unit of that lot, product, carton or document, and what
//                   was made of it or it was made of;
//   OPEN_CASE       the same of a case;
//   OPEN_EFFECT     it asked for a label or a divert that is not finished;
//   ON_SITE         it names a unit in any state but SHIPPED, SCRAPPED, RELABELLED and VOIDED, or
//                   what such a unit was made of;
//   STOCK_HERE      it names a lot of which anything is in the building, promised or missing;
//   OPEN_CONTAINER  it names a carton that is packed and not shipped, or a pallet with goods here;
//   OPEN_DOCUMENT   it names a document that is not finished;
//   TOO_YOUNG       a law or the site wants it for longer (retention.hpp). A row written by a
//                   clock that was not set is as old as the next one by a clock that was;
//   NEWEST          it is the last of the ledger.

#include "store/ledger.hpp"
#include "store/retention/named_in.hpp"
#include "store/retention/retention.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::store {

/// Rows of the ledger that are read at once, so that a recording between them waits a few ms.
constexpr std::int64_t rows_a_read = 500;

struct ArchiveTerms {
    RetentionSettings retention;
    bool has_cloud = false;  ///< also so where the ledger has an epoch
    Instant now;
    /// False: no event is judged by a later day than the last that a synchronised clock gave here,
    /// if one ever did.
    bool is_clock_synced = true;
    /// Looks no further than this row.
    std::uint64_t up_to = std::numeric_limits<std::uint64_t>::max();
};

/// Why a row must stay.
struct Stay {
    std::string code;
    std::string told;
};

struct ArchiveBorder {
    std::uint64_t base = 0;  ///< the last row that is in an archive already
    std::uint64_t last = 0;  ///< the last that may go; the same as base: nothing may
    std::uint64_t head = 0;  ///< of the ledger, before anything else was read
    std::uint64_t kept = 0;  ///< the first row that must stay
    Stay stay;               ///< why
};

/// Where the ledger of this file begins: seq and hash of the last row in an archive, or 0 and the
/// start of the chain.
struct LedgerBase {
    std::uint64_t seq = 0;
    Hash hash{};
};

[[nodiscard]] LedgerBase ledger_base(sqlite::Database& database, const ChainStart& start);
/// The same without its hash.
[[nodiscard]] std::uint64_t archived_seq(sqlite::Database& database);

/// Some event that names it is in an archive.
[[nodiscard]] bool is_archived(sqlite::Database& database, const std::string& subject);

class ArchiveGuard {
public:
    /// False: it is to be broken off.
    using Progress = std::function<bool(std::uint64_t rows)>;

    ArchiveGuard(sqlite::Database& database, ArchiveTerms terms);

    /// Reads in short transactions. What happens meanwhile is seen by nobody here: the writer
    /// looks once more at all rows after `head` (touched()). Errors are the database's (sticky).
    [[nodiscard]] ArchiveBorder border(const Progress& progress = {});

    /// Why a row that names these must stay, whatever its age; or nothing.
    [[nodiscard]] std::optional<Stay> stay(const NamedIn& named);

private:
    void bound(const char* sql, const char* code, const char* told);
    void pin(const std::string& subject, const Stay& because);
    void read_pins();
    void read_bounds();
    void distrust_clock();
    [[nodiscard]] std::vector<LedgerRow> rows_after(std::uint64_t seq);
    [[nodiscard]] std::optional<Stay> stay_row(const LedgerRow& row, const NamedIn& named);
    [[nodiscard]] std::optional<Stay> stay(const std::string& subject);
    [[nodiscard]] std::optional<Stay> stay_itself(const std::string& subject);
    [[nodiscard]] std::optional<Stay> stay_unit(const std::string& subject);
    [[nodiscard]] std::optional<Stay> stay_lot(const std::string& subject);
    [[nodiscard]] std::optional<Stay> stay_container(const std::string& subject);
    [[nodiscard]] std::optional<Stay> stay_document(const std::string& subject);
    [[nodiscard]] std::optional<Stay> pinned(const std::string& subject) const;
    [[nodiscard]] std::vector<std::string> family(const std::string& subject);
    [[nodiscard]] std::optional<Stay> too_young(const LedgerRow& row, const NamedIn& named);
    [[nodiscard]] std::vector<KeptGoods> goods_of(const NamedIn& named, Date recorded);
    void add_dates(const std::string& subject, KeptGoods& goods);

    sqlite::Database* database_;
    ArchiveTerms terms_;
    Date today_;
    std::uint64_t head_ = 0;
    std::uint64_t bound_ = 0;  ///< the first row that stays whatever it names
    Stay bound_because_;
    std::map<std::string, Stay> pins_;                  ///< what open holds and cases are on
    std::map<std::string, std::optional<Stay>> known_;  ///< of lots and documents
    std::map<std::string, KeptGoods> products_;
    sqlite::Statement rows_, unit_, lot_stock_, lot_promised_, lot_units_, container_, goods_in_,
        document_, children_, parents_, product_, lot_expiry_, unit_expiry_, last_named_, time_;
};

struct Touched {
    std::string what;           ///< named by a new row and by an old one; empty: nothing
    std::uint64_t through = 0;  ///< the last new row that was looked at
};

/// What rows after `since` name that rows up to `last` name too: it may have come back to life.
/// Looks at `rows_max` rows; more of them count as touching.
[[nodiscard]] Touched touched(sqlite::Database& database,
                              std::uint64_t since,
                              std::uint64_t last,
                              std::int64_t rows_max);

}  // namespace lotgate::store
