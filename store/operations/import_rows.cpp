// A slice of an imported file: its rows stand in the event as they were checked, so that a rebuild
// makes the same tables. The same slice of the same file twice has one effect.

#include "store/operations/every_operation.hpp"
#include "store/sqlite/database.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdlib>

namespace lotgate::store {

namespace {

constexpr std::int64_t stock_percent_max = 20;  ///< of the rows of stock that are here
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

// A slice of this file that was taken in before has been looked at.
bool is_suspicious(std::string_view kind, std::int64_t rows, std::int64_t existing) {
    if (rows <= rows_always_right || existing == 0) return false;
    if (kind == "stock") return rows * 100 > existing * stock_percent_max;
    return rows > existing * growth_max;
}

}  // namespace

void read_existing_rows(sqlite::Database& database,
                        const OperationCall& call,
                        OperationFacts& facts) {
    sqlite::Statement seen(database, "SELECT 1 FROM mention WHERE subject=? LIMIT 1");
    bool is_begun = false;
    if (auto rows = seen("import:" + call.text("import")); rows.next()) is_begun = true;
    if (is_begun) return;
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
    draft.body.did = "imported";
    draft.body.subject = fmt::format("import:{}", draft.call->text("import"));
    draft.body.verdict.told =
        fmt::format("{} {} imported.", items.get_array().size(), draft.call->text("kind"));
    draft.body.mentions.push_back(draft.body.subject);
}

}  // namespace lotgate::store
