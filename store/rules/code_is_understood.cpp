#include "store/rules/every_rule.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lotgate::rules {

namespace {

struct KnownError {
    std::string_view error;  // the decoder's class
    std::string_view about;  // of this identifier; empty: of any
    std::string_view code;
};

// Errors with a name of their own in the rules; all others are PARSE_ and their class.
constexpr std::array known_errors = std::to_array<KnownError>({
    {"control_character", "", "PARSE_CTRL_CHAR"},
    {"ai_repeat_conflict", "", "PARSE_AI_CONFLICT"},
    {"ai_pair_conflict", "", "PARSE_AI_CONFLICT"},
    {"bad_check_digit", "01", "GTIN_BAD_CHECK"},
    {"bad_check_digit", "02", "GTIN_BAD_CHECK"},
    {"bad_check_digit", "03", "GTIN_BAD_CHECK"},
    {"lint:bad_date", "17", "EXP_INVALID"},
    {"lint:bad_date", "15", "EXP_INVALID"},
    {"lint:bad_date", "16", "EXP_INVALID"},
    {"lint:bad_date", "7003", "EXP_INVALID"},
});

std::string code_of(const Observation& seen) {
    const auto known =
        std::find_if(known_errors.begin(), known_errors.end(), [&](const KnownError& row) {
            return row.error == seen.parse_error &&
                   (row.about.empty() || row.about == seen.parse_about);
        });
    if (known != known_errors.end()) return std::string(known->code);
    return "PARSE_" + code_word(seen.parse_error);
}

}  // namespace

Verdict code_is_understood(const Facts&, const Attempt& attempt) {
    const Observation& seen = attempt.observation;
    if (seen.parse_error.empty() || seen.is_no_read) return {};
    std::string told = seen.parse_told;
    if (told.empty()) told = "The code cannot be understood. Scan it again, or relabel the goods.";
    return refused(attempt.step, code_of(seen), std::move(told));
}

}  // namespace lotgate::rules
