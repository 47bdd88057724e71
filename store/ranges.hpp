#pragma once

// Numbers from the ranges that are leased to this site: which one is next, and when few are left.
// Reading is in the transaction that takes the number; what is taken is a change of its event.

#include "store/events/changes.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lotgate::store::sqlite {
class Database;
}

namespace lotgate::store {

/// The range with the next number of a kind; empty id: none is left.
struct RangeFacts {
    std::string kind;  ///< "sscc", "serial" or "lot"
    std::string id;
    std::string prefix;
    std::int64_t width = 0;
    std::int64_t next = 0;
    std::int64_t left = 0;  ///< in all ranges that serve, the next one counted
    std::int64_t low = 0;   ///< at this many a person is told

    [[nodiscard]] bool is_empty() const { return id.empty(); }

    /// The next number as it stands on a label: an SSCC with its check digit, or prefix and digits.
    [[nodiscard]] std::string number() const;
};

[[nodiscard]] RangeFacts next_sscc(sqlite::Database& database);
/// kind "serial" or "lot"; a range for the product comes before one for all. Numbers that goods
/// have already, since somebody else gave them, are passed over.
[[nodiscard]] RangeFacts next_number(sqlite::Database& database,
                                     std::string_view kind,
                                     const std::string& gtin,
                                     const std::function<bool(const std::string&)>& is_taken);

/// What is told when none is left.
[[nodiscard]] std::string no_number_told(std::string_view kind);

/// "range:sscc": what a case about a kind of range is about.
[[nodiscard]] std::string range_subject(std::string_view kind);

/// The case to open when the next number is taken; nothing while enough are left. It is opened
/// when the mark is passed, and when the last one goes.
[[nodiscard]] std::optional<CaseOpened> low_water(const RangeFacts& range, std::int64_t case_id);

}  // namespace lotgate::store
