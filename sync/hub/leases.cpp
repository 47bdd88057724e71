#include "sync/hub/leases.hpp"

#include "store/model/identity.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace lotgate::hub {

namespace json = boost::json;

namespace {

constexpr std::size_t sscc_digits = 17;
constexpr std::size_t width_max = 15;
constexpr std::size_t number_chars_max = 20;  // AI 21 and AI 10
constexpr std::string_view told_kinds = "sscc, serial or lot";

/// Numbers of one kind, product, prefix and width.
struct Range {
    std::string kind;
    std::string gtin;
    std::string prefix;
    std::uint64_t width = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

std::optional<std::uint64_t> digits_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

bool is_label_text(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '-' || c == '.' || c == '_';
    });
}

Fault no_range(const std::string& why) {
    return {FaultCode::invalid_input, "That is no range of numbers: " + why};
}

/// What the site would take too (store/projections/range_fold).
Result<Range> range_from(const PoolOrder& order) {
    const auto first = digits_of(order.first);
    const auto last = digits_of(order.last);
    if (!first || !last || *last < *first)
        return fail(no_range("first and last are digits, and last is not before first."));
    Range range{order.kind, order.gtin, order.prefix, order.last.size(), *first, *last};
    if (order.kind == "sscc") {
        if (order.first.size() != sscc_digits || order.last.size() != sscc_digits)
            return fail(no_range("an SSCC is given by 17 digits, without its check digit."));
        range.gtin.clear();
        range.prefix.clear();
        return range;
    }
    if (order.kind != "serial" && order.kind != "lot")
        return fail(no_range(fmt::format("its kind is {}.", told_kinds)));
    if (!order.gtin.empty()) LG_CHECK(Gtin::parse(order.gtin));
    if (!is_label_text(order.prefix) || range.width > width_max ||
        order.prefix.size() + range.width > number_chars_max)
        return fail(
            no_range("the prefix takes letters, digits, - . and _; with up to 15 digits "
                     "it has at most 20 characters."));
    return range;
}

std::string member_text(const json::object& body, std::string_view name) {
    const json::value* value = body.if_contains(name);
    if (value == nullptr) return {};
    if (value->is_string()) return value->get_string().c_str();
    return value->is_int64() ? std::to_string(value->get_int64()) : std::string();
}

/// The site pads numbers to `width` where it is given.
Result<Range> range_of_item(const std::string& kind, const json::object& body) {
    PoolOrder order;
    order.kind = kind;
    order.first = member_text(body, "first");
    order.last = member_text(body, "last");
    order.gtin = member_text(body, "gtin");
    order.prefix = member_text(body, "prefix");
    LG_TRY(Range range, range_from(order));
    if (const auto width = digits_of(member_text(body, "width"))) range.width = *width;
    return range;
}

/// Waits for whoever else gives out numbers of the tenant.
Result<> take_turn(Connection& database, const std::string& tenant) {
    LG_CHECK(
        database.run("INSERT INTO number_turn (tenant, turn) VALUES ($1, 1) ON CONFLICT (tenant) "
                     "DO UPDATE SET turn = number_turn.turn + 1",
                     Parameters().text(tenant)));
    return {};
}

// The digits of one prefix and width are the same number only for the same product, unless one of
// the two ranges is for all products; lots are read without their product too.
const char* const same_numbers =
    "tenant = $1 AND kind = $2 AND prefix = $3 AND width = $4 AND first <= $6 AND last >= $5 "
    "AND ($2 = 'lot' OR gtin = $7 OR gtin = '' OR $7 = '') LIMIT 1";

Result<> check_free(Connection& database, const std::string& tenant, const Range& range) {
    Parameters of_range;
    of_range.text(tenant).text(range.kind).text(range.prefix).number(range.width);
    of_range.number(range.first).number(range.last).text(range.gtin);
    LG_TRY(
        const auto pool,
        database.run(std::string("SELECT pool FROM number_pool WHERE ") + same_numbers, of_range));
    if (pool.size() > 0)
        return fail(FaultCode::invalid_input,
                    fmt::format("Pool {} has some of these numbers already.", pool.text(0, 0)));
    LG_TRY(const auto lease,
           database.run(
               std::string("SELECT lease_id, site_id FROM number_lease WHERE ") + same_numbers,
               of_range));
    if (lease.size() == 0) return {};
    return fail(FaultCode::invalid_input,
                fmt::format("Some of these numbers are leased to {} already, as {}.",
                            lease.text(0, 1),
                            lease.text(0, 0)));
}

