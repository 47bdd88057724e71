#include "sync/hub/feed.hpp"

#include "sync/hub/leases.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lotgate::hub {

using sync::wire::Feed;
using sync::wire::FeedEntry;
using sync::wire::Lane;

namespace {

constexpr std::size_t page_bytes_max = 512 * 1024;
constexpr std::size_t body_bytes_max = 768 * 1024;  // a frame is 1 MiB at most
constexpr std::size_t bad_lines_shown = 10;

std::uint64_t number_of_lane(Lane lane) {
    return static_cast<std::uint64_t>(lane);
}

Result<NewItem> item_from(const std::string& line) {
    boost::json::error_code error;
    const auto value = boost::json::parse(line, error);
    if (error) return fail(FaultCode::invalid_input, "not JSON: " + error.message());
    if (!value.is_object()) return fail(FaultCode::invalid_input, "not an object");
    const auto& object = value.as_object();
    const auto* kind = object.if_contains("kind");
    const auto* body = object.if_contains("body");
    if (kind == nullptr || !kind->is_string() || kind->as_string().empty())
        return fail(FaultCode::invalid_input, "needs \"kind\", a text");
    if (body == nullptr || !body->is_object())
        return fail(FaultCode::invalid_input, "needs \"body\", an object");
    NewItem item{std::string(kind->as_string()), boost::json::serialize(*body)};
    if (item.body.size() > body_bytes_max)
        return fail(FaultCode::invalid_input, "larger than 768 KiB; split the document");
    return item;
}

Result<> add_to_lane(Connection& database,
                     const std::string& site_id,
                     Lane lane,
                     const std::vector<const NewItem*>& items) {
    if (items.empty()) return {};
    LG_CHECK(
        database.run("INSERT INTO feed_head (site_id, lane, last_dseq) VALUES ($1, $2, 0) "
                     "ON CONFLICT DO NOTHING",
                     Parameters().text(site_id).number(number_of_lane(lane))));
    LG_TRY(
        const auto moved,
        database.run("UPDATE feed_head SET last_dseq = last_dseq + $3 "
                     "WHERE site_id = $1 AND lane = $2 RETURNING last_dseq",
                     Parameters().text(site_id).number(number_of_lane(lane)).number(items.size())));
    std::uint64_t dseq = moved.number(0, 0) - items.size();
    for (const NewItem* item : items)
        LG_CHECK(database.run_prepared(
            "INSERT INTO feed (site_id, lane, dseq, kind, body) VALUES ($1, $2, $3, $4, $5)",
            Parameters()
                .text(site_id)
                .number(number_of_lane(lane))
                .number(++dseq)
                .text(item->kind)
                .text(item->body)));
    return {};
}

}  // namespace

Result<FeedHeads> feed_heads(Connection& database, const std::string& site_id) {
    LG_TRY(const auto rows,
           database.run_prepared("SELECT lane, last_dseq FROM feed_head WHERE site_id = $1",
                                 Parameters().text(site_id)));
    FeedHeads heads;
    for (std::size_t at = 0; at < rows.size(); ++at) {
        if (rows.number(at, 0) == number_of_lane(Lane::urgent))
            heads.urgent = rows.number(at, 1);
        else
            heads.main = rows.number(at, 1);
    }
    return heads;
}

Result<std::map<std::pair<std::string, std::uint32_t>, std::uint64_t>> all_feed_heads(
    Connection& database) {
    LG_TRY(const auto rows,
           database.run_prepared("SELECT site_id, lane, last_dseq FROM feed_head", {}));
    std::map<std::pair<std::string, std::uint32_t>, std::uint64_t> heads;
    for (std::size_t at = 0; at < rows.size(); ++at)
        heads[{rows.text(at, 0), static_cast<std::uint32_t>(rows.number(at, 1))}] =
            rows.number(at, 2);
    return heads;
}

Result<Feed> feed_page(Connection& database,
                       const std::string& site_id,
                       const sync::wire::FeedPull& pull) {
    const std::size_t items_max =
        std::clamp<std::size_t>(pull.items_max, 1, sync::wire::feed_items_max);
    LG_TRY(const auto heads, feed_heads(database, site_id));
    LG_TRY(const auto rows,
           database.run_prepared(
               "SELECT dseq, kind, body FROM feed WHERE site_id = $1 "
               "AND lane = $2 AND dseq > $3 ORDER BY dseq LIMIT $4",
               Parameters().text(site_id).number(pull.lane).number(pull.after).number(items_max)));
    Feed page;
    page.lane = pull.lane;
    page.after = pull.after;
    const bool is_urgent = pull.lane == static_cast<std::uint32_t>(Lane::urgent);
    page.head = is_urgent ? heads.urgent : heads.main;
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < rows.size(); ++at) {
        FeedEntry entry;
        entry.dseq = rows.number(at, 0);
        entry.kind = rows.text(at, 1);
        entry.body = rows.text(at, 2);
        bytes += entry.body.size() + entry.kind.size();
        if (at > 0 && bytes > page_bytes_max) break;
        page.items.push_back(std::move(entry));
    }
    // Items added between the two reads: the head is never behind the page.
    if (!page.items.empty()) page.head = std::max(page.head, page.items.back().dseq);
    return page;
}

Feed news_of(Lane lane, std::uint64_t head) {
    Feed news;
    news.lane = static_cast<std::uint32_t>(lane);
    news.after = head;
    news.head = head;
    return news;
}

Lane lane_of(const std::string& kind) {
    static constexpr std::array<std::string_view, 5> urgent{
        "hold", "hold_lift", "recall", "range_end", "serial_conflict"};
    const bool is_urgent = std::find(urgent.begin(), urgent.end(), kind) != urgent.end();
    return is_urgent ? Lane::urgent : Lane::main;
}

Result<std::vector<NewItem>> read_items(std::istream& lines) {
    std::vector<NewItem> items;
    std::string problems;
    std::size_t bad = 0;
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        auto item = item_from(line);
        if (item) {
            items.push_back(std::move(*item));
            continue;
        }
        if (++bad <= bad_lines_shown)
            problems += fmt::format("\n  line {}: {}", number, item.error().detail());
    }
    if (bad == 0) return items;
    return fail(
        FaultCode::invalid_input,
        fmt::format(
            "{} of {} lines are no feed items; nothing was added.{}", bad, number, problems));
}

Result<> put_items(Connection& database,
                   const std::string& site_id,
                   const std::vector<NewItem>& items) {
    LG_TRY(const auto known,
           database.run("SELECT 1 FROM site WHERE site_id = $1", Parameters().text(site_id)));
    if (known.size() == 0)
        return fail(FaultCode::invalid_input,
                    fmt::format("There is no site {}. Register it: lotgate-hub site add",
                                printable(site_id)));
    for (const Lane lane : {Lane::urgent, Lane::main}) {
        std::vector<const NewItem*> of_lane;
        for (const NewItem& item : items)
            if (lane_of(item.kind) == lane) of_lane.push_back(&item);
        LG_CHECK(add_to_lane(database, site_id, lane, of_lane));
    }
    return {};
}

Result<> add_items(Connection& database,
                   const std::string& site_id,
                   const std::vector<NewItem>& items) {
    auto body = [&]() -> Result<> {
        LG_CHECK(note_ranges(database, site_id, items));
        return put_items(database, site_id, items);
    };
    return database.in_transaction(body);
}

}  // namespace lotgate::hub
