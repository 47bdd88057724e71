#pragma once

// Ranges of numbers that the cloud leases to this site alone (feed kinds sscc_range, serial_range,
// lot_range, range_end), and the numbers taken from them. A range that overlaps another of its kind
// is refused: two labels could get one number.

#include "store/events/changes.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <string_view>

namespace boost::json {
class object;
}

namespace lotgate::store {

class RangeFold {
public:
    explicit RangeFold(sqlite::Database& database);

    /// False: it cannot be read, or it overlaps another.
    [[nodiscard]] bool put(std::int64_t seq,
                           std::string_view kind,
                           const boost::json::object& body);
    /// No number is taken from it any more, also where it comes later. False: cannot be read.
    [[nodiscard]] bool end(std::int64_t seq, const boost::json::object& body);
    void take(const SsccTaken& taken);
    void take(const NumberTaken& taken);

private:
    [[nodiscard]] bool put_sscc(std::int64_t seq, const boost::json::object& body);
    [[nodiscard]] bool put_number(std::int64_t seq,
                                  std::string_view kind,
                                  const boost::json::object& body);
    void refilled(std::int64_t seq, std::string_view kind);

    sqlite::Statement sscc_, sscc_overlap_, sscc_take_, number_, number_overlap_, number_take_;
    sqlite::Statement sscc_end_, number_end_, case_close_;
};

}  // namespace lotgate::store