struct Lease {
    std::string site_id;
    std::string tenant;
    std::string pool;
    std::string id;
    Range range;
};

Result<> insert_lease(Connection& database, const Lease& lease) {
    LG_TRY(const auto added,
           database.run("INSERT INTO number_lease (site_id, kind, lease_id, tenant, pool, gtin, "
                        "prefix, width, first, last, next, state) "
                        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, 'open') "
                        "ON CONFLICT DO NOTHING",
                        Parameters()
                            .text(lease.site_id)
                            .text(lease.range.kind)
                            .text(lease.id)
                            .text(lease.tenant)
                            .text(lease.pool)
                            .text(lease.range.gtin)
                            .text(lease.range.prefix)
                            .number(lease.range.width)
                            .number(lease.range.first)
                            .number(lease.range.last)));
    if (added.affected() == 1) return {};
    return fail(FaultCode::invalid_input,
                fmt::format("{} has a range {} already.", lease.site_id, printable(lease.id)));
}

std::string padded(std::uint64_t number, std::uint64_t width) {
    return fmt::format("{:0{}}", number, width);
}

NewItem item_of(const Lease& lease, std::uint64_t low) {
    const Range& range = lease.range;
    json::object body{{"id", lease.id}, {"low", low}};
    if (range.kind == "sscc") {
        body["first"] = padded(range.first, sscc_digits);
        body["last"] = padded(range.last, sscc_digits);
    } else {
        body["first"] = range.first;
        body["last"] = range.last;
        body["prefix"] = range.prefix;
        body["width"] = range.width;
        if (!range.gtin.empty()) body["gtin"] = range.gtin;
    }
    return {range.kind + "_range", json::serialize(body)};
}

/// The next numbers of the pool go to the site; false: the pool has none.
Result<bool> lease_next(Connection& database,
                        const std::string& tenant,
                        const std::string& site_id,
                        const Supply& supply) {
    LG_TRY(const auto pool,
           database.run("SELECT kind, gtin, prefix, width, next, last FROM number_pool "
                        "WHERE tenant = $1 AND pool = $2 FOR UPDATE",
                        Parameters().text(tenant).text(supply.pool)));
    if (pool.size() == 0)
        return fail(FaultCode::invalid_input,
                    fmt::format("There is no pool {}. Make it: lotgate-hub numbers pool",
                                printable(supply.pool)));
    Range range{pool.text(0, 0),
                pool.text(0, 1),
                pool.text(0, 2),
                pool.number(0, 3),
                pool.number(0, 4),
                pool.number(0, 5)};
    if (range.first > range.last) return false;
    range.last = std::min(range.last, range.first + supply.lease - 1);
    LG_CHECK(database.run("UPDATE number_pool SET next = $3 WHERE tenant = $1 AND pool = $2",
                          Parameters().text(tenant).text(supply.pool).number(range.last + 1)));
    const Lease lease{
        site_id, tenant, supply.pool, fmt::format("{}-{}", supply.pool, range.first), range};
    LG_CHECK(insert_lease(database, lease));
    // A person is told when the cloud has not been reached for half of the reserve.
    const std::vector<NewItem> items{item_of(lease, supply.low / 2)};
    LG_CHECK(put_items(database, site_id, items));
    return true;
}

}  // namespace

Result<> add_pool(Connection& database, const std::string& tenant, const PoolOrder& order) {
    LG_CHECK(DeviceId::parse(order.pool));
    LG_TRY(const Range range, range_from(order));
    auto body = [&]() -> Result<> {
        LG_CHECK(take_turn(database, tenant));
        LG_CHECK(check_free(database, tenant, range));
        LG_TRY(const auto added,
               database.run("INSERT INTO number_pool (tenant, pool, kind, gtin, prefix, width, "
                            "first, last, next) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7) "
                            "ON CONFLICT DO NOTHING",
                            Parameters()
                                .text(tenant)
                                .text(order.pool)
                                .text(range.kind)
                                .text(range.gtin)
                                .text(range.prefix)
                                .number(range.width)
                                .number(range.first)
                                .number(range.last)));
        if (added.affected() == 1) return {};
        return fail(FaultCode::invalid_input,
                    fmt::format("There is a pool {} already.", order.pool));
    };
    return database.in_transaction(body);
}

