#pragma once

// How imported lots and opening stock change the projections (docs/DATA.md, "Import"). A row says
// what is there, not what is added: the same row twice changes nothing.

#include "store/projections/catalogue_fold.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <string>

namespace boost::json {
class object;
}

namespace lotgate::store {

class StockFold {
public:
    StockFold(sqlite::Database& database, CatalogueFold& catalogue);

    /// False where the item cannot be read.
    [[nodiscard]] bool lot(std::int64_t seq, const boost::json::object& item);
    /// A unit that stands in the building, or the quantity of a lot at one place.
    [[nodiscard]] bool stock(std::int64_t seq, const boost::json::object& item);

private:
    void put_unit(std::int64_t seq,
                  const boost::json::object& item,
                  const std::string& gtin,
                  const std::string& key);
    void put_balance(const boost::json::object& item,
                     const std::string& gtin,
                     const std::string& key);

    CatalogueFold* catalogue_;
    sqlite::Statement lot_, variant_, unit_, old_, balance_, empty_, received_;
};

}  // namespace lotgate::store
