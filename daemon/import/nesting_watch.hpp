#pragma once

// Cases on pallets, over a whole file of ASNs: a case stands on one pallet, never on itself, and no
// pallet is a case. Then nothing stands in a loop.

#include "daemon/import/import_table.hpp"

#include <cstdint>
#include <vector>

namespace lotgate::import {

class NestingWatch {
public:
    /// A row's columns sscc and pallet, as they were read.
    void see(std::int64_t line, const boost::json::object& fields);
    /// What is wrong, by the row and column of what was said last.
    void tell(const Tell& tell);

private:
    // An SSCC is a number of 18 digits; 0: none.
    struct Row {
        std::uint64_t sscc = 0;
        std::uint64_t pallet = 0;
        std::int64_t line = 0;

        auto operator<=>(const Row&) const = default;  // NOLINT(modernize-use-nullptr): no 0 here
    };

    std::vector<Row> rows_;
    bool has_pallets_ = false;
};

}  // namespace lotgate::import
