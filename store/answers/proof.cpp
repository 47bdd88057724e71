// The ledger proves itself: the chain is recomputed, and the projections are folded anew and
// compared with the live ones row by row. Where its beginning is in an archive, both start from
// there: from the closing hash, and from the state that the newest archive file carries. Both read
// in one transaction; run them in quiet hours on a big ledger, since the log cannot be trimmed
// meanwhile.

#include "store/answers/answers.hpp"
#include "store/answers/projection_tables.hpp"
#include "store/projections/projections.hpp"
#include "store/retention/archive_file.hpp"
#include "store/retention/archive_guard.hpp"
#include "store/retention/archiving.hpp"
#include "store/sqlite/migrations.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace lotgate::store {

namespace {

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
                const ProjectionTable& table,
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
    const LedgerBase base = ledger_base(db, chain_origin_of(db));
    sqlite::Statement all(
        db, fmt::format("SELECT {} FROM ledger WHERE seq>? ORDER BY seq", ledger_columns));
    Hash hash = base.hash;
    std::uint64_t expected = base.seq + 1;
    json::object answer;
    if (base.seq > 0) answer["archived"] = base.seq;
    for (auto rows = all(base.seq); rows.next(); ++expected) {
        const LedgerRow row = row_from(rows);
        hash = chain_next(hash, row);
        if (number_of(row.seq) == expected && hash == row.hash) continue;
        answer["ok"] = false;
        answer["rows"] = expected - 1 - base.seq;
        answer["first_bad_seq"] = number_of(row.seq);
        return answer;
    }
    answer["ok"] = !db.fault().has_value();
    answer["rows"] = expected - 1 - base.seq;
    answer["head_hash"] = to_hex(hash);
    if (db.fault()) answer["because"] = db.fault()->detail();
    return answer;
}

Result<json::object> rebuild_of(sqlite::Database& live) {
    LG_TRY(auto rebuilt, sqlite::Database::open({}, sqlite::OpenMode::scratch));
    LG_TRY(const std::uint64_t base, load_archived_state(live, *rebuilt));
    Projections fold(*rebuilt);
    sqlite::Statement all(
        live, fmt::format("SELECT {} FROM ledger WHERE seq>? ORDER BY seq", ledger_columns));
    std::int64_t count = 0;
    rebuilt->execute("BEGIN");
    for (auto rows = all(base); rows.next(); ++count) LG_CHECK(fold.apply(row_from(rows)));
    fold.settle();
    rebuilt->execute("COMMIT");
    if (rebuilt->fault()) return fail(*rebuilt->fault());
    if (live.fault()) return fail(*live.fault());
    json::object answer;
    answer["rows"] = count;
    answer["tables"] = json::object();
    bool is_same = true;
    for (const ProjectionTable& table : projection_tables())
        is_same = is_same && same_table(live, *rebuilt, table, answer);
    answer["ok"] = is_same;
    return answer;
}

}  // namespace lotgate::store
