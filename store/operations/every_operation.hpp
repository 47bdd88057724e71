#pragma once

// The plans, one file a subject; the table gives them their rows.

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
void plan_import_stage(OperationDraft& draft);
void plan_import_publish(OperationDraft& draft);
void plan_import_drop(OperationDraft& draft);
void plan_import_apply(OperationDraft& draft);
void read_import_run(sqlite::Database& database, const OperationCall& call, OperationFacts& facts);
void plan_note_outage(OperationDraft& draft);
void plan_scrap(OperationDraft& draft);
void plan_write_off(OperationDraft& draft);
void plan_relabel(OperationDraft& draft);
void plan_refurbish(OperationDraft& draft);
void plan_typo_fix(OperationDraft& draft);
void plan_return_to_vendor(OperationDraft& draft);
void plan_mark_missing(OperationDraft& draft);
void plan_found(OperationDraft& draft);
void plan_split_lot(OperationDraft& draft);
void plan_merge_lots(OperationDraft& draft);
void plan_move(OperationDraft& draft);
void plan_grade(OperationDraft& draft);
void plan_count_open(OperationDraft& draft);
void plan_count_goods(OperationDraft& draft);
void plan_count_close(OperationDraft& draft);
void plan_adjust(OperationDraft& draft);
void plan_recall(OperationDraft& draft);
void plan_park_scan(OperationDraft& draft);
void plan_check_balances(OperationDraft& draft);
void plan_expire(OperationDraft& draft);
void plan_putaway_overdue(OperationDraft& draft);
void plan_unpick(OperationDraft& draft);
void plan_cancel_allocation(OperationDraft& draft);
void plan_unpack(OperationDraft& draft);
void plan_unship(OperationDraft& draft);
void plan_break_pallet(OperationDraft& draft);
void plan_unship_pallet(OperationDraft& draft);
void plan_replace_device(OperationDraft& draft);
void plan_simulate_scan(OperationDraft& draft);

void plan_reprint(OperationDraft& draft);
void read_reprint(sqlite::Database& database, const OperationCall& call, OperationFacts& facts);
void plan_label_unit(OperationDraft& draft);
void read_unit_number(sqlite::Database& database, const OperationCall& call, OperationFacts& facts);
void plan_archive(OperationDraft& draft);
void read_archive(sqlite::Database& database, const OperationCall& call, OperationFacts& facts);
void plan_label_lot(OperationDraft& draft);
void read_lot_number(sqlite::Database& database, const OperationCall& call, OperationFacts& facts);

}  // namespace lotgate::store
