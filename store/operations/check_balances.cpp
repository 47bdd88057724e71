// Rule R-31: what came in of a counted lot is here, shipped or gone. Every change moves a quantity
// from one place to another and the database keeps each above zero, so that the sum cannot drift
// within a transaction; once a day it is looked at all the same. A lot that does not add up is
// stopped, and no other.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_check_balances(OperationDraft& draft) {
    int number = 0;
    for (const BrokenBalance& broken : draft.facts->broken_lots) {
        HoldPlaced placed;
        placed.id = fmt::format("L{}-{}", draft.seq, number++);
        placed.reason = "conflict";
        placed.target = broken.target;
        placed.placed_by = draft.call->operation->authority.badge;
        placed.note =
            fmt::format("{} came in, {} are accounted for", broken.received, broken.found);
        draft.body.mentions.push_back(broken.target);
        open_case(draft,
                  "BALANCE_BROKEN",
                  broken.target,
                  fmt::format("{} of this lot came in, {} are here, shipped or gone. It is held. "
                              "Keep the database, count the lot, and ask for `lotgate chain "
                              "verify`.",
                              broken.received,
                              broken.found),
                  placed.id);
        draft.body.changes.emplace_back(std::move(placed));
    }
    draft.body.verdict.told = fmt::format("{} lots do not add up and are held.", number);
    draft.body.did = "balances_checked";
}

}  // namespace lotgate::store
