#pragma once

// The plans, one file each; the table gives them their rows.

#include "store/operations/draft.hpp"

namespace lotgate::store::sqlite {
class Database;
}

namespace lotgate::store {

void plan_place_hold(OperationDraft& draft);
void plan_lift_hold(OperationDraft& draft);
void plan_close_receipt(OperationDraft& draft);
void read_receipt(sqlite::Database& database, const OperationCall& call, OperationFacts& facts);
void plan_undo_receive(OperationDraft& draft);
void plan_import_rows(OperationDraft& draft);
void read_existing_rows(sqlite::Database& database,
                        const OperationCall& call,
                        OperationFacts& facts);

}  // namespace lotgate::store
