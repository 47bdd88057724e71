#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

std::string_view how_it_was_learnt(const std::string& capture) {
    if (capture == "MANUAL") return "was typed";
    if (capture == "SLOT") return "was taken from its place";
    return "was taken from its pallet";
}

}  // namespace

int confidence_of(std::string_view capture) {
    if (capture == "SLOT") return 25;
    if (capture == "MANUAL" || capture == "PALLET_INFERRED") return 75;
    return 100;
}

// Of a pallet that is taken in as announced it is said once, and not of each of its pieces.
Verdict capture_is_certain(const Facts& facts, const Attempt& attempt) {
    if (facts.intent == Intent::open_document && attempt.step == Step::receive &&
        !facts.parts.empty())
        return warned("LOW_CONFIDENCE",
                      fmt::format("{} pieces of {} are taken in as they were announced, and none "
                                  "was read. Count them, and scan those you doubt.",
                                  facts.parts.size(),
                                  subject_of(facts, attempt)));
    if (attempt.what.announced) return {};
    const std::string& capture = attempt.observation.capture;
    if (facts.intent != Intent::take_unit || confidence_of(capture) == 100) return {};
    return warned("LOW_CONFIDENCE",
                  fmt::format("{} {} and not read from its code. Compare it with the label.",
                              subject_of(facts, attempt),
                              how_it_was_learnt(capture)));
}

}  // namespace lotgate::rules
