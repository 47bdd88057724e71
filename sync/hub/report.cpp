#include "sync/hub/report.hpp"

#include "sync/hub/event_rows.hpp"
#include "sync/hub/feed.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <map>

namespace lotgate::hub {

namespace json = boost::json;

namespace {

constexpr std::size_t verify_page = 1000;

json::array counts_of(const Rows& rows, const std::string& site_id) {
    json::array counts;
    for (std::size_t at = 0; at < rows.size(); ++at) {
        if (rows.text(at, 0) != site_id) continue;
        json::object count{{"kind", rows.text(at, 1)}};
        if (!rows.text(at, 2).empty()) count["verdict"] = rows.text(at, 2);
        if (!rows.text(at, 3).empty()) count["code"] = rows.text(at, 3);
        count["events"] = rows.number(at, 4);
        counts.push_back(std::move(count));
    }
    return counts;
}

json::object units_of(const Rows& rows, const std::string& site_id) {
    json::object units;
    for (std::size_t at = 0; at < rows.size(); ++at)
        if (rows.text(at, 0) == site_id) units[rows.text(at, 1)] = rows.number(at, 2);
    return units;
}

json::value seen_of(const Rows& rows, std::size_t at) {
    if (rows.is_null(at, 5)) return nullptr;
    return json::object{{"head_seq", rows.number(at, 5)},
                        {"acked", rows.number(at, 6)},
                        {"cursor_main", rows.number(at, 7)},
                        {"cursor_urgent", rows.number(at, 8)},
                        {"state", rows.text(at, 9)},
                        {"seen_at", rows.text(at, 10)}};
}

const char* const sites_sql =
    "SELECT s.site_id, s.site, c.epoch, c.last_seq, coalesce(p.seq, 0), "
    "t.head_seq, t.acked, t.cursor_main, t.cursor_urgent, t.state, "
    "to_char(t.seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), "
    "(SELECT count(*) FROM event e WHERE e.site_id = s.site_id AND e.epoch = c.epoch) "
    "FROM site s LEFT JOIN site_cursor c ON c.site_id = s.site_id "
    "LEFT JOIN projector_cursor p ON p.site_id = s.site_id "
    "LEFT JOIN site_status t ON t.site_id = s.site_id "
    "WHERE s.tenant = $1 ORDER BY s.site_id";

Result<json::array> exceptions_of(Connection& database, const std::string& tenant) {
    LG_TRY(const auto rows,
           database.run("SELECT kind, subject, evidence FROM exception WHERE tenant = $1 "
                        "ORDER BY opened_at, exception_id LIMIT 1000",
                        Parameters().text(tenant)));
    json::array exceptions;
    for (std::size_t at = 0; at < rows.size(); ++at) {
        json::error_code error;
        json::value evidence = json::parse(rows.text(at, 2), error);
        exceptions.push_back(json::object{{"kind", rows.text(at, 0)},
                                          {"subject", rows.text(at, 1)},
                                          {"evidence", std::move(evidence)}});
    }
    return exceptions;
}

}  // namespace

Result<std::string> status_json(Connection& database, const std::string& tenant) {
    const Parameters of_tenant = Parameters().text(tenant);
    LG_TRY(const auto sites, database.run(sites_sql, of_tenant));
    LG_TRY(const auto counts,
           database.run("SELECT e.site_id, e.kind, e.verdict, e.code, e.events FROM event_count e "
                        "JOIN site s ON s.site_id = e.site_id WHERE s.tenant = $1 "
                        "ORDER BY e.kind, e.verdict, e.code",
                        of_tenant));
    LG_TRY(const auto units,
           database.run("SELECT site_id, state, count(*) FROM unit WHERE tenant = $1 "
                        "GROUP BY site_id, state ORDER BY state",
                        of_tenant));
    json::array list;
    for (std::size_t at = 0; at < sites.size(); ++at) {
        const std::string site_id = sites.text(at, 0);
        LG_TRY(const auto heads, feed_heads(database, site_id));
        json::object site{{"site", sites.text(at, 1)}};
        site["epoch"] = sites.is_null(at, 2) ? json::value(nullptr) : sites.number(at, 2);
        site["last_seq"] = sites.number(at, 3);
        site["events"] = sites.number(at, 11);
        site["projected"] = sites.number(at, 4);
        site["feed"] = json::object{{"main", heads.main}, {"urgent", heads.urgent}};
        site["status"] = seen_of(sites, at);
        site["counts"] = counts_of(counts, site_id);
        site["units"] = units_of(units, site_id);
        list.push_back(std::move(site));
    }
    LG_TRY(auto exceptions, exceptions_of(database, tenant));
    return json::serialize(json::object{
        {"tenant", tenant}, {"sites", std::move(list)}, {"exceptions", std::move(exceptions)}});
}

std::string status_text(const std::string& text) {
    const json::value status = json::parse(text);
    std::string out;
    for (const json::value& value : status.at("sites").as_array()) {
        const json::object& site = value.as_object();
        const json::value& seen = site.at("status");
        out += fmt::format("{:<16} {} events, through row {}; feed {} main, {} urgent\n",
                           std::string_view(site.at("site").as_string()),
                           json::serialize(site.at("events")),
                           json::serialize(site.at("last_seq")),
                           json::serialize(site.at("feed").at("main")),
                           json::serialize(site.at("feed").at("urgent")));
        if (seen.is_object())
            out += fmt::format("{:<16} {}, has rows through {}; last seen {}\n",
                               "",
                               std::string_view(seen.at("state").as_string()),
                               json::serialize(seen.at("head_seq")),
                               std::string_view(seen.at("seen_at").as_string()));
        else
            out += fmt::format("{:<16} never seen\n", "");
        for (const json::value& count : site.at("counts").as_array()) {
            const json::object& one = count.as_object();
            std::string what(one.at("kind").as_string());
            for (const char* key : {"verdict", "code"})
                if (const auto* word = one.if_contains(key))
                    what += " " + std::string(word->as_string());
            out +=
                fmt::format("{:<16}   {:<40} {:>8}\n", "", what, json::serialize(one.at("events")));
        }
    }
    for (const json::value& exception : status.at("exceptions").as_array())
        out += fmt::format("exception        {} {} {}\n",
                           std::string_view(exception.at("kind").as_string()),
                           std::string_view(exception.at("subject").as_string()),
                           json::serialize(exception.at("evidence")));
    return out;
}

Result<Verified> verify_site(Connection& database, const std::string& site_id) {
    LG_TRY(const auto stands,
           database.run("SELECT c.epoch, c.instance, c.last_seq, c.last_hash, s.site "
                        "FROM site_cursor c JOIN site s ON s.site_id = c.site_id "
                        "WHERE c.site_id = $1",
                        Parameters().text(site_id)));
    if (stands.size() == 0)
        return fail(FaultCode::invalid_input,
                    "No gateway of site " + printable(site_id) + " has been heard yet.");
    Verified verified;
    verified.epoch = stands.number(0, 0);
    const std::uint64_t last = stands.number(0, 2);
    Hash hash = chain_start(
        ChainStart{stands.text(0, 4), verified.epoch, instance_from(stands.bytes(0, 1))});
    while (true) {
        LG_TRY(const auto page,
               events_after(database, site_id, {verified.epoch, verified.rows, verify_page}));
        if (page.empty()) break;
        for (const LedgerRow& row : page) {
            if (number_of(row.seq) != verified.rows + 1) {
                verified.first_bad = verified.rows + 1;
                verified.because = "the row is missing";
                return verified;
            }
            hash = chain_next(hash, row);
            verified.rows = number_of(row.seq);
        }
    }
    verified.first_bad = verified.rows;
    if (verified.rows != last)
        verified.because =
            fmt::format("{} rows are stored, the cursor says {}", verified.rows, last);
    else if (hash != hash_from(stands.bytes(0, 3)))
        verified.because = "the chain does not end in the hash of the cursor: a row was changed";
    else
        verified.first_bad = 0;
    return verified;
}

}  // namespace lotgate::hub
