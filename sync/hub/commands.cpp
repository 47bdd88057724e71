#include "sync/hub/commands.hpp"

#include "store/model/identity.hpp"
#include "sync/hub/feed.hpp"
#include "sync/hub/leases.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>

namespace lotgate::hub {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 6> reasons{
    "quarantine", "recall", "suspect", "expired", "damaged", "conflict"};

struct Halves {
    std::string first;
    std::string second;
};

Result<Halves> split_at_slash(const std::string& text, std::string_view wanted) {
    const auto slash = text.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == text.size())
        return fail(FaultCode::invalid_input,
                    fmt::format("\"{}\" should be {}", printable(text), wanted));
    return Halves{text.substr(0, slash), text.substr(slash + 1)};
}

Result<json::object> target_of(const HoldOrder& order) {
    json::object target{{"kind", order.target_kind}};
    if (order.target_kind == "lot") {
        LG_TRY(const auto halves, split_at_slash(order.target, "GTIN/LOT"));
        LG_TRY(const auto gtin, Gtin::parse(halves.first));
        LG_TRY(const auto lot, Lot::parse(halves.second));
        target["gtin"] = gtin.text();
        target["lot"] = lot.as_labelled();
    } else if (order.target_kind == "unit") {
        LG_TRY(const auto halves, split_at_slash(order.target, "GTIN/SERIAL"));
        LG_TRY(const auto gtin, Gtin::parse(halves.first));
        LG_TRY(const auto serial, Serial::parse(halves.second));
        target["gtin"] = gtin.text();
        target["serial"] = serial.as_labelled();
    } else if (order.target_kind == "product") {
        LG_TRY(const auto gtin, Gtin::parse(order.target));
        target["gtin"] = gtin.text();
    } else if (order.target_kind == "container") {
        LG_TRY(const auto sscc, Sscc::parse(order.target));
        target["sscc"] = sscc.text();
    } else {
        target["id"] = order.target;
    }
    return target;
}

std::string new_hold_id() {
    std::random_device source;
    return fmt::format("H-{:08x}", source());
}

Result<> to_each(Connection& database,
                 const std::vector<std::string>& site_ids,
                 const NewItem& item) {
    if (site_ids.empty()) return fail(FaultCode::invalid_input, "There is no site to tell.");
    const std::vector<NewItem> items{item};
    for (const std::string& site_id : site_ids) LG_CHECK(add_items(database, site_id, items));
    return {};
}

}  // namespace

Result<bool> add_site(Connection& database, const std::string& tenant, const std::string& site) {
    LG_CHECK(DeviceId::parse(tenant));
    LG_CHECK(DeviceId::parse(site));
    LG_TRY(const auto added,
           database.run("INSERT INTO site (site_id, tenant, site) VALUES ($1, $2, $3) "
                        "ON CONFLICT DO NOTHING",
                        Parameters().text(tenant + "/" + site).text(tenant).text(site)));
    return added.affected() == 1;
}

Result<> release_site(Connection& database, const std::string& site_id) {
    auto body = [&]() -> Result<> {
        LG_CHECK(
            database.run("UPDATE site_epoch SET closed_at = now(), reason = 'released' "
                         "WHERE site_id = $1 AND closed_at IS NULL",
                         Parameters().text(site_id)));
        LG_TRY(
            const auto gone,
            database.run("DELETE FROM site_cursor WHERE site_id = $1", Parameters().text(site_id)));
        if (gone.affected() == 0)
            return fail(FaultCode::invalid_input, "No gateway has this site's ledger open.");
        // What the gateway has taken and not told yet, the next one must not take again.
        return end_leases(database, site_id);
    };
    return database.in_transaction(body);
}

Result<std::vector<std::string>> sites_of(Connection& database, const std::string& tenant) {
    LG_TRY(const auto rows,
           database.run("SELECT site_id FROM site WHERE tenant = $1 ORDER BY site_id",
                        Parameters().text(tenant)));
    std::vector<std::string> sites;
    for (std::size_t at = 0; at < rows.size(); ++at) sites.push_back(rows.text(at, 0));
    return sites;
}

Result<std::string> place_hold(Connection& database,
                               const std::vector<std::string>& site_ids,
                               const HoldOrder& order) {
    if (std::find(reasons.begin(), reasons.end(), order.reason) == reasons.end())
        return fail(FaultCode::invalid_input,
                    "The reason is one of: " + fmt::format("{}", fmt::join(reasons, ", ")));
    LG_TRY(auto target, target_of(order));
    const std::string id = order.id.empty() ? new_hold_id() : order.id;
    json::object body{{"id", id}, {"reason", order.reason}};
    if (!order.hold_class.empty()) body["class"] = order.hold_class;
    body["target"] = std::move(target);
    body["placed_by"] = order.placed_by.empty() ? "lotgate-hub" : order.placed_by;
    if (!order.note.empty()) body["note"] = order.note;
    const NewItem item{"hold", json::serialize(body)};
    LG_CHECK(to_each(database, site_ids, item));
    return id;
}

Result<> lift_hold(Connection& database,
                   const std::vector<std::string>& site_ids,
                   const std::string& hold_id) {
    const NewItem item{"hold_lift", json::serialize(json::object{{"id", hold_id}})};
    return to_each(database, site_ids, item);
}

}  // namespace lotgate::hub
