#pragma once

// What an order's line asks of the goods: how long they must still be good, and which go first.

#include "store/rules/facts.hpp"
#include "store/rules/rotation.hpp"

namespace lotgate::rules {

/// The planned day of delivery of the order in hand: it leaves on the business ship date (or the
/// order's own later one) and is on its way for the customer's transit days; never before the day
/// the order asks for.
[[nodiscard]] Date planned_delivery(const Facts& facts, const Attempt& attempt);
/// The day on which what is handled now leaves.
[[nodiscard]] Date planned_shipping(const Facts& facts, const Attempt& attempt);

/// For the scanned product. `line` may be null: then only customer and product speak.
[[nodiscard]] Need need_of(const Facts& facts, const Attempt& attempt, const LineFacts* line);

/// The scanned goods as a candidate.
[[nodiscard]] Candidate taken_by(const Facts& facts, const Attempt& attempt);

/// Of the order in hand: the line the scanned goods are for, with room or without; or nullptr.
[[nodiscard]] const LineFacts* line_for(const Facts& facts, const Attempt& attempt);

}  // namespace lotgate::rules
