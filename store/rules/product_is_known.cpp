#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict product_is_known(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || facts.product) return {};
    return refused(attempt.step,
                   "PRODUCT_UNKNOWN",
                   fmt::format("Product {} is not known here. Put the goods aside and have the "
                               "product added.",
                               attempt.what.gtin->text()));
}

}  // namespace lotgate::rules
