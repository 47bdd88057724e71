// What `lotgate-hub numbers show` says.

#include "sync/hub/leases.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace lotgate::hub {

namespace json = boost::json;

Result<std::string> numbers_json(Connection& database, const std::string& tenant) {
    LG_TRY(const auto pools,
           database.run("SELECT pool, kind, gtin, prefix, last - next + 1 FROM number_pool "
                        "WHERE tenant = $1 ORDER BY kind, pool",
                        Parameters().text(tenant)));
    LG_TRY(const auto sites,
           database.run("SELECT site_id, kind, pool, state, count(*), sum(last - next + 1) "
                        "FROM number_lease WHERE tenant = $1 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, "
                        "3, 4",
                        Parameters().text(tenant)));
    json::array all_pools;
    for (std::size_t at = 0; at < pools.size(); ++at)
        all_pools.push_back(json::object{{"pool", pools.text(at, 0)},
                                         {"kind", pools.text(at, 1)},
                                         {"gtin", pools.text(at, 2)},
                                         {"prefix", pools.text(at, 3)},
                                         {"left", pools.number(at, 4)}});
    json::array all_leases;
    for (std::size_t at = 0; at < sites.size(); ++at)
        all_leases.push_back(json::object{{"site", sites.text(at, 0)},
                                          {"kind", sites.text(at, 1)},
                                          {"pool", sites.text(at, 2)},
                                          {"state", sites.text(at, 3)},
                                          {"leases", sites.number(at, 4)},
                                          {"left", sites.number(at, 5)}});
    return json::serialize(json::object{
        {"tenant", tenant}, {"pools", std::move(all_pools)}, {"leases", std::move(all_leases)}});
}

std::string numbers_text(const std::string& text) {
    const json::value numbers = json::parse(text);
    const auto word = [](const json::object& one, std::string_view name) {
        return std::string(one.at(name).as_string());
    };
    std::string out;
    for (const json::value& value : numbers.at("pools").as_array()) {
        const json::object& pool = value.as_object();
        out += fmt::format("pool {:<16} {:<7} {:>12} left{}\n",
                           word(pool, "pool"),
                           word(pool, "kind"),
                           json::serialize(pool.at("left")),
                           json::serialize(pool.at("left")) == "0" ? "   MAKE ANOTHER ONE" : "");
    }
    for (const json::value& value : numbers.at("leases").as_array()) {
        const json::object& lease = value.as_object();
        const std::string pool = word(lease, "pool");
        out += fmt::format("{:<21} {:<7} {:>12} left in {} {} ranges{}\n",
                           word(lease, "site"),
                           word(lease, "kind"),
                           json::serialize(lease.at("left")),
                           json::serialize(lease.at("leases")),
                           word(lease, "state"),
                           pool.empty() ? "" : " of pool " + pool);
    }
    return out.empty() ? "No numbers are given out yet.\n" : out;
}

}  // namespace lotgate::hub
