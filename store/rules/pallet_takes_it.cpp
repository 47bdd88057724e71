#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::rules {

namespace {

bool has_packed_goods(const Facts& facts) {
    return facts.load.packed > 0;
}

bool has_stock(const Facts& facts) {
    return facts.load.units > 0 || facts.load.containers > facts.load.packed;
}

Verdict mixes(const Attempt& attempt, const std::string& pallet) {
    return refused(attempt.step,
                   "PALLET_MIX",
                   fmt::format("Pallet {} holds the other sort: packed cartons and stock do not "
                               "stand on one pallet. Put this on another one.",
                               pallet));
}

Verdict may_open(const Facts& facts, const Attempt& attempt) {
    if (facts.pallet)
        return refused(attempt.step,
                       "PALLET_IN_HAND",
                       fmt::format("Pallet {} is in hand here. Scan its label or LG:CLOSE first, "
                                   "then the next one.",
                                   facts.pallet->sscc));
    if (!facts.carton || facts.carton->state != "SHIPPED") return {};
    return refused(attempt.step,
                   "PALLET_GONE",
                   fmt::format("Pallet {} has left. Take the label off and use another one.",
                               facts.carton->sscc));
}

// Pallets stand on pallets one deep; more is a tower nobody can see into.
Verdict may_stack(const Facts& facts, const Attempt& attempt) {
    const bool has_pallets = std::any_of(facts.inside.begin(),
                                         facts.inside.end(),
                                         [](const auto& one) { return one.kind == "pallet"; });
    if (has_pallets || !facts.pallet->parent.empty())
        return refused(attempt.step,
                       "PALLET_TOO_DEEP",
                       fmt::format("{} would be the third layer of pallets. Take one off first.",
                                   facts.carton->sscc));
    return overrulable(
        OverrideClass::operator_confirms,
        refused(attempt.step,
                "PALLET_IN_HAND",
                fmt::format("{} is a pallet, and {} is in hand here. Scan LG:CLOSE to finish that "
                            "one; to put this on top of it, confirm with your badge.",
                            facts.carton->sscc,
                            facts.pallet->sscc)));
}

Verdict container_may_go_on(const Facts& facts, const Attempt& attempt) {
    const CartonFacts& carton = *facts.carton;
    const std::string& pallet = facts.pallet->sscc;
    if (carton.parent == facts.pallet->id)
        return warned(
            "REREAD",
            fmt::format("{} stands on this pallet already. Go on with the next one.", carton.sscc));
    if (carton.kind == "carton" && carton.state != "PACKED")
        return refused(attempt.step,
                       "NOT_PACKED",
                       fmt::format("{} is {} and no packed carton. Close it at a pack station, or "
                                   "leave it where it is.",
                                   carton.sscc,
                                   carton.state));
    if (carton.kind == "pallet") return may_stack(facts, attempt);
    const bool is_received =
        std::any_of(facts.contents.begin(), facts.contents.end(), [](const auto& content) {
            return content.serial.empty() || is_on_site(content.state);
        });
    if (!is_received)
        return refused(
            attempt.step,
            "PALLET_NOT_RECEIVED",
            fmt::format("Nothing in {} was received yet. Receive it first.", carton.sscc));
    const bool is_packed = carton.kind == "carton";
    if (is_packed ? has_stock(facts) : has_packed_goods(facts)) return mixes(attempt, pallet);
    if (carton.parent.empty()) return {};
    return warned(
        "FROM_OTHER_PALLET",
        fmt::format("{} stood on another pallet in the books; it stands on {} now. Go on.",
                    carton.sscc,
                    pallet));
}

Verdict unit_may_go_on(const Facts& facts, const Attempt& attempt) {
    if (!facts.product) return {};
    if (facts.is_serialised()) {
        if (!facts.unit) return {};
        const UnitState state = facts.unit->state;
        if (facts.unit->container == facts.pallet->id)
            return warned("REREAD",
                          fmt::format("Serial {} stands on this pallet already. Go on with the "
                                      "next one.",
                                      attempt.what.serial->as_labelled()));
        const bool is_picked = state == UnitState::picked && !attempt.policy->pack_verify;
        const bool is_stock = state == UnitState::received || state == UnitState::in_inventory ||
                              state == UnitState::allocated;
        if (!is_picked && !is_stock)
            return refused(attempt.step,
                           fmt::format("BAD_STATE_{}_PALLET", name_of(state)),
                           fmt::format("Serial {} is {} and is not put on a pallet. {}",
                                       attempt.what.serial->as_labelled(),
                                       name_of(state),
                                       next_step_from(state)));
    }
    return has_packed_goods(facts) ? mixes(attempt, facts.pallet->sscc) : Verdict();
}

Verdict may_come_off(const Facts& facts, const Attempt& attempt) {
    const bool is_container = facts.intent == Intent::put_on_pallet;
    const bool is_unit = facts.is_serialised() && facts.unit;
    const bool is_on = is_container ? facts.carton->parent == facts.pallet->id
                                    : !is_unit || facts.unit->container == facts.pallet->id;
    if (is_on) return {};
    return refused(attempt.step,
                   "NOT_ON_PALLET",
                   fmt::format("{} does not stand on pallet {} in the books. Scan LG:ON to put it "
                               "there, or the pallet it comes from.",
                               subject_of(facts, attempt),
                               facts.pallet->sscc));
}

// N-15: a photo-eye's edge without a read is a piece that stands there and not in the books.
Verdict all_was_read(const Facts& facts, const Attempt& attempt) {
    if (facts.counted_so_far == 0) return {};
    return overrulable(
        OverrideClass::operator_confirms,
        refused(attempt.step,
                "COUNT_MISMATCH",
                fmt::format("{} pieces passed here unread and are not on the pallet in the books. "
                            "Scan each piece on it, decide the card NOREAD, then close; or confirm "
                            "with your badge that they went elsewhere.",
                            facts.counted_so_far)));
}

}  // namespace

