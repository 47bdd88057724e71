#pragma once

// The cloud database's schema: numbered migrations (migrations/NNNN_*.sql), forward only, each in a
// transaction of its own. A database of a newer program is refused.

#include "store/model/result.hpp"
#include "sync/hub/pg.hpp"

#include <string>
#include <vector>

namespace lotgate::hub {

struct Migration {
    std::string name;  ///< "0001_ledger_and_feed"
    std::string sql;
};

[[nodiscard]] std::vector<Migration> all_migrations();

/// Brings the database to this program's version. Gives the number of migrations carried out.
[[nodiscard]] Result<std::size_t> migrate(Connection& database);
/// Fault conflict, with the next step, where the database is not of this program's version.
[[nodiscard]] Result<> check_schema(Connection& database);

}  // namespace lotgate::hub
