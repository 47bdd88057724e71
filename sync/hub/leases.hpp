#pragma once

// Numbers of labels: pools of the tenant, and the ranges that sites are leased from them. No two
// leases of a tenant share a number, so two sites that never hear of each other print no number
// twice. A range belongs to the gateway that had the site's ledger open: release_site() ends it.

#include "store/model/result.hpp"
#include "sync/hub/feed.hpp"
#include "sync/hub/pg.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lotgate::hub {

struct PoolOrder {
    std::string pool;
    std::string kind;   ///< "sscc", "serial", "lot"
    std::string first;  ///< digits; of an SSCC 17, without the check digit
    std::string last;
    std::string gtin;    ///< serials and lots: of one product; empty: of all
    std::string prefix;  ///< serials and lots: before the digits
};

/// Fault invalid_input: what it names is no range, or has a number of another pool or lease.
[[nodiscard]] Result<> add_pool(Connection& database,
                                const std::string& tenant,
                                const PoolOrder& order);

struct Supply {
    std::string pool;
    std::uint64_t lease = 1000;  ///< numbers leased at once
    std::uint64_t low = 200;     ///< at so many left, the next lease goes out
};

/// The site is kept supplied from the pool from now on, beginning at once.
[[nodiscard]] Result<> supply_site(Connection& database,
                                   const std::string& tenant,
                                   const std::string& site_id,
                                   const Supply& supply);

/// Leases to every supplied site that has few left. The number of leases; a pool that has run out
/// leases nothing, and is told by pools_text().
[[nodiscard]] Result<std::size_t> top_up(Connection& database);

/// Items of a feed that are ranges (sscc_range, serial_range, lot_range) become leases of no pool.
/// In the caller's transaction. Fault invalid_input: no range, or one with leased numbers.
[[nodiscard]] Result<> note_ranges(Connection& database,
                                   const std::string& site_id,
                                   const std::vector<NewItem>& items);

/// A gateway has taken a number of a range of that id. In the projector's transaction.
/// False: that range is none that this site may take numbers from.
[[nodiscard]] Result<bool> note_taken(Connection& database,
                                      const std::string& site_id,
                                      const std::string& kind,
                                      const std::string& lease_id,
                                      std::uint64_t number);

/// All ranges of the site end, in the urgent lane. In the caller's transaction.
[[nodiscard]] Result<> end_leases(Connection& database, const std::string& site_id);

/// What each pool has left, and what each site.
[[nodiscard]] Result<std::string> numbers_json(Connection& database, const std::string& tenant);
[[nodiscard]] std::string numbers_text(const std::string& json);

}  // namespace lotgate::hub
