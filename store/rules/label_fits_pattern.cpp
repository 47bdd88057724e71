#include "store/model/pattern.hpp"
#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A pattern that cannot be read holds nobody up: whoever wrote it was told when it came.
Verdict label_fits_pattern(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product) return {};
    const ProductFacts& product = *facts.product;
    const auto misses = [](const std::string& pattern, const std::string& text) {
        if (pattern.empty()) return false;
        const auto matcher = Pattern::parse(pattern);
        return matcher.has_value() && !matcher->matches(text);
    };
    const ScannedIdentity& what = attempt.what;
    if (what.serial && misses(product.serial_pattern, what.serial->as_labelled()))
        return refused(attempt.step,
                       "SERIAL_PATTERN",
                       fmt::format("Serial {} does not look like a serial of {}. Scan the right "
                                   "code, or put it aside.",
                                   shown(what.serial->as_labelled()),
                                   product.name));
    if (what.lot && misses(product.lot_pattern, what.lot->as_labelled()))
        return refused(attempt.step,
                       "LOT_PATTERN",
                       fmt::format("Lot {} does not look like a lot of {}. Scan the right code, or "
                                   "put it aside.",
                                   shown(what.lot->as_labelled()),
                                   product.name));
    return {};
}

}  // namespace lotgate::rules
