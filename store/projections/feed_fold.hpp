#pragma once

// How items of the cloud's feed change the projections (docs/data/feed.md). What cannot be read
// or is unknown becomes a case, never a stop: the feed must go on.

#include "store/events/bodies.hpp"
#include "store/projections/catalogue_fold.hpp"
#include "store/projections/document_fold.hpp"
#include "store/projections/people_fold.hpp"
#include "store/projections/promise_fold.hpp"
#include "store/projections/range_fold.hpp"
#include "store/projections/stock_fold.hpp"
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

    /// A slice of an imported file: a JSON list of items of the kind as it is typed.
    void import(std::int64_t seq, std::string_view kind, const std::string& items);

    [[nodiscard]] CatalogueFold& catalogue() { return catalogue_; }

    /// What the item applied last recalls, or empty.
    [[nodiscard]] const std::string& recalled() const { return recalled_; }

    [[nodiscard]] RangeFold& ranges() { return ranges_; }

private:
    struct Item {
        std::int64_t seq;
        const FeedBody* body;
        const boost::json::object* json;
        int cases = 0;
    };

    bool fold(Item& item);
    void refuse(Item& item);
    bool product(Item& item);
    bool document(Item& item, std::string_view kind);
    bool cancel(Item& item, std::string_view kind);
    void note(Item& item);
    bool hold(Item& item);
    bool hold_lift(Item& item);
    void recall_applied(Item& item, const std::string& target);
    void unknown_kind(Item& item);

    // What only the cloud can know (feed_notices.cpp).
    struct UnitNow {
        UnitState state = UnitState::none;
        std::string order;
        std::int64_t line = 0;
    };

    [[nodiscard]] UnitNow unit_now(const std::string& gtin, const std::string& serial);
    bool serial_conflict(Item& item);
    bool allocation_superseded(Item& item);
    bool lot_superseded(Item& item, const std::string& order, const std::string& given_to);
    bool event_rejected(Item& item);
    bool return_answer(Item& item);
    void open_case(Item& item,
                   std::string_view kind,
                   const std::string& subject,
                   const std::string& told,
                   const std::string& hold = {});
    void mention(const Item& item, const std::string& subject);

    std::string recalled_;
    CatalogueFold catalogue_;
    DocumentFold documents_;
    StockFold stock_;
    RangeFold ranges_;
    sqlite::Statement cursor_, hold_, recalled_units_, recalled_goods_, lift_, case_open_, mention_;
    sqlite::Statement unit_now_, promised_lots_, lot_taken_, case_open_now_, case_close_;
    PeopleFold people_;
    PromiseFold promises_;
};

}  // namespace lotgate::store
