#pragma once

// What orders are promised: lots by quantity, units one by one; and what ends a promise.

#include "store/events/changes.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <string>

namespace lotgate::store {

class PromiseFold {
public:
    explicit PromiseFold(sqlite::Database& database);

    void apply(std::int64_t seq, const Promised& promised);
    void apply(std::int64_t seq, const UnitPromised& promised);
    /// The order is done or cancelled: what was promised and not taken is free.
    void release(std::int64_t seq, const std::string& order);

private:
    sqlite::Database* database_;
    sqlite::Statement more_, less_, none_, lots_gone_, unit_, unit_free_, units_free_;
};

}  // namespace lotgate::store
