#pragma once

// Columns as the rules see them.

#include "store/model/time.hpp"
#include "store/sqlite/database.hpp"

#include <optional>

namespace lotgate::store {

/// A date, or nothing where the column is null or no date.
[[nodiscard]] inline std::optional<Date> date_in(const sqlite::Rows& rows, int column) {
    if (rows.is_null(column)) return std::nullopt;
    const auto date = parse_date(rows.view(column));
    if (!date) return std::nullopt;
    return *date;
}

}  // namespace lotgate::store
