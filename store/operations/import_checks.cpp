#include "store/operations/import_checks.hpp"

#include "store/projections/feed_json.hpp"
#include "store/projections/nesting.hpp"
#include "store/sqlite/database.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace lotgate::store {

namespace {

constexpr std::int64_t stock_percent_max = 20;  ///< of the stock that is here
constexpr std::int64_t growth_max = 10;         ///< times what is here
constexpr std::int64_t rows_always_right = 100;

struct Count {
    std::string_view kind;
    const char* sql;
};

constexpr std::array counts = std::to_array<Count>({
    {"products", "SELECT count(*) FROM product"},
    {"lots", "SELECT count(*) FROM lot"},
    {"locations", "SELECT count(*) FROM location"},
    {"parties", "SELECT count(*) FROM party"},
    {"asn", "SELECT count(*) FROM document WHERE kind='asn'"},
    {"orders", "SELECT count(*) FROM document WHERE kind='order'"},
    {"stock",
     "SELECT (SELECT count(*) FROM balance WHERE place NOT LIKE '%:%')+"
     "(SELECT count(*) FROM unit WHERE location<>'' AND state='IN_INVENTORY')"},
});

// Of the whole file where the caller says so, of this slice in any case. Opening stock changes
// nothing: there was none.
bool changes_too_much(const StockChange& change, std::int64_t rows) {
    if (rows <= rows_always_right || change.here == 0) return false;
    return change.changed > change.here / 100 * stock_percent_max;
}

bool is_suspicious(std::string_view kind, std::int64_t rows, std::int64_t existing) {
    if (rows <= rows_always_right || existing == 0) return false;
    if (kind == "stock") return false;  // judged by quantities
    return rows > existing * growth_max;
}

}  // namespace

std::int64_t existing_rows(sqlite::Database& database, std::string_view kind) {
    for (const Count& count : counts) {
        if (count.kind != kind) continue;
        sqlite::Statement statement(database, count.sql);
        if (auto rows = statement(); rows.next()) return rows.integer(0);
    }
    return 0;
}

std::size_t checked_items(OperationDraft& draft) {
    boost::system::error_code error;
    const auto items = boost::json::parse(draft.call->text("items"), error);
    if (error || !items.is_array() || items.get_array().empty()) {
        draft.refuse("ARGUMENT_INVALID",
                     "The items are no JSON list of objects. Use `lotgate import`.");
        return 0;
    }
    const bool forbids_both =
        draft.facts->has_exclusive_tracking && draft.call->text("kind") == "products";
    for (const auto& item : items.get_array()) {
        if (!item.is_object()) {
            draft.refuse("ARGUMENT_INVALID", "An item is no JSON object. Use `lotgate import`.");
            return 0;
        }
        const std::string nesting =
            draft.call->text("kind") == "asn" ? nesting_fault(item.get_object()) : std::string();
        if (!nesting.empty()) {
            draft.refuse("IMPORT_NESTING",
                         fmt::format("{}: {} Mend it and import it again.",
                                     text_at(item.get_object(), "id"),
                                     nesting));
            return 0;
        }
        if (!forbids_both || !tracks_both(item.get_object())) continue;
        draft.refuse("TRACKING_EXCLUSIVE",
                     fmt::format("Product {} is tracked by serial and by lot, and this site allows "
                                 "one of the two. Take one of the flags off and import it again.",
                                 text_at(item.get_object(), "gtin")));
        return 0;
    }
    return items.get_array().size();
}

void judge_size(OperationDraft& draft, const FileSize& size) {
    const rules::Authority& who = draft.call->operation->authority;
    if (!who.second_badge.empty() && who.second_badge != who.badge) return;
    const std::int64_t existing = draft.facts->existing_rows;
    if (is_suspicious(size.kind, size.rows, existing))
        return draft.refuse("IMPORT_SUSPICIOUS",
                            fmt::format("The file has {} rows, {} are here: it would change much. "
                                        "Look at it again; two people may import it "
                                        "(--second-badge).",
                                        size.rows,
                                        existing));
    if (changes_too_much(size.change, size.rows))
        draft.refuse("IMPORT_SUSPICIOUS",
                     fmt::format("The file would change {} of {} units of stock. Look at it "
                                 "again; two people may import it (--second-badge).",
                                 size.change.changed / 1000,
                                 size.change.here / 1000));
}

}  // namespace lotgate::store
