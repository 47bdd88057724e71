#include "sync/hub/projector.hpp"

#include "sync/hub/event_rows.hpp"
#include "sync/hub/leases.hpp"
#include "sync/hub/notices.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace lotgate::hub {

namespace json = boost::json;

namespace {

constexpr std::size_t events_per_step = 500;
constexpr std::size_t key_length_max = 200;

using CountKey = std::tuple<std::string, std::string, std::string>;  // kind, verdict, code

// States in which a site says that it has the unit in its hands (transitions.csv of the sites).
constexpr std::array<std::string_view, 6> on_hand{
    "RECEIVED", "IN_INVENTORY", "ALLOCATED", "PICKED", "PACKED", "RETURNED"};
constexpr std::string_view shipped = "SHIPPED";

bool is_on_hand(std::string_view state) {
    return std::find(on_hand.begin(), on_hand.end(), state) != on_hand.end();
}

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* found = object.if_contains(key);
    if (found == nullptr || !found->is_string()) return {};
    return printable(std::string_view(found->as_string()).substr(0, key_length_max));
}

// Bodies are read with nothing taken for granted: an event of a kind nobody knows, or whose body
// is no JSON, is counted by its kind alone.
json::object body_of(const LedgerRow& event) {
    json::error_code error;
    json::value value = json::parse(event.body, error);
    if (error || !value.is_object()) return {};
    return std::move(value.as_object());
}

CountKey count_key(const LedgerRow& event, const json::object& body) {
    std::string verdict;
    std::string code;
    const json::value* found = body.if_contains("verdict");
    if (found != nullptr && found->is_object()) {
        verdict = text_of(found->as_object(), "decision");
        code = text_of(found->as_object(), "code");
    } else {
        verdict = text_of(body, "state");
    }
    return {printable(event.kind.substr(0, key_length_max)), verdict, code};
}

struct UnitSeen {
    std::string gtin;
    std::string serial;
    std::string lot;
    std::string state;
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    std::uint64_t hlc = 0;
};

std::string last_state(const json::object& change) {
    const json::value* way = change.if_contains("way");
    if (way == nullptr || !way->is_array() || way->as_array().empty()) return {};
    const json::value& last = way->as_array().back();
    return last.is_string() ? printable(std::string_view(last.as_string())) : std::string();
}

std::vector<UnitSeen> units_of(const LedgerRow& event, const json::object& body) {
    std::vector<UnitSeen> units;
    const json::value* changes = body.if_contains("changes");
    if (changes == nullptr || !changes->is_array()) return units;
    for (const json::value& value : changes->as_array()) {
        if (!value.is_object() || text_of(value.as_object(), "do") != "unit") continue;
        const json::object& change = value.as_object();
        UnitSeen unit;
        unit.gtin = text_of(change, "gtin");
        unit.serial = text_of(change, "serial");
        unit.lot = text_of(change, "lot");
        unit.state = last_state(change);
        unit.seq = number_of(event.seq);
        unit.hlc = event.hlc;
        if (!unit.state.empty()) units.push_back(std::move(unit));
    }
    return units;
}

/// A number that the site has taken from a range of its own.
struct NumberTaken {
    std::string kind;
    std::string range;
    std::uint64_t number = 0;
    std::uint64_t seq = 0;
};

std::vector<NumberTaken> numbers_of(const LedgerRow& event, const json::object& body) {
    std::vector<NumberTaken> numbers;
    const json::value* changes = body.if_contains("changes");
    if (changes == nullptr || !changes->is_array()) return numbers;
    for (const json::value& value : changes->as_array()) {
        if (!value.is_object()) continue;
        const json::object& change = value.as_object();
        const std::string what = text_of(change, "do");
        const json::value* number = change.if_contains("number");
        const bool is_number = number != nullptr && number->is_int64() && number->get_int64() >= 0;
        if ((what != "sscc" && what != "number") || !is_number) continue;
        numbers.push_back({what == "sscc" ? what : text_of(change, "kind"),
                           text_of(change, "range"),
                           static_cast<std::uint64_t>(number->get_int64()),
                           number_of(event.seq)});
    }
    return numbers;
}

