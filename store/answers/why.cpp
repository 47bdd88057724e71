// Why it was decided so, from the ledger alone: the event as it was written, and each rule of the
// book that was asked with what it said.

#include "store/answers/answers.hpp"
#include "store/operations/table.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/retention/archive_guard.hpp"
#include "store/rules/rule.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

std::vector<std::string> names_of(sqlite::Database& db, const std::string& what) {
    auto subjects = subjects_named(db, what);
    subjects.push_back("code:" + what);
    subjects.push_back("container:" + what);
    subjects.push_back("place:" + what);
    subjects.push_back(what);
    return subjects;
}

std::int64_t seq_of(sqlite::Database& db, const std::string& what) {
    if (what.starts_with("#")) return std::strtoll(what.c_str() + 1, nullptr, 10);
    sqlite::Statement last(db,
                           "SELECT max(m.seq) FROM mention m JOIN ledger l ON l.seq=m.seq "
                           "WHERE m.subject=? AND l.kind IN ('attempt','operation')");
    std::int64_t seq = 0;
    for (const std::string& subject : names_of(db, what))
        if (auto rows = last(subject); rows.next()) seq = std::max(seq, rows.integer(0));
    return seq;
}

std::string text_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

// The findings name the rules that spoke; every other rule of the step was asked and was content.
// A finding that accepts settles the attempt: what follows it in the book was not asked.
json::array rules_asked(const json::object& event) {
    json::array asked;
    const auto step = rules::step_named(text_in(event, "step"));
    if (!step) return asked;
    std::vector<const json::object*> findings;
    if (const json::value* list = event.if_contains("findings"); list && list->is_array())
        for (const json::value& one : list->get_array())
            if (one.is_object()) findings.push_back(&one.get_object());
    bool is_settled = false;
    for (const rules::RuleRow& row : rules::book()) {
        if (!row.steps.has(*step)) continue;
        json::object line{{"rule", row.id}, {"phase", row.phase}, {"name", row.name}};
        line["said"] = is_settled ? "not asked" : "nothing against it";
        for (const json::object* finding : findings) {
            if (text_in(*finding, "rule") != row.id) continue;
            const std::string code = text_in(*finding, "code");
            line["said"] = text_in(*finding, "decision") + " " + code;
            is_settled = is_settled || text_in(*finding, "decision") == "accept";
        }
        asked.push_back(std::move(line));
    }
    return asked;
}

// The last event in an archive that names it, and the file; empty where there is none.
json::object archived_event(sqlite::Database& db, const std::string& what) {
    std::int64_t seq = 0;
    if (what.starts_with("#")) {
        seq = std::strtoll(what.c_str() + 1, nullptr, 10);
    } else {
        sqlite::Statement last(db, "SELECT max(seq) FROM mention WHERE subject=?");
        for (const std::string& subject : names_of(db, what))
            if (auto rows = last(subject); rows.next()) seq = std::max(seq, rows.integer(0));
    }
    sqlite::Statement file(
        db, "SELECT file,digest FROM archive WHERE ? BETWEEN first_seq AND last_seq");
    auto rows = file(seq);
    if (!rows.next()) return {};
    json::object answer{{"seq", seq}};
    answer["archived"] = json::object{
        {"file", rows.text(0)},
        {"sha256", rows.text(1)},
        {"read", fmt::format("zstd -dc {} | grep -m1 '^{{\"seq\":{},'", rows.text(0), seq)}};
    return answer;
}

}  // namespace

Result<json::object> why_of(sqlite::Database& db, const std::string& what) {
    sqlite::Statement at(db, fmt::format("SELECT {} FROM ledger WHERE seq=?", ledger_columns));
    const std::int64_t seq = seq_of(db, what);
    if (json::object archived = archived_event(db, what);
        !archived.empty() && seq <= static_cast<std::int64_t>(archived_seq(db)))
        return archived;
    auto rows = at(seq);
    if (!rows.next())
        return fail(FaultCode::invalid_input,
                    "no decision about that is in the ledger; give \"#seq\", a scan or a unit",
                    what);
    const LedgerRow row = row_from(rows);
    json::object answer = decision_line(row);
    answer["hash"] = to_hex(row.hash);
    answer["known_cursor"] = row.known_cursor;
    if (!row.request_id.empty()) answer["request_id"] = row.request_id;
    boost::system::error_code error;
    json::value body = json::parse(row.body, error);
    if (error || !body.is_object()) return answer;
    if (row.kind == "attempt") answer["asked"] = rules_asked(body.get_object());
    if (row.kind == "operation")
        if (const OperationRow* known = operation_named(text_in(body.get_object(), "kind")))
            answer["operation"] = json::object{{"id", known->id},
                                               {"rule", known->rule},
                                               {"who", rules::name_of(known->who)},
                                               {"purpose", known->purpose}};
    answer["event"] = std::move(body);
    return answer;
}

}  // namespace lotgate::store
