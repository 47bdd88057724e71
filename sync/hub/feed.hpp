#pragma once

// The numbered feed of each site, in two lanes (docs/data/feed.md). Numbers are given out under
// the lock of the row feed_head, so that a reader who has seen number n has seen all before it.

#include "store/model/result.hpp"
#include "sync/hub/pg.hpp"
#include "sync/wire/frames.hpp"

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lotgate::hub {

struct FeedHeads {
    std::uint64_t main = 0;
    std::uint64_t urgent = 0;
};

[[nodiscard]] Result<FeedHeads> feed_heads(Connection& database, const std::string& site_id);
/// Heads of all sites and lanes that have items.
[[nodiscard]] Result<std::map<std::pair<std::string, std::uint32_t>, std::uint64_t>> all_feed_heads(
    Connection& database);
[[nodiscard]] Result<sync::wire::Feed> feed_page(Connection& database,
                                                 const std::string& site_id,
                                                 const sync::wire::FeedPull& pull);
/// "The head of this lane is now …": makes the site pull.
[[nodiscard]] sync::wire::Feed news_of(sync::wire::Lane lane, std::uint64_t head);

/// An item without its number.
struct NewItem {
    std::string kind;
    std::string body;  ///< JSON
};

[[nodiscard]] sync::wire::Lane lane_of(const std::string& kind);
/// One item a line: {"kind":…,"body":{…}}. Names every bad line in one fault.
[[nodiscard]] Result<std::vector<NewItem>> read_items(std::istream& lines);
/// In the caller's transaction.
[[nodiscard]] Result<> put_items(Connection& database,
                                 const std::string& site_id,
                                 const std::vector<NewItem>& items);
/// All or nothing, in the order given. Ranges of numbers become leases of the site.
[[nodiscard]] Result<> add_items(Connection& database,
                                 const std::string& site_id,
                                 const std::vector<NewItem>& items);

}  // namespace lotgate::hub
