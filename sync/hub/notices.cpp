#include "sync/hub/notices.hpp"

#include "sync/hub/feed.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace lotgate::hub {

namespace json = boost::json;

namespace {

/// "acme/LONDON" is LONDON to another site of acme.
std::string name_of(const std::string& site_id) {
    return site_id.substr(site_id.find('/') + 1);
}

}  // namespace

Result<> tell_serial_conflict(Connection& database, const SerialConflict& conflict) {
    const auto tell = [&](const UnitAtSite& whom, const UnitAtSite& about) -> Result<> {
        const json::object body{
            {"id",
             fmt::format("X-{}-{}-{}", conflict.gtin, conflict.serial, name_of(about.site_id))},
            {"kind", conflict.kind},
            {"gtin", conflict.gtin},
            {"serial", conflict.serial},
            {"other_site", name_of(about.site_id)},
            {"other_state", about.state}};
        return put_items(database, whom.site_id, {{"serial_conflict", json::serialize(body)}});
    };
    LG_CHECK(tell(conflict.one, conflict.other));
    return tell(conflict.other, conflict.one);
}

Result<> tell_rejected(Connection& database, const RejectedEvent& rejected) {
    json::object body{{"seq", rejected.seq}, {"code", rejected.code}, {"told", rejected.told}};
    if (!rejected.subject.empty()) body["subject"] = rejected.subject;
    return put_items(database, rejected.site_id, {{"event_rejected", json::serialize(body)}});
}

Result<> answer_return(Connection& database, const ReturnedUnit& unit) {
    LG_TRY(
        const auto known,
        database.run_prepared(
            "SELECT site_id, state FROM unit WHERE tenant = $1 AND gtin = $2 "
            "AND serial = $3 AND site_id <> $4 ORDER BY hlc DESC LIMIT 1",
            Parameters().text(unit.tenant).text(unit.gtin).text(unit.serial).text(unit.site_id)));
    if (known.size() == 0) return {};
    const std::string state = known.text(0, 1);
    const json::object body{{"gtin", unit.gtin},
                            {"serial", unit.serial},
                            {"answer", state == "SHIPPED" ? "foreign" : "never_sold"},
                            {"site", name_of(known.text(0, 0))},
                            {"state", state}};
    return put_items(database, unit.site_id, {{"return_answer", json::serialize(body)}});
}

}  // namespace lotgate::hub
