#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

bool is_on(const Facts& facts, const std::string& gtin) {
    for (const LineFacts& line : facts.lines)
        if (line.gtin == gtin) return true;
    return false;
}

}  // namespace

// With a return document in hand, only what was shipped to its customer, and is on it, is its.
Verdict return_is_of_party(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.document || facts.document->kind != "rma")
        return {};
    const DocumentFacts& rma = *facts.document;
    const std::string subject = subject_of(facts, attempt);
    if (facts.shipped_by && facts.shipped_by->party != rma.party)
        return overrulable(
            OverrideClass::supervisor,
            held("RETURN_WRONG_PARTY",
                 fmt::format("{} was shipped to {}, and {} is of {}. It is taken into custody: "
                             "keep it apart until a supervisor decides.",
                             subject,
                             facts.shipped_by->party_name,
                             rma.id,
                             rma.party_name)));
    if (!is_on(facts, attempt.what.gtin->text()))
        return overrulable(
            OverrideClass::supervisor,
            held("RETURN_WRONG_PARTY",
                 fmt::format("{} is not on {}. It is taken into custody: keep it apart until a "
                             "supervisor decides.",
                             subject,
                             rma.id)));
    return {};
}

}  // namespace lotgate::rules
