#pragma once

// How people come to the site: feed items of kind "user" (docs/data/feed.md).

#include "store/sqlite/database.hpp"

#include <cstdint>

namespace boost::json {
class object;
}

namespace lotgate::store {

class PeopleFold {
public:
    explicit PeopleFold(sqlite::Database& database);

    /// False where the item cannot be read.
    [[nodiscard]] bool user(std::int64_t seq, const boost::json::object& body);

private:
    sqlite::Statement set_, gone_;
};

}  // namespace lotgate::store
