// A file of few rows, taken in by one event: its rows stand in the event as they were checked, so
// that a rebuild makes the same tables. The same file twice has one effect.

#include "store/operations/every_operation.hpp"
#include "store/operations/import_checks.hpp"
#include "store/operations/stock_change.hpp"
#include "store/sqlite/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace lotgate::store {

void read_existing_rows(sqlite::Database& database,
                        const OperationCall& call,
                        OperationFacts& facts) {
    if (call.text("kind") == "stock")
        facts.stock_change.changed =
            std::max<std::int64_t>(std::strtoll(call.text("changed").c_str(), nullptr, 10),
                                   stock_changed_by(database, call.text("items")));
    // What was taken in of this file before has been looked at.
    sqlite::Statement seen(database, "SELECT 1 FROM mention WHERE subject=? LIMIT 1");
    bool is_begun = false;
    if (auto rows = seen("import:" + call.text("import")); rows.next()) is_begun = true;
    if (is_begun) return;
    if (call.text("kind") == "stock") facts.stock_change.here = stock_here(database);
    facts.existing_rows = existing_rows(database, call.text("kind"));
}

void plan_import_rows(OperationDraft& draft) {
    const std::size_t items = checked_items(draft);
    if (draft.is_refused()) return;
    FileSize size;
    size.kind = draft.call->text("kind");
    size.rows = std::strtoll(draft.call->text("rows").c_str(), nullptr, 10);
    size.change = draft.facts->stock_change;
    judge_size(draft, size);
    if (draft.is_refused()) return;
    draft.body.did = "imported";
    draft.body.subject = fmt::format("import:{}", draft.call->text("import"));
    draft.body.verdict.told = fmt::format("{} {} imported.", items, size.kind);
    draft.body.mentions.push_back(draft.body.subject);
}

}  // namespace lotgate::store
