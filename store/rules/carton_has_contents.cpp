#include "store/rules/every_rule.hpp"

namespace lotgate::rules {

Verdict carton_has_contents(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::close_carton || !facts.document) return {};
    if (facts.carton && !facts.contents.empty()) return {};
    return refused(
        attempt.step, "PACK_INCOMPLETE", "The open carton is empty. Scan the goods into it first.");
}

}  // namespace lotgate::rules
