#include "store/rules/case_effects.hpp"

#include <array>

namespace lotgate::rules {

namespace {

constexpr std::array effects = std::to_array<CaseEffect>({
    {"handled", "Somebody has seen to it; the books stay as they are.", {}},
    {"seen", "It is noted; the books stay as they are.", {}},
    {"release", "The hold of this case is lifted; other holds on the goods stay.", "lift_hold"},
    {"keep_on_hold", "The goods stay on hold until somebody lifts it.", {}},
    {"keep", "What was taken in stays; the difference is told to the cloud.", {}},
    {"scrap", "The unit is destroyed or thrown away; nothing follows.", "scrap"},
    {"return_to_vendor",
     "The unit goes back to its vendor; it is not stock any more.",
     "return_to_vendor"},
    {"unpack", "The carton is opened: its label is void, its goods are picked.", "unpack"},
    {"free",
     "What the order was promised and has not fetched is free for others.",
     "cancel_allocation"},
    {"reprint", "The label is printed again under a new number; the old number is void.", {}},
    {"printed", "The label is there; nothing is printed again.", {}},
    {"relabelled", "The goods carry a new label: scan them again.", {}},
    {"product_added", "The product is known now: scan the goods again.", {}},
    {"same_unit", "It is the unit that is known; nothing is taken in.", {}},
    {"different_unit", "It is another unit: scan it again and let a supervisor pass it.", {}},
    {"count", "The lot is counted where it stands; the books follow the count.", {}},
    {"hand_back", "The customer takes it back; nothing is taken in.", {}},
    {"try_again", "The scan is taken again as any other.", {}},
    {"keep_parked", "The scan stays refused.", {}},
});

}  // namespace

std::span<const CaseEffect> case_effects() {
    return effects;
}

const CaseEffect* case_effect_of(std::string_view decision) {
    for (const CaseEffect& effect : effects)
        if (effect.decision == decision) return &effect;
    return nullptr;
}

}  // namespace lotgate::rules
