// The ledger proves itself: the chain is recomputed, and the projections are folded anew and
// compared with the live ones row by row. Both read in one transaction; run them in quiet hours on
// a big ledger, since the log cannot be trimmed meanwhile.

#include "store/answers/answers.hpp"
#include "store/projections/projections.hpp"
#include "store/sqlite/migrations.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>

namespace lotgate::store {

namespace {

struct Table {
    const char* name;
    const char* key;
};

constexpr auto projections = std::to_array<Table>({{"product", "gtin"},
                                                   {"product_code", "code,gtin"},
                                                   {"party", "id"},
                                                   {"lot", "gtin,lot_key"},
                                                   {"unit", "gtin,serial"},
                                                   {"location", "id"},
                                                   {"lot_variant", "gtin,lot_key,raw"},
                                                   {"line_serial", "document,line,serial"},
                                                   {"balance", "gtin,lot_key,place,owner"},
                                                   {"container", "id"},
                                                   {"hold", "id"},
                                                   {"document", "id"},
                                                   {"document_line", "document,line"},
                                                   {"case", "id"},
                                                   {"effect", "id"},
                                                   {"station", "id"},
                                                   {"feed_cursor", "lane"},
                                                   {"sscc_range", "id"},
                                                   {"number_range", "kind,id"},
                                                   {"label", "subject"},
                                                   {"tally", "name"},
                                                   {"mention", "subject,seq"},
                                                   {"site_state", "name"},
                                                   {"last_read", "station"},
                                                   {"lineage", "child,parent,seq"},
                                                   {"grade", "subject"},
                                                   {"missed", "subject"},
                                                   {"count_session", "place"},
                                                   {"counted", "place,subject"},
                                                   {"user", "badge"},
                                                   {"allocation", "order_id,line,gtin,lot_key"},
                                                   {"station_badge", "station"},
                                                   {"import_run", "id"},
                                                   {"import_stage", "id"},
                                                   {"import_key", "key,id"},
                                                   {"outage", "kind,name,since"},
                                                   {"unseen", "seq"}});

std::string row_text(const sqlite::Rows& rows) {
    std::string text;
    for (int column = 0; column < rows.columns(); ++column)
        text +=
            fmt::format("{}{}:{}|", rows.type(column), rows.view(column).size(), rows.view(column));
    return text;
}

// Compares one table of both; the first row that differs is put into the answer.
bool same_table(sqlite::Database& live,
                sqlite::Database& rebuilt,
                const Table& table,
                json::object& answer) {
    const std::string sql = fmt::format("SELECT * FROM \"{}\" ORDER BY {}", table.name, table.key);
    sqlite::Statement live_rows(live, sql);
    sqlite::Statement rebuilt_rows(rebuilt, sql);
    auto left = live_rows();
    auto right = rebuilt_rows();
    std::int64_t count = 0;
    while (true) {
        const bool has_left = left.next();
        const bool has_right = right.next();
        if (!has_left && !has_right) break;
        const std::string a = has_left ? row_text(left) : "(no row)";
        const std::string b = has_right ? row_text(right) : "(no row)";
        if (a != b) {
            answer["table"] = table.name;
            answer["live"] = a;
            answer["rebuilt"] = b;
            return false;
        }
        ++count;
    }
    answer["tables"].as_object()[table.name] = count;
    return true;
}

}  // namespace

json::object chain_of(sqlite::Database& db) {
    sqlite::Statement all(db, fmt::format("SELECT {} FROM ledger ORDER BY seq", ledger_columns));
    Hash hash = chain_start(chain_origin_of(db));
    std::uint64_t expected = 1;
    json::object answer;
    for (auto rows = all(); rows.next(); ++expected) {
        const LedgerRow row = row_from(rows);
        hash = chain_next(hash, row);
        if (number_of(row.seq) == expected && hash == row.hash) continue;
        answer["ok"] = false;
        answer["rows"] = expected - 1;
        answer["first_bad_seq"] = number_of(row.seq);
        return answer;
    }
    answer["ok"] = !db.fault().has_value();
    answer["rows"] = expected - 1;
    answer["head_hash"] = to_hex(hash);
    if (db.fault()) answer["because"] = db.fault()->detail();
    return answer;
}

Result<json::object> rebuild_of(sqlite::Database& live) {
    LG_TRY(auto rebuilt, sqlite::Database::open({}, sqlite::OpenMode::scratch));
    LG_CHECK(sqlite::migrate(*rebuilt));
    Projections fold(*rebuilt);
    sqlite::Statement all(live, fmt::format("SELECT {} FROM ledger ORDER BY seq", ledger_columns));
    std::int64_t count = 0;
    rebuilt->execute("BEGIN");
    for (auto rows = all(); rows.next(); ++count) LG_CHECK(fold.apply(row_from(rows)));
    fold.settle();
    rebuilt->execute("COMMIT");
    if (rebuilt->fault()) return fail(*rebuilt->fault());
    if (live.fault()) return fail(*live.fault());
    json::object answer;
    answer["rows"] = count;
    answer["tables"] = json::object();
    bool is_same = true;
    for (const Table& table : projections)
        is_same = is_same && same_table(live, *rebuilt, table, answer);
    answer["ok"] = is_same;
    return answer;
}

}  // namespace lotgate::store
