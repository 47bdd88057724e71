#include "store/answers/answers.hpp"

#include "store/events/bodies.hpp"
#include "store/projections/feed_fold.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

std::int64_t number_from(sqlite::Database& db, const char* sql) {
    sqlite::Statement statement(db, sql);
    auto rows = statement();
    return rows.next() ? rows.integer(0) : 0;
}

// "verdict|reject|WRONG_ORDER" -> {"verdict", "reject", "WRONG_ORDER"}.
std::vector<std::string> parts_of(std::string_view name) {
    std::vector<std::string> parts(1);
    for (const char c : name) {
        if (c == '|')
            parts.emplace_back();
        else
            parts.back().push_back(c);
    }
    return parts;
}

void add_to(json::object& object, const std::string& key, std::int64_t by) {
    json::value& value = object[key];
    value = (value.is_int64() ? value.get_int64() : 0) + by;
}

void add_verdict(json::object& answer, const std::vector<std::string>& parts, std::int64_t count) {
    add_to(answer, "scans", count);
    const std::string& decision = parts[1];
    const bool is_refused = decision == "divert" || decision == "reject";
    const char* name = is_refused             ? "refused"
                       : decision == "accept" ? "accepted"
                       : decision == "warn"   ? "warned"
                                              : "held";
    add_to(answer, name, count);
    if (!parts[2].empty()) add_to(answer["by_code"].as_object(), parts[2], count);
    if (is_refused) add_to(answer["refused_by_code"].as_object(), parts[2], count);
}

void add_tallies(sqlite::Database& db, json::object& answer) {
    sqlite::Statement tallies(db, "SELECT name,count FROM tally ORDER BY name");
    for (auto rows = tallies(); rows.next();) {
        const auto parts = parts_of(rows.view(0));
        const std::int64_t count = rows.integer(1);
        if (parts[0] == "verdict" && parts.size() == 3) add_verdict(answer, parts, count);
        if (parts[0] == "did") add_to(answer["done"].as_object(), parts[1], count);
        if (parts[0] == "feed") add_to(answer["feed_items"].as_object(), parts[1], count);
        if (parts[0] == "effect" && parts.size() == 3 && count != 0)
            add_to(answer[parts[1] == "print" ? "labels" : "diverts"].as_object(), parts[2], count);
    }
}

json::object outbox_of(sqlite::Database& db, Instant now) {
    sqlite::Statement oldest(db,
                             "SELECT min(l.seq),l.hlc,(SELECT max(seq) FROM ledger),i.acked_seq "
                             "FROM site_identity i LEFT JOIN ledger l ON l.seq=i.acked_seq+1");
    json::object outbox;
    outbox["depth"] = 0;
    outbox["oldest_age_s"] = 0;
    if (auto rows = oldest(); rows.next() && !rows.is_null(0)) {
        outbox["depth"] = rows.integer(2) - rows.integer(3);
        const std::int64_t ms = rows.integer(1) >> 16;
        outbox["oldest_at"] = time_of_hlc(static_cast<std::uint64_t>(rows.integer(1)));
        outbox["oldest_age_s"] = std::max<std::int64_t>((now.us / 1000 - ms) / 1000, 0);
    }
    return outbox;
}

json::object documents_of(sqlite::Database& db) {
    json::object documents;
    sqlite::Statement counts(
        db, "SELECT kind,state,count(*) FROM document GROUP BY kind,state ORDER BY kind,state");
    for (auto rows = counts(); rows.next();) {
        json::value& kind = documents[rows.text(0)];
        if (!kind.is_object()) kind = json::object();
        kind.get_object()[rows.text(1)] = rows.integer(2);
    }
    return documents;
}

constexpr std::size_t cards_max = 100;

json::object open_cases_of(sqlite::Database& db) {
    json::object cases;
    json::object by_kind;
    std::int64_t open = 0;
    sqlite::Statement counts(db,
                             "SELECT kind,count(*) FROM \"case\" WHERE status='open' "
                             "GROUP BY kind ORDER BY kind");
    for (auto rows = counts(); rows.next();) {
        by_kind[rows.text(0)] = rows.integer(1);
        open += rows.integer(1);
    }
    cases["open"] = open;
    cases["closed"] = number_from(db, "SELECT count(*) FROM \"case\" WHERE status='closed'");
    cases["by_kind"] = std::move(by_kind);
    return cases;
}

