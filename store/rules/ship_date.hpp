#pragma once

// When what is packed now leaves, and when it arrives: by civil dates, never by adding hours (a day
// of 23 or 25 hours is a day).

#include "store/model/time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace lotgate::rules {

struct ShipCalendar {
    std::optional<int> cutoff_minute;  ///< of the site's day; none: ships until midnight
    unsigned working_days = 0x7f;      ///< bit 0 Monday … bit 6 Sunday; 0 counts as every day
};

/// "mon tue wed thu fri" as bits; nothing where a word is no day, or there is none.
[[nodiscard]] std::optional<unsigned> working_days_named(std::string_view words);
/// "16:30" as minutes of the day; nothing where it is no time.
[[nodiscard]] std::optional<int> minute_named(std::string_view text);

/// The day on which goods packed at that minute of that day leave: today before the cut-off of a
/// working day, else the next working day.
[[nodiscard]] Date business_ship_date(Date today, int minute, const ShipCalendar& calendar);
/// Calendar days; dates beyond the calendar's end stay at its end.
[[nodiscard]] Date days_after(Date date, std::int64_t days);

}  // namespace lotgate::rules