/// What came back to a site that has never shipped it (rule R-42).
std::optional<UnitSeen> returned_unit(const json::object& body) {
    const json::value* verdict = body.if_contains("verdict");
    const json::value* what = body.if_contains("what");
    if (verdict == nullptr || !verdict->is_object() || what == nullptr || !what->is_object())
        return std::nullopt;
    if (text_of(verdict->as_object(), "code") != "RETURN_NO_OUTBOUND") return std::nullopt;
    UnitSeen unit;
    unit.gtin = text_of(what->as_object(), "gtin");
    unit.serial = text_of(what->as_object(), "serial");
    if (unit.gtin.empty() || unit.serial.empty()) return std::nullopt;
    return unit;
}

Result<> add_count(Connection& database,
                   const std::string& site_id,
                   const CountKey& key,
                   std::size_t events) {
    LG_CHECK(database.run_prepared(
        "INSERT INTO event_count (site_id, kind, verdict, code, events) "
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (site_id, kind, verdict, code) "
        "DO UPDATE SET events = event_count.events + excluded.events",
        Parameters()
            .text(site_id)
            .text(std::get<0>(key))
            .text(std::get<1>(key))
            .text(std::get<2>(key))
            .number(events)));
    return {};
}

struct Site {
    const std::string& tenant;
    const std::string& site_id;
};

Result<> open_exception(Connection& database,
                        const Site& site,
                        const UnitSeen& unit,
                        std::string_view kind,
                        const UnitAtSite& other) {
    const std::string& other_site = other.site_id;
    const std::string subject = unit.gtin + "/" + unit.serial;
    const auto pair = std::minmax(site.site_id, other_site);
    json::object evidence{{"gtin", unit.gtin}, {"serial", unit.serial}, {"state", unit.state}};
    evidence["sites"] = json::array{pair.first, pair.second};
    evidence["seen_at"] = json::object{{"site", site.site_id}, {"seq", unit.seq}};
    LG_TRY(const auto opened,
           database.run_prepared(
               "INSERT INTO exception (tenant, exception_id, kind, subject, evidence) "
               "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
               Parameters()
                   .text(site.tenant)
                   .text(fmt::format("{} {} {} {}", kind, subject, pair.first, pair.second))
                   .text(kind)
                   .text(subject)
                   .text(json::serialize(evidence))));
    if (opened.affected() == 0) return {};
    return tell_serial_conflict(
        database, {std::string(kind), unit.gtin, unit.serial, {site.site_id, unit.state}, other});
}

Result<> fold_number(Connection& database, const Site& site, const NumberTaken& taken) {
    LG_TRY(const bool is_theirs,
           note_taken(database, site.site_id, taken.kind, taken.range, taken.number));
    if (is_theirs) return {};
    const std::string subject = fmt::format("{}:{}", taken.kind, taken.number);
    const json::object evidence{{"kind", taken.kind},
                                {"range", taken.range},
                                {"number", taken.number},
                                {"seen_at", {{"site", site.site_id}, {"seq", taken.seq}}}};
    LG_TRY(const auto opened,
           database.run_prepared(
               "INSERT INTO exception (tenant, exception_id, kind, subject, evidence) "
               "VALUES ($1, $2, 'RANGE_FENCED', $3, $4) ON CONFLICT DO NOTHING",
               Parameters()
                   .text(site.tenant)
                   .text(fmt::format("RANGE_FENCED {} {}", subject, site.site_id))
                   .text(subject)
                   .text(json::serialize(evidence))));
    if (opened.affected() == 0) return {};
    return tell_rejected(database,
                         {site.site_id,
                          taken.seq,
                          "RANGE_FENCED",
                          fmt::format("number {} of range {} ({}) is not this site's to give.",
                                      taken.number,
                                      taken.range,
                                      taken.kind),
                          {}});
}

Result<> look_at_other_sites(Connection& database, const Site& site, const UnitSeen& unit) {
    LG_TRY(
        const auto others,
        database.run_prepared(
            "SELECT site_id, state FROM unit WHERE tenant = $1 AND gtin = $2 "
            "AND serial = $3 AND site_id <> $4",
            Parameters().text(site.tenant).text(unit.gtin).text(unit.serial).text(site.site_id)));
    for (std::size_t at = 0; at < others.size(); ++at) {
        const std::string other_state = others.text(at, 1);
        if (is_on_hand(unit.state) && is_on_hand(other_state))
            LG_CHECK(open_exception(
                database, site, unit, "SERIAL_DUP", {others.text(at, 0), other_state}));
        if (unit.state == shipped && other_state == shipped)
            LG_CHECK(open_exception(
                database, site, unit, "DOUBLE_SHIP", {others.text(at, 0), other_state}));
    }
    return {};
}