Result<> supply_site(Connection& database,
                     const std::string& tenant,
                     const std::string& site_id,
                     const Supply& supply) {
    if (supply.lease == 0 || supply.low >= supply.lease)
        return fail(FaultCode::invalid_input,
                    "A lease is of more numbers than those at which the next one goes out.");
    auto body = [&]() -> Result<> {
        LG_TRY(const bool is_leased, lease_next(database, tenant, site_id, supply));
        if (!is_leased)
            return fail(FaultCode::conflict,
                        fmt::format("Pool {} has no number left. Make another one.", supply.pool));
        LG_CHECK(
            database.run("INSERT INTO number_supply (site_id, tenant, pool, lease, low) "
                         "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (site_id, pool) DO UPDATE SET "
                         "lease = excluded.lease, low = excluded.low",
                         Parameters()
                             .text(site_id)
                             .text(tenant)
                             .text(supply.pool)
                             .number(supply.lease)
                             .number(supply.low)));
        return {};
    };
    return database.in_transaction(body);
}

Result<std::size_t> top_up(Connection& database) {
    static const std::string few_left =
        "SELECT s.tenant, s.site_id, s.pool, s.lease, s.low FROM number_supply s "
        "JOIN number_pool p ON p.tenant = s.tenant AND p.pool = s.pool AND p.next <= p.last "
        "WHERE (SELECT coalesce(sum(l.last - l.next + 1), 0) FROM number_lease l "
        "WHERE l.site_id = s.site_id AND l.pool = s.pool AND l.state = 'open') <= s.low";
    LG_TRY(const auto low, database.run_prepared(few_left, {}));
    std::size_t leases = 0;
    for (std::size_t at = 0; at < low.size(); ++at) {
        const std::string tenant = low.text(at, 0);
        const std::string site_id = low.text(at, 1);
        const Supply supply{low.text(at, 2), low.number(at, 3), low.number(at, 4)};
        bool is_leased = false;
        auto body = [&]() -> Result<> {
            is_leased = false;
            // Of two hubs that saw it, the second finds it done.
            LG_CHECK(take_turn(database, tenant));
            LG_TRY(const auto still,
                   database.run(few_left + " AND s.site_id = $1 AND s.pool = $2",
                                Parameters().text(site_id).text(supply.pool)));
            if (still.size() == 0) return {};
            LG_TRY(is_leased, lease_next(database, tenant, site_id, supply));
            return {};
        };
        LG_CHECK(database.in_transaction(body));
        if (is_leased) ++leases;
    }
    return leases;
}

Result<> note_ranges(Connection& database,
                     const std::string& site_id,
                     const std::vector<NewItem>& items) {
    const std::string tenant = site_id.substr(0, site_id.find('/'));
    for (const NewItem& item : items) {
        const auto underscore = item.kind.rfind("_range");
        const std::string kind = item.kind.substr(0, underscore);
        if (underscore == std::string::npos ||
            (kind != "sscc" && kind != "serial" && kind != "lot"))
            continue;
        const json::value body = json::parse(item.body);
        LG_TRY(const Range range, range_of_item(kind, body.as_object()));
        const Lease lease{site_id, tenant, {}, member_text(body.as_object(), "id"), range};
        if (lease.id.empty()) return fail(no_range("it has no id."));
        LG_CHECK(take_turn(database, tenant));
        LG_CHECK(check_free(database, tenant, range));
        LG_CHECK(insert_lease(database, lease));
    }
    return {};
}

Result<bool> note_taken(Connection& database,
                        const std::string& site_id,
                        const std::string& kind,
                        const std::string& lease_id,
                        std::uint64_t number) {
    LG_TRY(const auto taken,
           database.run_prepared(
               "UPDATE number_lease SET next = greatest(next, $4::bigint + 1), "
               "state = CASE WHEN state = 'open' AND $4::bigint >= last THEN 'used' ELSE state END "
               "WHERE site_id = $1 AND kind = $2 AND lease_id = $3 RETURNING state",
               Parameters().text(site_id).text(kind).text(lease_id).number(number)));
    return taken.size() == 1 && taken.text(0, 0) != "ended";
}

Result<> end_leases(Connection& database, const std::string& site_id) {
    LG_TRY(const auto ended,
           database.run("UPDATE number_lease SET state = 'ended' WHERE site_id = $1 "
                        "AND state = 'open' RETURNING kind, lease_id",
                        Parameters().text(site_id)));
    std::vector<NewItem> items;
    for (std::size_t at = 0; at < ended.size(); ++at)
        items.push_back({"range_end",
                         json::serialize(json::object{{"kind", ended.text(at, 0)},
                                                      {"id", ended.text(at, 1)}})});
    if (items.empty()) return {};
    return put_items(database, site_id, items);
}

}  // namespace lotgate::hub
