#pragma once

// A file on its way in: its rows are staged beside the tables, are in force by one event, and are
// written then row by row, or all at once where they are few (decision 0050).

#include "store/events/bodies.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/sqlite/database.hpp"

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::store {

/// The first id of a run's staged items, and the item at a place of its file, counted from 1.
[[nodiscard]] constexpr std::int64_t staged_id(std::int64_t run, std::int64_t place) {
    return run * (std::int64_t{1} << 32) + place;
}

/// What an item is about, as it is asked for: "gtin:…", "code:…", "sscc:…", "id:…". The kind
/// as it is typed ("products") or as the feed says it ("product").
[[nodiscard]] std::vector<std::string> keys_of_item(std::string_view kind,
                                                    const boost::json::object& item);

class ImportFold {
public:
    ImportFold(sqlite::Database& database, FeedFold& feed);

    void apply(std::int64_t seq, const ImportSet& set);
    /// The rows of an operation: import_rows, import_stage, import_publish, import_apply.
    void apply(std::int64_t seq, const OperationBody& body);

private:
    struct Run {
        std::int64_t run = 0;
        std::string kind;
        std::string state;
        std::int64_t items = 0;
    };

    [[nodiscard]] Run run_of(const std::string& id);
    void stage(std::int64_t seq, const std::string& id, const std::string& items);
    void write_through(std::int64_t seq, const std::string& id, std::int64_t last);
    void write_named(std::int64_t seq, const std::string& id, const std::string& places);
    void write(std::int64_t seq, const Run& run, const std::vector<std::int64_t>& ids);

    FeedFold* feed_;
    bool leaves_out_ = false;
    sqlite::Statement run_, run_new_, run_grow_, run_state_, run_done_;
    sqlite::Statement item_new_, item_ids_, item_, item_gone_, key_new_, key_gone_;
};

}  // namespace lotgate::store
