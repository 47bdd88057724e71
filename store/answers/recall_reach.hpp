#pragma once

// Parts of a recall's answer that are about time: what left after it was decided, and what nobody
// can know since something could not be seen meanwhile.

#include "store/sqlite/database.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::store {

/// Of a recall that names when it was decided.
struct KnownSince {
    std::int64_t effective_ms = 0;
    std::int64_t placed_seq = 0;
    std::string hold;
};

/// When a hold was decided, as the body of the event that placed it says; 0 where it does not.
[[nodiscard]] std::int64_t effective_ms_in(std::string_view body);

struct ShippedAfter {
    const std::vector<std::string>& targets;  ///< none covers another
    const std::vector<KnownSince>& since;
};

/// "shipped_after_recall": by order, only what left after that.
void add_shipped_after(sqlite::Database& database,
                       const ShippedAfter& what,
                       boost::json::object& answer);

/// From when to when the goods could move, by rows of the ledger and by milliseconds.
struct Period {
    std::int64_t from_seq = 0;
    std::int64_t until_seq = 0;
    std::int64_t from_ms = 0;
    std::int64_t until_ms = 0;
};

/// From the first row that speaks of one of them; until `last_seq`, or now where that is 0.
[[nodiscard]] Period period_of(sqlite::Database& database,
                               const std::vector<std::string>& targets,
                               std::int64_t last_seq);

/// "period", "outages", "unseen" and "certain_until".
void add_unseen(sqlite::Database& database, const Period& period, boost::json::object& answer);

}  // namespace lotgate::store