json::object feed_of(sqlite::Database& db) {
    json::object feed;
    sqlite::Statement cursors(db, "SELECT lane,cursor,applied_hlc,seq FROM feed_cursor");
    for (auto rows = cursors(); rows.next();) {
        json::object lane;
        lane["cursor"] = rows.integer(1);
        lane["applied_at"] = time_of_hlc(static_cast<std::uint64_t>(rows.integer(2)));
        lane["seq"] = rows.integer(3);
        feed[rows.text(0)] = std::move(lane);
    }
    return feed;
}

}  // namespace

std::string time_of_hlc(std::uint64_t hlc) {
    return to_string(Instant{static_cast<std::int64_t>(hlc >> 16U) * 1000});
}

ChainStart chain_origin_of(sqlite::Database& db) {
    ChainStart start;
    sqlite::Statement identity(db, "SELECT site,epoch,instance FROM site_identity");
    if (auto rows = identity(); rows.next()) {
        start.site = rows.text(0);
        start.epoch = static_cast<std::uint64_t>(rows.integer(1));
        const auto instance = rows.blob(2);
        std::copy_n(instance.begin(), start.instance.size(), start.instance.begin());
    }
    return start;
}

json::array rows_of(sqlite::Rows rows, std::initializer_list<const char*> names) {
    json::array list;
    while (rows.next()) {
        json::object object;
        int column = 0;
        for (const char* name : names) {
            if (rows.type(column) == 'i')
                object[name] = rows.integer(column);
            else if (rows.type(column) == 't' && !rows.view(column).empty())
                object[name] = rows.text(column);
            ++column;
        }
        list.push_back(std::move(object));
    }
    return list;
}

json::object summary_of(sqlite::Database& db, Instant now) {
    json::object answer;
    const ChainStart origin = chain_origin_of(db);
    answer["site"] = origin.site;
    answer["epoch"] = origin.epoch;
    answer["at"] = to_string(now);
    answer["head"] = number_from(db, "SELECT coalesce(max(seq),0) FROM ledger");
    answer["acked"] = number_from(db, "SELECT acked_seq FROM site_identity");
    answer["outbox"] = outbox_of(db, now);
    for (const char* name : {"scans", "accepted", "warned", "held", "refused"}) answer[name] = 0;
    for (const char* name :
         {"by_code", "refused_by_code", "done", "labels", "diverts", "feed_items"})
        answer[name] = json::object();
    add_tallies(db, answer);
    answer["cases"] = open_cases_of(db);
    answer["holds"] = json::object{
        {"open", number_from(db, "SELECT count(*) FROM hold WHERE lifted_seq IS NULL")}};
    answer["documents"] = documents_of(db);
    answer["feed"] = feed_of(db);
    answer["labels_left"] =
        number_from(db, "SELECT coalesce(sum(last-next+1),0) FROM sscc_range WHERE next<=last");
    answer["numbers_left"] =
        json::object{{"sscc", answer["labels_left"]},
                     {"serial",
                      number_from(db,
                                  "SELECT coalesce(sum(last-next+1),0) FROM number_range "
                                  "WHERE kind='serial' AND next<=last")},
                     {"lot",
                      number_from(db,
                                  "SELECT coalesce(sum(last-next+1),0) FROM number_range "
                                  "WHERE kind='lot' AND next<=last")}};
    return answer;
}

