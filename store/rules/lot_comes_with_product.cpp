#include "store/rules/every_rule.hpp"

namespace lotgate::rules {

Verdict lot_comes_with_product(const Facts&, const Attempt& attempt) {
    const ScannedIdentity& what = attempt.what;
    if (what.gtin || what.sscc || !what.product_codes.empty() || (!what.lot && !what.serial))
        return {};
    return refused(attempt.step,
                   "LOT_WITHOUT_PRODUCT",
                   "The code has a lot or serial but no product. Scan the code that names the "
                   "product too.");
}

}  // namespace lotgate::rules
