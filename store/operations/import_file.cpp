// A file of many rows: staged slice by slice, where nothing sees it; in force as a whole by one
// event; then written among the scans, what is asked for first (decision 0050). What is staged and
// never put in force is dropped.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"
#include "store/operations/import_checks.hpp"
#include "store/operations/stock_change.hpp"
#include "store/sqlite/database.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace lotgate::store {

namespace {

constexpr std::int64_t items_max = 10'000'000;
// So much is written in the transaction that puts it in force: some tens of milliseconds.
constexpr std::int64_t items_at_once = 1000;
constexpr std::int64_t bytes_at_once = 512L * 1024;

std::int64_t number_in(const OperationDraft& draft, std::string_view name) {
    return std::strtoll(draft.call->text(name).c_str(), nullptr, 10);
}

void name_it(OperationDraft& draft) {
    draft.body.subject = "import:" + draft.call->text("import");
    draft.body.mentions.push_back(draft.body.subject);
}

void set_state(OperationDraft& draft, std::string state, std::int64_t changed = 0) {
    ImportSet set;
    set.id = draft.call->text("import");
    set.kind = draft.facts->import_run.kind;
    set.state = std::move(state);
    set.changed = changed;
    draft.body.changes.emplace_back(std::move(set));
}

void refuse_state(OperationDraft& draft) {
    const std::string& state = draft.facts->import_run.state;
    if (state == "dropped")
        return draft.refuse("IMPORT_DROPPED",
                            "What was staged of this file was dropped. Import it anew with "
                            "--again WORD.");
    draft.refuse("IMPORT_DONE", "This file is imported already. Import it anew with --again WORD.");
}

}  // namespace

void read_import_run(sqlite::Database& database, const OperationCall& call, OperationFacts& facts) {
    sqlite::Statement run(database,
                          "SELECT kind,state,items,bytes,changed FROM import_run WHERE id=?");
    if (auto rows = run(call.text("import")); rows.next())
        facts.import_run = {
            rows.text(0), rows.text(1), rows.integer(2), rows.integer(3), rows.integer(4)};
    const std::string kind =
        facts.import_run.kind.empty() ? call.text("kind") : facts.import_run.kind;
    const bool is_begin = call.text("first") == "1";
    const bool is_publish = call.operation->kind == "import_publish";
    if (!call.text("items").empty() && kind == "stock")
        facts.stock_change.changed = stock_changed_by(database, call.text("items"));
    if (!is_begin && !is_publish) return;
    if (kind == "stock") facts.stock_change.here = stock_here(database);
    facts.existing_rows = existing_rows(database, kind);
}

void plan_import_stage(OperationDraft& draft) {
    const ImportRun& run = draft.facts->import_run;
    if (!run.state.empty() && run.state != "staged") return refuse_state(draft);
    const std::size_t items = checked_items(draft);
    if (draft.is_refused()) return;
    const std::string& kind = draft.call->text("kind");
    if (!run.kind.empty() && run.kind != kind)
        return draft.refuse("ARGUMENT_INVALID",
                            fmt::format("This file holds {}, this slice {}.", run.kind, kind));
    const std::int64_t first = number_in(draft, "first");
    if (first != run.items + 1)
        return draft.refuse("IMPORT_OUT_OF_ORDER",
                            fmt::format("The slice begins with item {}, item {} is next. Give the "
                                        "same import again.",
                                        first,
                                        run.items + 1));
    if (run.items + static_cast<std::int64_t>(items) > items_max)
        return draft.refuse("IMPORT_TOO_LARGE",
                            fmt::format("A file has at most {} items. Split it.", items_max));
    FileSize size{kind, number_in(draft, "rows"), draft.facts->stock_change};
    // The whole file is looked at again before it is in force; a person is told early.
    if (first == 1) {
        size.change.changed = std::max(size.change.changed, number_in(draft, "changed"));
        judge_size(draft, size);
        if (draft.is_refused()) return;
    }
    name_it(draft);
    ImportSet set;
    set.id = draft.call->text("import");
    set.kind = kind;
    set.state = "staged";
    set.changed = draft.facts->stock_change.changed;
    draft.body.changes.emplace_back(std::move(set));
    draft.body.did = "staged";
    draft.body.verdict.told = fmt::format("{} {} staged.", items, kind);
}

void plan_import_publish(OperationDraft& draft) {
    const ImportRun& run = draft.facts->import_run;
    if (!run.state.empty() && run.state != "staged") return refuse_state(draft);
    if (run.state.empty() || run.items != number_in(draft, "rows"))
        return draft.refuse("IMPORT_INCOMPLETE",
                            fmt::format("{} items of this file are here, it has {}. Give the same "
                                        "import again.",
                                        run.items,
                                        draft.call->text("rows")));
    FileSize size{run.kind, run.items, draft.facts->stock_change};
    size.change.changed = run.changed;
    judge_size(draft, size);
    if (draft.is_refused()) return;
    name_it(draft);
    const bool is_small = run.items <= items_at_once && run.bytes <= bytes_at_once;
    set_state(draft, is_small ? "done" : "open");
    draft.body.did = "imported";
    draft.body.verdict.told = fmt::format("{} {} imported.", run.items, run.kind);
}

void plan_import_drop(OperationDraft& draft) {
    const ImportRun& run = draft.facts->import_run;
    if (run.state.empty())
        return draft.refuse("TARGET_UNKNOWN", "Nothing of such an import is here.");
    if (run.state != "staged") return refuse_state(draft);
    name_it(draft);
    set_state(draft, "dropped");
    draft.body.did = "import_dropped";
    draft.body.verdict.told =
        fmt::format("{} staged {} are dropped; nothing was imported.", run.items, run.kind);
}

// The event names what is written; the fold reads it from the stage.
void plan_import_apply(OperationDraft& draft) {
    draft.body.subject = "import:" + draft.call->text("import");
    draft.body.did = "import_written";
    if (draft.call->text("leave_out") != "yes") return;
    open_case(
        draft,
        "FEED_UNREADABLE",
        fmt::format("import {} item {}", draft.call->text("import"), draft.call->text("through")),
        "A row of an import contradicts what is here and was left out. Look at it, mend it "
        "and import it again.");
}

}  // namespace lotgate::store
