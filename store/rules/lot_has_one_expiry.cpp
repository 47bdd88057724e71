#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict lot_has_one_expiry(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.lot || !facts.lot->expires_on) return {};
    if (!attempt.what.expires_on || *attempt.what.expires_on == *facts.lot->expires_on) return {};
    return held("LOT_EXPIRY_CONFLICT",
                fmt::format("Lot {} is known with expiry {}, this label says {}. The earlier one "
                            "counts; bring it to quarantine.",
                            facts.lot->raw,
                            to_string(*facts.lot->expires_on),
                            to_string(*attempt.what.expires_on)));
}

}  // namespace lotgate::rules
