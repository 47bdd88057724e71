// What expired with the last civil day is held, without anybody asking. The gateway does it after
// the site's midnight and after each start; what a station touches in between is stopped by its
// date all the same (rules ).

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_expire(OperationDraft& draft) {
    int number = 0;
    for (const ExpiredGoods& goods : draft.facts->expired) {
        HoldPlaced placed;
        placed.id = fmt::format("L{}-{}", draft.seq, number++);
        placed.reason = "expired";
        placed.target = goods.target;
        placed.placed_by = draft.call->operation->authority.badge;
        placed.note = "expired on " + to_string(goods.expires_on);
        draft.body.mentions.push_back(goods.target);
        draft.body.changes.emplace_back(std::move(placed));
    }
    if (number > 0)
        open_case(draft,
                  "EXPIRED_IN_STOCK",
                  "expired:" + to_string(draft.call->operation->site_date),
                  fmt::format("{} lots or units in the building expired and are held. Bring them "
                              "to quarantine; scrap them or send them back to the vendor.",
                              number));
    draft.body.verdict.told = fmt::format("{} lots or units expired and are held.", number);
    draft.body.did = "expiry_swept";
}

}  // namespace lotgate::store
