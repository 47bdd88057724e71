#pragma once

// How much rows of stock would change, before they do (rule R-58): in thousandths of a unit of
// measure, so that kilograms and pieces add up to something that can be compared.

#include <cstdint>
#include <string>

namespace lotgate::store::sqlite {
class Database;
}

namespace lotgate::store {

/// All that stands in the building. Reads every balance and counts every unit.
[[nodiscard]] std::int64_t stock_here(sqlite::Database& database);
/// What a JSON list of items of kind "stock" adds and takes away, both counted upwards. Rows that
/// say what the books say change nothing.
[[nodiscard]] std::int64_t stock_changed_by(sqlite::Database& database, const std::string& items);

}  // namespace lotgate::store
