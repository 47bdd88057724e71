// What came back is looked at: its grade says where it goes on. Only what is graded for the rack is
// put away again.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"
#include "store/rules/rule.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

std::string_view next_step(std::string_view route) {
    if (route == "restock") return "Put it away.";
    if (route == "repair") return "Bring it to repair; refurbish it under a new serial.";
    if (route == "recycle") return "Bring it to recycling and write it off.";
    return "Scrap it and write it off.";
}

}  // namespace

void plan_grade(OperationDraft& draft) {
    const std::string name = name_goods(draft);
    const std::string& grade = draft.call->text("grade");
    if (!draft.facts->unit || draft.facts->unit->state != UnitState::returned)
        return draft.refuse("NOT_RETURNED",
                            fmt::format("Serial {} did not come back from a customer. Take it "
                                        "back at the returns station first.",
                                        draft.call->serial->as_labelled()));
    const std::string& wanted = draft.call->text("route");
    const std::string route = wanted.empty() ? std::string(rules::route_of_grade(grade)) : wanted;
    draft.body.changes.emplace_back(Graded{name, grade, route});
    draft.body.verdict.told = fmt::format("Grade {}: {}. {}", grade, route, next_step(route));
    draft.body.did = "graded";
}

}  // namespace lotgate::store
