// What was received and not put away: one card for each place where units wait too long.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_putaway_overdue(OperationDraft& draft) {
    std::int64_t units = 0;
    for (const OverdueGoods& goods : draft.facts->overdue) {
        units += goods.units;
        open_case(draft,
                  "PUTAWAY_OVERDUE",
                  "place:" + goods.place,
                  fmt::format("{} units wait at {} for longer than {} minutes, serial {} since {}. "
                              "Put them away.",
                              goods.units,
                              goods.place,
                              draft.call->text("minutes"),
                              goods.oldest,
                              to_string(goods.since)));
    }
    draft.body.verdict.told = fmt::format("{} units wait too long to be put away.", units);
    draft.body.did = "putaway_checked";
}

}  // namespace lotgate::store
