#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict product_is_known(const Facts& facts, const Attempt& attempt) {
    const ScannedIdentity& what = attempt.what;
    // An HIBC, PPN or part number that the catalogue lists for no product.
    const bool only_code = !what.gtin && !what.sscc && !what.product_codes.empty();
    if (!only_code && (facts.intent != Intent::take_unit || facts.product)) return {};
    return refused(attempt.step,
                   "PRODUCT_UNKNOWN",
                   fmt::format("Product {} is not known here. Put the goods aside and have the "
                               "product added.",
                               only_code ? shown(what.product_codes.front()) : what.gtin->text()));
}

}  // namespace lotgate::rules
