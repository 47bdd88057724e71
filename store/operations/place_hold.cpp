// A person holds a unit, lot, container, product or document. What is not here yet can be held
// where it will be told by its lot or product; a unit, carton or document has to be known, since a
// misspelt serial would hold nothing.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

bool is_placed_here(const rules::HoldFacts& hold) {
    return hold.id.starts_with("L");
}

}  // namespace

void plan_place_hold(OperationDraft& draft) {
    const OperationCall& call = *draft.call;
    const std::string& reason = call.text("hold_reason");
    const std::string& recall_class = call.text("class");
    if (!draft.facts->target_is_here)
        return draft.refuse("TARGET_UNKNOWN",
                            fmt::format("Nothing here is {}. Scan it, or look at its trace for "
                                        "how it is written.",
                                        call.target));
    if (!recall_class.empty() && reason != "recall")
        return draft.refuse("ARGUMENT_INVALID",
                            "Only a recall has a class. Leave the class away, or hold for recall.");
    for (const rules::HoldFacts& hold : draft.facts->holds)
        if (is_placed_here(hold) && hold.target == call.target && hold.reason == reason &&
            hold.recall_class == recall_class)
            return draft.refuse(
                "HOLD_ALREADY_PLACED",
                fmt::format("Hold {} holds it for {} already. Nothing to do.", hold.id, reason));
    HoldPlaced placed;
    placed.id = fmt::format("L{}-0", draft.seq);
    placed.reason = reason;
    placed.recall_class = recall_class;
    placed.target = call.target;
    placed.placed_by = call.operation->authority.badge;
    placed.note = call.text("note");
    draft.body.did = "hold_placed";
    draft.body.subject = call.target;
    draft.body.verdict.told = fmt::format("Hold {} is placed.", placed.id);
    draft.body.mentions.push_back(call.target);
    draft.body.mentions.push_back("hold:" + placed.id);
    const std::string id = placed.id;
    draft.body.changes.emplace_back(std::move(placed));
    // Whoever suspects starts the clock of the law.
    if (reason == "suspect")
        open_case(draft,
                  "SUSPECT_PRODUCT",
                  call.target,
                  fmt::format("{} is suspect: lock it into the cage and scan the cage. Say within "
                              "24 hours whether it is illegitimate.",
                              call.target),
                  id);
}

}  // namespace lotgate::store
