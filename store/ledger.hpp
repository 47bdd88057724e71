#pragma once

// The ledger table: append-only, numbered without gaps, hash-chained. The truth; and the only
// queue towards the cloud. Used on the connection's own thread.

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"
#include "store/model/time.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <vector>

namespace lotgate::store {

/// The end of the chain.
struct ChainHead {
    Seq seq{};
    std::uint64_t hlc = 0;
    Hash hash{};
};

/// A hybrid logical clock: 48 bits of milliseconds, 16 bits of counter. Never runs back and never
/// repeats, whatever the wall clock does.
[[nodiscard]] std::uint64_t next_hlc(std::uint64_t last, Instant now);

class Ledger {
public:
    explicit Ledger(sqlite::Database& database);

    /// Reads the end of the chain; an empty ledger ends at the chain's start.
    [[nodiscard]] Result<> load(const ChainStart& start);

    [[nodiscard]] const ChainHead& head() const { return head_; }

    /// After a rollback: the end as it was before.
    void rewind(const ChainHead& head) { head_ = head; }

    /// Numbers the row, stamps it, chains it and writes it. Errors are the database's.
    const ChainHead& append(LedgerRow& row, Instant now);

    /// Writes every hash anew under another start; only for a chain no cloud has seen.
    [[nodiscard]] Result<> chain_anew(const ChainStart& start);

private:
    sqlite::Database* database_;
    sqlite::Statement insert_;
    ChainHead head_;
};

/// The columns of a ledger row, in the order that row_from() reads.
inline constexpr const char* ledger_columns =
    "seq,hlc,kind,kind_ver,station,actor,coalesce(request_id,''),known_cursor,body,hash";

[[nodiscard]] LedgerRow row_from(const sqlite::Rows& rows);

}  // namespace lotgate::store
