#include "store/rules/every_rule.hpp"

namespace lotgate::rules {

// One carton, one truth: which of two codes is right is not ours to guess.
Verdict codes_agree(const Facts&, const Attempt& attempt) {
    const std::string& told = attempt.observation.label_conflict;
    if (told.empty()) return {};
    return refused(attempt.step, "LABEL_CONFLICT", told);
}

}  // namespace lotgate::rules
