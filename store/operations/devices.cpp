// What a person decides about a device. The device itself is the daemon's: here stands who it was,
// and whether they may.

#include "store/operations/every_operation.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_replace_device(OperationDraft& draft) {
    draft.body.subject = "device:" + draft.call->text("device");
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.verdict.told = fmt::format("{} takes the place of {} from now on.",
                                          rules::shown(draft.call->text("unit")),
                                          rules::shown(draft.call->text("declared")));
    draft.body.did = "device_replaced";
}

void plan_simulate_scan(OperationDraft& draft) {
    draft.body.subject = "device:" + draft.call->text("device");
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.verdict.told = "The simulated scan is given in.";
    draft.body.did = "scan_simulated";
}

}  // namespace lotgate::store
