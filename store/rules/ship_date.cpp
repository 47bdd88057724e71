#include "store/rules/ship_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace lotgate::rules {

namespace {

constexpr std::array<std::string_view, 7> day_names = {
    "mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::int64_t days_max = 36'500;

bool is_working(std::chrono::sys_days day, unsigned working_days) {
    const unsigned bit = std::chrono::weekday(day).iso_encoding() - 1;
    return working_days == 0 || ((working_days >> bit) & 1U) != 0;
}

}  // namespace

std::optional<unsigned> working_days_named(std::string_view words) {
    unsigned bits = 0;
    while (!words.empty()) {
        const std::size_t end = words.find(' ');
        const std::string_view word = words.substr(0, end);
        const auto* const found = std::find(day_names.begin(), day_names.end(), word);
        if (found == day_names.end()) return std::nullopt;
        bits |= 1U << static_cast<unsigned>(found - day_names.begin());
        if (end == std::string_view::npos) break;
        words.remove_prefix(end + 1);
    }
    if (bits == 0) return std::nullopt;
    return bits;
}

std::optional<int> minute_named(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto digit = [&](std::size_t i) {
        return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100;
    };
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (hour > 23 || minute > 59) return std::nullopt;
    return hour * 60 + minute;
}

Date business_ship_date(Date today, int minute, const ShipCalendar& calendar) {
    std::chrono::sys_days day(today);
    const bool is_late = calendar.cutoff_minute && minute >= *calendar.cutoff_minute;
    if (is_late) day += std::chrono::days(1);
    while (!is_working(day, calendar.working_days)) day += std::chrono::days(1);
    return day;
}

Date days_after(Date date, std::int64_t days) {
    const std::int64_t bounded = std::clamp<std::int64_t>(days, 0, days_max);
    return std::chrono::sys_days(date) + std::chrono::days(bounded);
}

}  // namespace lotgate::rules
