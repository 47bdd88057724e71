#pragma once

// The book's parts, one file a subject; book.cpp puts them behind one another.

#include "store/rules/rule.hpp"

#include <span>

namespace lotgate::rules {

inline constexpr Steps everywhere(every_step);
inline constexpr Steps with_goods = everywhere.without(Step::divert);
inline constexpr Steps outwards{Step::pick, Step::pack, Step::divert, Step::ship};

/// Phases parse and identity.
[[nodiscard]] std::span<const RuleRow> book_of_identity();
/// Phases hold, state and document.
[[nodiscard]] std::span<const RuleRow> book_of_state();
/// Phases quantity, date, rotation and advisory.
[[nodiscard]] std::span<const RuleRow> book_of_goods();

}  // namespace lotgate::rules
