#pragma once

// How products, parties, owners and locations of the feed or an import change the projections
// (docs/data/feed.md). An item replaces the one before as a whole.

#include "store/sqlite/database.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace boost::json {
class object;
}

namespace lotgate::store {

/// A serial as it is compared: ASCII letters folded where the product says so (rule N-07).
[[nodiscard]] std::string serial_key_of(std::string_view serial, bool folds);
/// Where a serial's key stands once: "product:<gtin>", "owner:<owner>" or "global".
[[nodiscard]] std::string scope_of(std::string_view uniqueness,
                                   std::string_view gtin,
                                   std::string_view owner);

class CatalogueFold {
public:
    explicit CatalogueFold(sqlite::Database& database);

    /// False where the item cannot be read.
    [[nodiscard]] bool product(std::int64_t seq, const boost::json::object& item);
    [[nodiscard]] bool party(std::int64_t seq,
                             const boost::json::object& item,
                             std::string_view kind = {});
    [[nodiscard]] bool location(std::int64_t seq, const boost::json::object& item);

    /// Units of the product whose keys could not follow its new scope, after product(): another
    /// unit has the key already.
    [[nodiscard]] std::int64_t left_behind() const { return left_behind_; }

    struct Tracking {
        std::string owner;
        std::string uniqueness = "product";
        bool folds = false;
        int scale = 0;
    };

    /// Of a product that may be unknown.
    [[nodiscard]] Tracking tracking_of(const std::string& gtin);

private:
    void rekey(const std::string& gtin, const Tracking& now);
    void put_codes(std::int64_t seq, const std::string& gtin, const boost::json::object& item);

    sqlite::Statement product_, tracking_, rekey_, left_, arrived_;
    sqlite::Statement codes_gone_, code_, code_arrived_, party_, location_;
    std::int64_t left_behind_ = 0;
};

}  // namespace lotgate::store
