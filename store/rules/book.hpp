#pragma once

// The book's parts, one file a subject; book.cpp puts them behind one another.

#include "store/rules/rule.hpp"

#include <span>

namespace lotgate::rules {

inline constexpr Steps everywhere{Step::receive,
                                  Step::putaway,
                                  Step::pick,
                                  Step::pack,
                                  Step::divert,
                                  Step::ship,
                                  Step::take_back,
                                  Step::count,
                                  Step::quarantine,
                                  Step::palletise};
inline constexpr Steps with_goods{Step::receive,
                                  Step::putaway,
                                  Step::pick,
                                  Step::pack,
                                  Step::ship,
                                  Step::take_back,
                                  Step::count,
                                  Step::quarantine,
                                  Step::palletise};
inline constexpr Steps outwards{Step::pick, Step::pack, Step::divert, Step::ship};

/// Phases parse and identity.
[[nodiscard]] std::span<const RuleRow> book_of_identity();
/// Phases hold, state and document.
[[nodiscard]] std::span<const RuleRow> book_of_state();
/// Phases quantity, date, rotation and advisory.
[[nodiscard]] std::span<const RuleRow> book_of_goods();

}  // namespace lotgate::rules