// What stands on a pallet is known by scans alone: it is loaded, moved and counted by its number.
Verdict pallet_takes_it(const Facts& facts, const Attempt& attempt) {
    if (facts.intent == Intent::open_pallet) return may_open(facts, attempt);
    const bool is_about_goods =
        facts.intent == Intent::put_on_pallet || facts.intent == Intent::take_unit;
    const bool needs_one = is_about_goods || facts.intent == Intent::turn_pallet ||
                           facts.intent == Intent::close_pallet;
    if (!needs_one) return {};
    if (!facts.pallet)
        return refused(attempt.step,
                       "NO_PALLET",
                       "No pallet is in hand here. Scan the pallet's label, or LG:PALLET for a new "
                       "one, then the goods.");
    if (facts.intent == Intent::close_pallet) return all_was_read(facts, attempt);
    if (!is_about_goods) return {};
    if (facts.comes_off) return may_come_off(facts, attempt);
    if (facts.pallet->kind != "pallet")
        return refused(
            attempt.step,
            "PALLET_OF_VENDOR",
            fmt::format("{} is the vendor's pallet, and its number means what the vendor "
                        "put on it. Begin one of your own (LG:PALLET).",
                        facts.pallet->sscc));
    return facts.intent == Intent::put_on_pallet ? container_may_go_on(facts, attempt)
                                                 : unit_may_go_on(facts, attempt);
}

// A container that is done by one scan has something in it to do.
Verdict pallet_has_parts(const Facts& facts, const Attempt& attempt) {
    const bool by_parts =
        facts.intent == Intent::each_part ||
        (facts.intent == Intent::load_carton && facts.carton && facts.carton->kind == "pallet");
    if (!by_parts || !facts.carton) return {};
    const std::string& sscc = facts.carton->sscc;
    const bool is_packed = std::any_of(facts.inside.begin(),
                                       facts.inside.end(),
                                       [](const auto& one) { return one.kind == "carton"; });
    if (attempt.step == Step::pick && is_packed)
        return refused(
            attempt.step,
            "PALLET_PACKED",
            fmt::format("Packed cartons stand on {}: it has its orders, and is loaded at "
                        "the door.",
                        sscc));
    if (!facts.parts.empty()) return {};
    switch (attempt.step) {
        case Step::take_back:
            return refused(attempt.step,
                           "PALLET_EMPTY",
                           fmt::format("Nothing that left in {} is still away. Scan the goods one "
                                       "by one.",
                                       sscc));
        case Step::pick:
            return refused(attempt.step,
                           "PALLET_EMPTY",
                           fmt::format("Nothing that could be picked stands on {} in the books. "
                                       "Scan the goods one by one.",
                                       sscc));
        case Step::count:
            return refused(attempt.step,
                           "PALLET_EMPTY",
                           fmt::format("{} holds nothing that is counted here. Count the goods one "
                                       "by one.",
                                       sscc));
        default:
            return refused(attempt.step,
                           "PALLET_EMPTY",
                           fmt::format("Nothing stands on {} in the books. Scan the cartons one by "
                                       "one.",
                                       sscc));
    }
}

}  // namespace lotgate::rules
