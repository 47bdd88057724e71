#pragma once

// What the decisions of cases do, in words for the person and as the operation that is carried out
// with the decision, in the same event.

#include <span>
#include <string_view>

namespace lotgate::rules {

struct CaseEffect {
    std::string_view decision;
    std::string_view told;       ///< one sentence: what is different afterwards
    std::string_view operation;  ///< of the table of operations, or empty: nothing but the decision
};

[[nodiscard]] std::span<const CaseEffect> case_effects();
/// nullptr where no case can be decided so.
[[nodiscard]] const CaseEffect* case_effect_of(std::string_view decision);

}  // namespace lotgate::rules
