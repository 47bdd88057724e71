#pragma once

// The schema's numbered steps, forward only: store/sqlite/migrations/NNNN_*.sql, compiled in.
// user_version is the number of the last step; each step is one transaction.

#include "store/model/result.hpp"

#include <span>
#include <string_view>

namespace lotgate::store::sqlite {

class Database;

struct Migration {
    int number;
    std::string_view name;
    std::string_view sql;
};

/// All steps, ascending from 1 without gaps.
[[nodiscard]] std::span<const Migration> migrations();
[[nodiscard]] int newest_schema();

/// Brings the file to the newest schema. conflict: the file is of a newer program; corrupt: it is
/// another program's database.
[[nodiscard]] Result<> migrate(Database& database);
/// The same up to that number, for a state that an older program wrote.
[[nodiscard]] Result<> migrate_to(Database& database, int number);
/// For readers: fails unless the file has this program's schema.
[[nodiscard]] Result<> check_schema(Database& database);

}  // namespace lotgate::store::sqlite
