// A person lifts one hold by its number. Holds are a set: the others on the same goods stay, and
// the person is told which ones.

#include "store/operations/every_operation.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_lift_hold(OperationDraft& draft) {
    const std::string& id = draft.call->text("hold");
    if (!draft.facts->hold)
        return draft.refuse("HOLD_UNKNOWN",
                            fmt::format("There is no hold {}. The trace of the goods lists theirs.",
                                        rules::shown(id)));
    const HoldRecord& record = *draft.facts->hold;
    if (record.is_lifted)
        return draft.refuse("HOLD_LIFTED_BEFORE",
                            fmt::format("Hold {} was lifted before. Nothing to do.", id));
    std::string others;
    for (const rules::HoldFacts& hold : draft.facts->holds)
        if (hold.id != id) others += (others.empty() ? "" : ", ") + hold.id + " " + hold.reason;
    draft.body.changes.emplace_back(HoldLifted{id});
    draft.body.did = "hold_lifted";
    draft.body.subject = record.hold.target;
    draft.body.verdict.told = others.empty()
                                  ? fmt::format("Hold {} is lifted; no other hold is on it.", id)
                                  : fmt::format("Hold {} is lifted; still held by {}.", id, others);
    draft.body.mentions.push_back(record.hold.target);
    draft.body.mentions.push_back("hold:" + id);
}

}  // namespace lotgate::store
