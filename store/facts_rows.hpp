#pragma once

// Columns as the rules see them.

#include "store/model/time.hpp"
#include "store/rules/facts.hpp"
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

/// Of id, sscc, kind, state, document, station, label, lane, parent and location, in this order.
[[nodiscard]] inline rules::CartonFacts carton_in(const sqlite::Rows& rows) {
    rules::CartonFacts carton;
    carton.id = rows.text(0);
    carton.sscc = rows.text(1);
    carton.kind = rows.text(2);
    carton.state = rows.text(3);
    carton.document = rows.text(4);
    carton.station = rows.text(5);
    carton.label = rows.text(6);
    carton.lane = rows.integer(7);
    carton.parent = rows.text(8);
    carton.location = rows.text(9);
    return carton;
}

}  // namespace lotgate::store
