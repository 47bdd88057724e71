// A slice of an imported file: its rows stand in the event as they were checked, so that a rebuild
// makes the same tables. The same slice of the same file twice has one effect.

#include "store/operations/every_operation.hpp"
#include "store/operations/stock_change.hpp"
#include "store/projections/feed_json.hpp"
#include "store/sqlite/database.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace lotgate::store {

namespace {

constexpr std::int64_t stock_percent_max = 20;  ///< of the stock that is here
constexpr std::int64_t growth_max = 10;         ///< times what is here
constexpr std::int64_t rows_always_right = 100;

struct Count {
    std::string_view kind;
    const char* sql;
};

constexpr Count counts[] = {
    {"products", "SELECT count(*) FROM product"},
    {"lots", "SELECT count(*) FROM lot"},
    {"locations", "SELECT count(*) FROM location"},
    {"parties", "SELECT count(*) FROM party"},
    {"asn", "SELECT count(*) FROM document WHERE kind='asn'"},
    {"orders", "SELECT count(*) FROM document WHERE kind='order'"},
    {"stock",
     "SELECT (SELECT count(*) FROM balance WHERE place NOT LIKE '%:%')+"
     "(SELECT count(*) FROM unit WHERE location<>'' AND state='IN_INVENTORY')"},
};

// Of the whole file where the caller says so, of this slice in any case. Opening stock changes
// nothing: there was none.
bool changes_too_much(const StockChange& change, std::int64_t rows) {
    if (rows <= rows_always_right || change.here == 0) return false;
    return change.changed > change.here / 100 * stock_percent_max;
}

// A slice of this file that was taken in before has been looked at.
bool is_suspicious(std::string_view kind, std::int64_t rows, std::int64_t existing) {
    if (rows <= rows_always_right || existing == 0) return false;
    if (kind == "stock") return false;  // judged by quantities
    return rows > existing * growth_max;
}

}  // namespace

void read_existing_rows(sqlite::Database& database,
                        const OperationCall& call,
                        OperationFacts& facts) {
    if (call.text("kind") == "stock")
        facts.stock_change.changed =
            std::max<std::int64_t>(std::strtoll(call.text("changed").c_str(), nullptr, 10),
                                   stock_changed_by(database, call.text("items")));
    sqlite::Statement seen(database, "SELECT 1 FROM mention WHERE subject=? LIMIT 1");
    bool is_begun = false;
    if (auto rows = seen("import:" + call.text("import")); rows.next()) is_begun = true;
    if (is_begun) return;
    if (call.text("kind") == "stock") facts.stock_change.here = stock_here(database);
    for (const Count& count : counts) {
        if (count.kind != call.text("kind")) continue;
        sqlite::Statement statement(database, count.sql);
        if (auto rows = statement(); rows.next()) facts.existing_rows = rows.integer(0);
    }
}

void plan_import_rows(OperationDraft& draft) {
    boost::system::error_code error;
    const auto items = boost::json::parse(draft.call->text("items"), error);
    if (error || !items.is_array() || items.get_array().empty())
        return draft.refuse("ARGUMENT_INVALID",
                            "The items are no JSON list of objects. Use `lotgate import`.");
    for (const auto& item : items.get_array())
        if (!item.is_object())
            return draft.refuse("ARGUMENT_INVALID",
                                "An item is no JSON object. Use `lotgate import`.");
    if (draft.facts->has_exclusive_tracking && draft.call->text("kind") == "products")
        for (const auto& item : items.get_array())
            if (tracks_both(item.get_object()))
                return draft.refuse(
                    "TRACKING_EXCLUSIVE",
                    fmt::format("Product {} is tracked by serial and by lot, and this site allows "
                                "one of the two. Take one of the flags off and import it again.",
                                text_at(item.get_object(), "gtin")));
    const std::int64_t rows = std::strtoll(draft.call->text("rows").c_str(), nullptr, 10);
    const std::int64_t existing = draft.facts->existing_rows;
    const rules::Authority& who = draft.call->operation->authority;
    const bool is_alone = who.second_badge.empty() || who.second_badge == who.badge;
    if (is_alone && is_suspicious(draft.call->text("kind"), rows, existing))
        return draft.refuse("IMPORT_SUSPICIOUS",
                            fmt::format("The file has {} rows, {} are here: it would change much. "
                                        "Look at it again; two people may import it "
                                        "(--second-badge).",
                                        rows,
                                        existing));
    if (is_alone && changes_too_much(draft.facts->stock_change, rows))
        return draft.refuse("IMPORT_SUSPICIOUS",
                            fmt::format("The file would change {} of {} units of stock. Look at it "
                                        "again; two people may import it (--second-badge).",
                                        draft.facts->stock_change.changed / 1000,
                                        draft.facts->stock_change.here / 1000));
    draft.body.did = "imported";
    draft.body.subject = fmt::format("import:{}", draft.call->text("import"));
    draft.body.verdict.told =
        fmt::format("{} {} imported.", items.get_array().size(), draft.call->text("kind"));
    draft.body.mentions.push_back(draft.body.subject);
}

}  // namespace lotgate::store