json::object decision_line(const LedgerRow& row) {
    json::object line;
    line["seq"] = number_of(row.seq);
    line["at"] = time_of_hlc(row.hlc);
    line["kind"] = row.kind;
    if (!row.station.empty()) line["station"] = row.station;
    if (!row.actor.empty()) line["actor"] = row.actor;
    boost::system::error_code error;
    const json::value body = json::parse(row.body, error);
    if (error || !body.is_object()) return line;
    const json::object& object = body.get_object();
    for (const char* name : {"step",
                             "subject",
                             "did",
                             "document",
                             "progress",
                             "state",
                             "because",
                             "decision",
                             "reason",
                             "lane",
                             "effect",
                             "case",
                             "dseq"})
        if (const json::value* value = object.if_contains(name)) line[name] = *value;
    if (const json::value* verdict = object.if_contains("verdict"); verdict && verdict->is_object())
        for (const char* name : {"decision", "code", "rule", "told"})
            if (const json::value* value = verdict->get_object().if_contains(name))
                line[name] = *value;
    if (row.kind == "feed_applied")
        if (const json::value* item = object.if_contains("kind")) line["item"] = *item;
    return line;
}

json::object recent_of(sqlite::Database& db, std::size_t count) {
    sqlite::Statement last(db,
                           fmt::format("SELECT {} FROM ledger WHERE kind='attempt' "
                                       "ORDER BY seq DESC LIMIT ?",
                                       ledger_columns));
    json::array decisions;
    for (auto rows = last(static_cast<std::int64_t>(std::min<std::size_t>(count, 1000)));
         rows.next();)
        decisions.push_back(decision_line(row_from(rows)));
    return {{"decisions", std::move(decisions)}};
}

json::object cases_of(sqlite::Database& db, bool open_only, Instant now) {
    sqlite::Statement list(
        db,
        fmt::format("SELECT c.id,c.kind,c.subject,c.station,c.told,c.who,c.decisions,c.hold,"
                    "c.status,c.count,c.opened_seq,c.last_seq,c.decision,c.decided_by,c.reason,"
                    "l.hlc,c.due FROM \"case\" c LEFT JOIN ledger l ON l.seq=c.opened_seq {} "
                    "ORDER BY c.last_seq DESC LIMIT 1000",
                    open_only ? "WHERE c.status='open'" : ""));
    json::array cases = rows_of(list(),
                                {"id",
                                 "kind",
                                 "subject",
                                 "station",
                                 "told",
                                 "who",
                                 "decisions",
                                 "hold",
                                 "status",
                                 "count",
                                 "opened_seq",
                                 "last_seq",
                                 "decision",
                                 "decided_by",
                                 "reason",
                                 "hlc",
                                 "due"});
    std::size_t cards = 0;
    for (json::value& one : cases) {
        json::object& object = one.as_object();
        json::array words;
        const std::string text =
            object.contains("decisions") ? std::string(object["decisions"].as_string()) : "";
        std::string word;
        for (const char c : text + " ") {
            if (c != ' ') {
                word.push_back(c);
            } else if (!word.empty()) {
                words.emplace_back(word);
                word.clear();
            }
        }
        object["effects"] = effects_of_decisions(words);
        object["decisions"] = std::move(words);
        // Evidence for those a person looks at now; older ones are in the ledger by their number.
        if (cards++ < cards_max && object.contains("opened_seq"))
            object["evidence"] = evidence_of(db, object["opened_seq"].as_int64());
        // Of a case that was decided long ago the event may be in an archive.
        if (const json::value* hlc = object.if_contains("hlc"))
            object["opened_at"] = time_of_hlc(static_cast<std::uint64_t>(hlc->as_int64()));
        object.erase("hlc");
        if (const json::value* due = object.if_contains("due"); due && due->is_int64()) {
            const Instant until{due->as_int64()};
            const bool is_open = object["status"] == "open";
            object["overdue"] = is_open && until.us < now.us;
            object["due"] = to_string(until);
        }
    }
    return {{"cases", std::move(cases)}};
}

json::object completeness_of(sqlite::Database& db) {
    json::object complete;
    sqlite::Statement head(db, "SELECT seq,hlc FROM ledger ORDER BY seq DESC LIMIT 1");
    if (auto rows = head(); rows.next()) {
        complete["up_to_seq"] = rows.integer(0);
        complete["up_to"] = time_of_hlc(static_cast<std::uint64_t>(rows.integer(1)));
    }
    complete["sent_to_cloud_seq"] = number_from(db, "SELECT acked_seq FROM site_identity");
    complete["cloud_feed"] = feed_of(db);
    return complete;
}

}  // namespace lotgate::store
