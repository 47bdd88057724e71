#include "store/projections/people_fold.hpp"

#include "store/model/secret_hash.hpp"
#include "store/rules/authority.hpp"

#include <boost/json.hpp>

namespace lotgate::store {

namespace json = boost::json;

namespace {

constexpr std::size_t badge_bytes_max = 64;

std::string text_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

bool flag_in(const json::object& object, std::string_view key, bool absent) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_bool() ? value->get_bool() : absent;
}

// Space-separated, or nothing where one of them is no role.
std::optional<std::string> roles_in(const json::object& object) {
    const json::value* list = object.if_contains("roles");
    if (list == nullptr || !list->is_array()) return std::nullopt;
    std::string roles;
    for (const json::value& one : list->get_array()) {
        if (!one.is_string() || !rules::role_named(one.get_string())) return std::nullopt;
        if (!roles.empty()) roles.push_back(' ');
        roles += one.get_string();
    }
    return roles;
}

}  // namespace

// A new PIN ends a lock; the same one sent again does not.
PeopleFold::PeopleFold(sqlite::Database& db)
    : set_(db,
           "INSERT INTO user(badge,name,roles,pin,badge_is_enough,wrong_pins,locked_until,seq) "
           "VALUES(?,?,?,?,?,0,0,?) ON CONFLICT(badge) DO UPDATE SET name=excluded.name,"
           "roles=excluded.roles,badge_is_enough=excluded.badge_is_enough,seq=excluded.seq,"
           "wrong_pins=CASE pin WHEN excluded.pin THEN wrong_pins ELSE 0 END,"
           "locked_until=CASE pin WHEN excluded.pin THEN locked_until ELSE 0 END,"
           "pin=excluded.pin"),
      gone_(db, "DELETE FROM user WHERE badge=?") {}

bool PeopleFold::user(std::int64_t seq, const json::object& body) {
    const std::string badge = text_in(body, "badge");
    if (badge.empty() || badge.size() > badge_bytes_max) return false;
    if (!flag_in(body, "active", true)) {
        gone_.run(badge);
        return true;
    }
    const auto roles = roles_in(body);
    const std::string pin = text_in(body, "pin");
    if (!roles || (!pin.empty() && !is_secret_hash(pin))) return false;
    set_.run(
        badge, text_in(body, "name"), *roles, pin, flag_in(body, "badge_is_enough", false), seq);
    return true;
}

}  // namespace lotgate::store
