#pragma once

// What is in hand at each station, and whose badge was scanned there: written with the event that
// changes it, and kept in memory too, since each scan asks for it and few change it. Store thread
// only; errors are the database's (sticky).

#include "store/events/changes.hpp"
#include "store/sqlite/database.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace lotgate::store {

/// All empty where nothing is in hand.
struct StationRow {
    std::string document;
    std::string carton;
    std::string place;
};

struct StationBadgeRow {
    std::string badge;
    std::string second_badge;
    std::string reason;
    std::int64_t at_us = 0;
};

class StationRows {
public:
    explicit StationRows(sqlite::Database& database);

    void apply(std::int64_t seq, const StationSet& set);
    void apply(std::int64_t seq, const BadgeShown& shown);

    /// Both as of the last change applied; valid until the next call.
    [[nodiscard]] const StationRow& in_hand(const std::string& station);
    [[nodiscard]] const std::optional<StationBadgeRow>& badge_at(const std::string& station);

    /// After a rollback: the tables are read again.
    void forget();

private:
    static constexpr std::size_t kept_max = 4096;  ///< of each kind; hand-helds name their own

    sqlite::Statement set_, get_, badge_set_, badge_gone_, badge_get_;
    std::map<std::string, StationRow, std::less<>> in_hand_;
    std::map<std::string, std::optional<StationBadgeRow>, std::less<>> badges_;
};

}  // namespace lotgate::store
