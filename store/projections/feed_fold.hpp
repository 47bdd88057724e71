#pragma once

// How items of the cloud's feed change the projections (docs/data/feed.md). What cannot be read
// or is unknown becomes a case, never a stop: the feed must go on.

#include "store/events/bodies.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace boost::json {
class object;
}

namespace lotgate::store {

/// "lot:<gtin>/<lot key>", "unit:<gtin>/<serial>", "product:<gtin>", "container:<sscc>",
/// "document:<id>": what a hold, a case or a trace is about.
[[nodiscard]] std::string unit_key(std::string_view gtin, std::string_view serial);
[[nodiscard]] std::string lot_target(std::string_view gtin, std::string_view lot_key);
[[nodiscard]] std::string product_target(std::string_view gtin);
[[nodiscard]] std::string container_target(std::string_view sscc);
[[nodiscard]] std::string document_target(std::string_view id);

class FeedFold {
public:
    explicit FeedFold(sqlite::Database& database);

    void apply(std::int64_t seq, std::uint64_t hlc, const FeedBody& body);

private:
    struct Item {
        std::int64_t seq;
        const FeedBody* body;
        const boost::json::object* json;
        int cases = 0;
    };

    struct Line;

    bool fold(Item& item);
    bool product(Item& item);
    bool party(Item& item);
    bool document(Item& item, std::string_view kind);
    bool document_changed(Item& item, const std::string& id, const std::vector<Line>& lines);
    void put_line(Item& item, const std::string& document, const Line& line);
    void announce(Item& item, const std::string& document, const Line& line);
    bool cancel(Item& item, std::string_view kind);
    bool hold(Item& item);
    bool hold_lift(Item& item);
    bool sscc_range(Item& item);
    void recall_applied(Item& item, const std::string& target);
    void unknown_kind(Item& item);
    void open_case(Item& item,
                   std::string_view kind,
                   const std::string& subject,
                   const std::string& told);
    void mention(const Item& item, const std::string& subject);

    sqlite::Database* database_;
    sqlite::Statement cursor_, product_, party_, document_old_, document_new_, document_total_;
    sqlite::Statement document_state_, lines_delete_, expected_delete_, line_old_, line_new_;
    sqlite::Statement line_quantity_, unit_new_, unit_void_, lot_new_, container_new_;
    sqlite::Statement hold_, recalled_units_, recalled_goods_, lift_, range_, case_open_, mention_;
};

}  // namespace lotgate::store
