#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

// The number comes from the range that is leased to this site, so that no other site gives it.
Verdict assigned(const Facts& facts, const Attempt& attempt) {
    if (facts.own_lot->number.empty())
        return refused(attempt.step,
                       "LOT_REQUIRED",
                       fmt::format("{} has no lot, and no lot number is left at this site to give "
                                   "it one. Connect to the cloud to get a new range, or scan the "
                                   "code that holds the lot.",
                                   facts.product->name));
    Verdict note;
    note.code = "TLC_ASSIGNED";
    note.is_note = true;
    note.told = attempt.policy->printer.empty()
                    ? fmt::format(
                          "Lot {} is given to {}. Write it on, or print it with "
                          "`lotgate print reprint`.",
                          facts.own_lot->number,
                          facts.product->name)
                    : fmt::format("Lot {} is given to {}; its label is printed. Put it on.",
                                  facts.own_lot->number,
                                  facts.product->name);
    return note;
}

}  // namespace

// A unit already known brings its lot with it: the ASN or its receipt named it.
Verdict lot_is_given(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !facts.product->lot_tracked)
        return {};
    if (facts.is_serialised() && attempt.step != Step::receive) return {};
    if (facts.own_lot) return assigned(facts, attempt);
    if (!facts.lot_key(attempt).empty()) return {};
    return refused(
        attempt.step,
        "LOT_REQUIRED",
        fmt::format("{} needs its lot. Scan the code that holds the lot, or key it in from the "
                    "label.",
                    facts.product->name));
}

}  // namespace lotgate::rules
