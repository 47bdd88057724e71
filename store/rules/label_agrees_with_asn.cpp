#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict label_agrees_with_asn(const Facts& facts, const Attempt& attempt) {
    if (!facts.unit || facts.unit->state != UnitState::expected || !attempt.what.serial) return {};
    const UnitFacts& announced = *facts.unit;
    const bool lot_differs = attempt.what.lot && !announced.lot_key.empty() &&
                             attempt.what.lot->key() != announced.lot_key;
    const bool expiry_differs = attempt.what.expires_on && announced.expires_on &&
                                *attempt.what.expires_on != *announced.expires_on;
    if (!lot_differs && !expiry_differs) return {};
    const std::string says = lot_differs ? "lot " + attempt.what.lot->as_labelled()
                                         : "expiry " + to_string(*attempt.what.expires_on);
    const std::string announced_as =
        lot_differs ? "lot " + announced.lot_key : "expiry " + to_string(*announced.expires_on);
    return held("LOT_MISMATCH_FOR_SERIAL",
                fmt::format("Serial {} has {} on its label, {} on the ASN. It is held: bring it to "
                            "quarantine.",
                            attempt.what.serial->as_labelled(),
                            says,
                            announced_as));
}

}  // namespace lotgate::rules
