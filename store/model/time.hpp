#pragma once

// Two kinds of time that never mix without a site time zone: the date on a label, and the instant
// something happened (UTC). The clock is injected; production's is in store/model/time.cpp, and
// nowhere else is the wall clock read.

#include "store/model/result.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace lotgate {

/// A calendar date as labels carry it. Good through the end of that day at the site.
using Date = std::chrono::year_month_day;

[[nodiscard]] std::string to_string(Date date);  ///< "2026-03-31"
[[nodiscard]] Result<Date> parse_date(std::string_view iso);
/// "260331", as GS1 element strings (AI 11 to 17) and the PTI voice code write it.
[[nodiscard]] std::string yymmdd(Date date);

/// Microseconds since 1970-01-01 UTC.
struct Instant {
    std::int64_t us = 0;

    // NOLINTNEXTLINE(modernize-use-nullptr): the check takes the rewritten comparison for a 0
    friend auto operator<=>(const Instant&, const Instant&) = default;
};

[[nodiscard]] std::string to_string(Instant instant);  ///< "2026-11-22T01:44:09.123456Z"
[[nodiscard]] Result<Instant> parse_instant(std::string_view iso);

/// The site's civil date at an instant. `zone` is a tz database name ("America/New_York").
/// Falls back to UTC where the zone is unknown; zone_is_known() tells at configuration time.
[[nodiscard]] Date site_date(Instant instant, const std::string& zone);
[[nodiscard]] bool zone_is_known(const std::string& zone);

/// Reads of the clocks; called from any thread.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    [[nodiscard]] virtual Instant now() const = 0;
    /// Never runs back; only differences mean anything.
    [[nodiscard]] virtual std::chrono::nanoseconds monotonic() const = 0;
};

/// The machine's clocks.
[[nodiscard]] Clock& system_clock();

}  // namespace lotgate
