#pragma once

// Which stock goes first. Pure functions over lists of candidates: what the stock is, and who asks,
// is the caller's affair.
//
//   FEFO  the earliest expiry first; goods without a date last
//   FIFO  the earliest receipt first
//   LIFO  the latest receipt first
//   none  no order is asked for; lists are still in a fixed order
//
// Equal in that: earlier first receipt, then the smaller rest (it empties a place), then the walk,
// then lot, place and serial. The same stock always gives the same list (rule R-26).

#include "store/model/time.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::rules {

enum class Rotation { none, fefo, fifo, lifo };

[[nodiscard]] std::string_view name_of(Rotation rotation);
[[nodiscard]] std::optional<Rotation> rotation_named(std::string_view name);
/// The first of these that says anything: order line, customer, product, zone, site.
[[nodiscard]] Rotation rotation_of(std::initializer_list<std::string_view> levels);

/// Stock of one lot at one place; one unit where it is asked for by serial.
struct Candidate {
    std::string lot_key;
    std::string lot_raw;
    std::string serial;
    std::string place;
    std::optional<Date> expires_on;
    std::int64_t first_seq = 0;  ///< row of the lot's first receipt
    std::int64_t walk_order = 0;
    std::int64_t quantity = 0;
};

struct Need {
    std::int64_t quantity = 0;
    Rotation rotation = Rotation::none;
    std::string_view rotation_by =
        {};  ///< who says so: line, customer, product, zone, site; or empty
    std::optional<Date> delivered_on;  ///< planned; the goods must still be good then
    std::int64_t min_life_days = 0;    ///< left on that day
    bool single_lot = false;
    std::string lot_key;  ///< the one lot the line names, or empty
};

/// Days of life that are left on `day`: 0 on the last good day, negative after it.
[[nodiscard]] std::int64_t days_left(Date expires_on, Date day);
[[nodiscard]] bool has_life(const std::optional<Date>& expires_on, const Need& need);
[[nodiscard]] bool is_eligible(const Candidate& candidate, const Need& need);

void put_in_order(std::vector<Candidate>& candidates, Rotation rotation);

/// What to take: each pick is a candidate with the quantity to take from it.
struct Directed {
    std::vector<Candidate> picks;
    std::int64_t missing = 0;  ///< no eligible stock for that much

    /// "lot L-88 from A-01 (3)", joined by commas; at most `picks_max` of them.
    [[nodiscard]] std::string told(std::size_t picks_max = 3) const;
};

/// Splits the need over the eligible candidates in order. A single-lot need takes the first lot in
/// order that has enough for all of it, or nothing.
[[nodiscard]] Directed direct(std::vector<Candidate> candidates, const Need& need);

/// The first eligible candidate that leaves before goods of that lot, or nullptr: its expiry is
/// more than `tolerance_days` earlier (FEFO), or it came earlier (FIFO) or later (LIFO).
[[nodiscard]] const Candidate* goes_before(const std::vector<Candidate>& candidates,
                                           const Candidate& taken,
                                           const Need& need,
                                           std::int64_t tolerance_days);

}  // namespace lotgate::rules
