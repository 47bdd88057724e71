#pragma once

// The plans, one file each; the table gives them their rows.

#include "store/operations/draft.hpp"

namespace lotgate::store {

void plan_place_hold(OperationDraft& draft);
void plan_lift_hold(OperationDraft& draft);

}  // namespace lotgate::store
