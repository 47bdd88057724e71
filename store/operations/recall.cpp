// A recall by a person: one hold, what was picked or allocated goes back, one card for quality. It
// takes effect with the commit: every station and every divert reads the holds of what it moves.
// A drill says what it would do and changes nothing.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_recall(OperationDraft& draft) {
    const OperationCall& call = *draft.call;
    const std::string& target = call.target;
    if (!target.starts_with("lot:") && !target.starts_with("product:") &&
        !target.starts_with("unit:"))
        return draft.refuse("ARGUMENT_INVALID",
                            "A lot, a product or a unit is recalled. Hold cartons and documents "
                            "with place_hold.");
    if (!draft.facts->target_is_here)
        return draft.refuse("TARGET_UNKNOWN",
                            fmt::format("Nothing here is {}. Look at its trace for how it is "
                                        "written.",
                                        target));
    if (!call.text("effective_at").empty() && !parse_instant(call.text("effective_at")))
        return draft.refuse("ARGUMENT_INVALID",
                            "effective_at is a time in UTC: 2026-11-22T08:00:00Z.");
    const RecallReach& reach = draft.facts->reach;
    const std::string found = fmt::format(
        "{} are in the building, {} of them allocated or picked, "
        "{} have left",
        reach.here,
        reach.taken,
        reach.left);
    draft.body.subject = target;
    draft.body.mentions.push_back(target);
    if (call.text("drill") == "yes") {
        draft.body.verdict.told =
            fmt::format("Drill: {}. Nothing was changed. `lotgate recall` lists where.", found);
        draft.body.did = "recall_drilled";
        return;
    }
    HoldPlaced placed;
    placed.id = fmt::format("L{}-0", draft.seq);
    placed.reason = "recall";
    placed.recall_class = call.text("class");
    placed.target = target;
    placed.placed_by = call.operation->authority.badge;
    placed.note = call.text("note");
    draft.body.mentions.push_back("hold:" + placed.id);
    draft.body.verdict.told =
        fmt::format("Hold {} is placed: {}. Bring what is here to quarantine.", placed.id, found);
    const std::string id = placed.id;
    draft.body.changes.emplace_back(std::move(placed));
    draft.body.changes.emplace_back(UnitsPulled{target});
    open_case(draft,
              "RECALL_APPLIED",
              target,
              fmt::format("A recall took effect: {}. Bring what is here to quarantine; "
                          "`lotgate recall` lists where it is and who has it.",
                          found));
    draft.body.did = "recalled";
}

}  // namespace lotgate::store
