#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Look-alike characters are never folded; a person is shown the one neighbour and decides.
Verdict near_match_is_shown(const Facts& facts, const Attempt& attempt) {
    if (facts.near_match.empty() || !attempt.what.serial) return {};
    return warned("NEAR_MATCH_HINT",
                  fmt::format("Serial {} was not announced; {} was, and differs in one character. "
                              "Compare the label by eye.",
                              attempt.what.serial->as_labelled(),
                              facts.near_match));
}

}  // namespace lotgate::rules