Result<> fold_unit(Connection& database, const Site& site, const UnitSeen& unit) {
    LG_CHECK(database.run_prepared(
        "INSERT INTO unit (tenant, gtin, serial, site_id, lot, state, epoch, seq, hlc) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT (tenant, gtin, serial, site_id) DO UPDATE SET lot = excluded.lot, "
        "state = excluded.state, epoch = excluded.epoch, seq = excluded.seq, hlc = excluded.hlc",
        Parameters()
            .text(site.tenant)
            .text(unit.gtin)
            .text(unit.serial)
            .text(site.site_id)
            .text(unit.lot)
            .text(unit.state)
            .number(unit.epoch)
            .number(unit.seq)
            .number(unit.hlc)));
    return look_at_other_sites(database, site, unit);
}

}  // namespace

Result<std::size_t> Projector::step() {
    LG_TRY(const auto behind,
           database_->run_prepared(
               "SELECT c.site_id, s.tenant, c.epoch, coalesce(p.epoch, -1), coalesce(p.seq, 0) "
               "FROM site_cursor c JOIN site s ON s.site_id = c.site_id "
               "LEFT JOIN projector_cursor p ON p.site_id = c.site_id "
               "WHERE p.seq IS NULL OR p.epoch <> c.epoch OR p.seq < c.last_seq",
               {}));
    std::size_t done = 0;
    for (std::size_t at = 0; at < behind.size(); ++at) {
        Place from;
        from.site_id = behind.text(at, 0);
        from.tenant = behind.text(at, 1);
        from.epoch = behind.number(at, 2);
        from.seq = behind.number(at, 3) == from.epoch ? behind.number(at, 4) : 0;
        LG_TRY(const std::size_t events, step_site(from));
        done += events;
    }
    return done;
}

Result<std::size_t> Projector::step_site(const Place& from) {
    LG_TRY(const auto events,
           events_after(*database_, from.site_id, {from.epoch, from.seq, events_per_step}));
    if (events.empty()) return std::size_t{0};
    bool is_ours = false;
    auto body = [&]() -> Result<> {
        LG_TRY(is_ours, move_cursor(from, number_of(events.back().seq)));
        return is_ours ? fold(from, events) : Result<>{};
    };
    LG_CHECK(database_->in_transaction(body));
    return is_ours ? events.size() : 0;
}

// Compare and set, as in ingest: of two hubs one folds these events.
Result<bool> Projector::move_cursor(const Place& from, std::uint64_t seq) {
    LG_CHECK(
        database_->run_prepared("INSERT INTO projector_cursor (site_id, epoch, seq) "
                                "VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
                                Parameters().text(from.site_id).number(from.epoch)));
    LG_TRY(const auto moved,
           database_->run_prepared(
               "UPDATE projector_cursor SET epoch = $2, seq = $3 WHERE site_id = $1 "
               "AND ((epoch = $2 AND seq = $4) OR (epoch <> $2 AND $4::bigint = 0))",
               Parameters().text(from.site_id).number(from.epoch).number(seq).number(from.seq)));
    return moved.affected() == 1;
}

Result<> Projector::fold(const Place& from, const std::vector<LedgerRow>& events) {
    std::map<CountKey, std::size_t> counts;
    const Site site{from.tenant, from.site_id};
    for (const LedgerRow& event : events) {
        const json::object body = body_of(event);
        ++counts[count_key(event, body)];
        for (UnitSeen& unit : units_of(event, body)) {
            unit.epoch = from.epoch;
            LG_CHECK(fold_unit(*database_, site, unit));
        }
        if (const auto returned = returned_unit(body))
            LG_CHECK(answer_return(*database_,
                                   {from.tenant, from.site_id, returned->gtin, returned->serial}));
        for (const NumberTaken& taken : numbers_of(event, body))
            LG_CHECK(fold_number(*database_, site, taken));
    }
    for (const auto& [key, number] : counts)
        LG_CHECK(add_count(*database_, from.site_id, key, number));
    return {};
}

}  // namespace lotgate::hub
