#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict code_names_something(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::unknown_code || attempt.what.lot || attempt.what.serial) return {};
    // At a decision point and a door nothing is a product; elsewhere R-01 says which is missing.
    const bool takes_goods = attempt.step != Step::divert && attempt.step != Step::ship;
    if (takes_goods && !attempt.what.product_codes.empty()) return {};
    const std::string code = subject_of(facts, attempt);
    if (facts.scanned_document)
        return refused(attempt.step,
                       "UNKNOWN_CODE",
                       fmt::format("{} is an {} and cannot be opened here. Take it to the station "
                                   "that works with it.",
                                   code,
                                   facts.scanned_document->kind));
    return refused(
        attempt.step,
        "UNKNOWN_CODE",
        fmt::format("Nothing here is called {}. Scan the document or the goods again, or "
                    "ask for the document to be sent to this site.",
                    code));
}

}  // namespace lotgate::rules
