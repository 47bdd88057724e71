#include "store/model/time.hpp"

#include "store/model/site_time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace lotgate {

namespace {

constexpr std::int64_t us_per_s = 1'000'000;
constexpr std::int64_t s_per_day = 86'400;

bool number_in(std::string_view text, int& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        const auto since = std::chrono::system_clock::now().time_since_epoch();
        return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
    }

    [[nodiscard]] std::chrono::nanoseconds monotonic() const override {
        return std::chrono::steady_clock::now().time_since_epoch();
    }
};

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

// `value` in `width` digits, from `at` on; each event has several times in it.
void put_digits(std::string& text, std::size_t at, std::size_t width, std::int64_t value) {
    for (std::size_t i = at + width; i-- > at;) {
        text[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

}  // namespace

std::string to_string(Date date) {
    const int year = static_cast<int>(date.year());
    // No calendar of ours, but an instant of a machine whose clock is lost has such a year.
    if (year < 0 || year > 9999)
        return fmt::format("{:04}-{:02}-{:02}",
                           year,
                           static_cast<unsigned>(date.month()),
                           static_cast<unsigned>(date.day()));
    std::string text = "0000-00-00";
    put_digits(text, 0, 4, year);
    put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
    put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
    return text;
}

std::string yymmdd(Date date) {
    return fmt::format("{:02}{:02}{:02}",
                       static_cast<int>(date.year()) % 100,
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

Result<Date> parse_date(std::string_view iso) {
    int year = 0;
    int month = 0;
    int day = 0;
    const bool form_is_right = iso.size() == 10 && iso[4] == '-' && iso[7] == '-' &&
                               number_in(iso.substr(0, 4), year) &&
                               number_in(iso.substr(5, 2), month) &&
                               number_in(iso.substr(8, 2), day) && month > 0 && day > 0;
    const Date date{std::chrono::year(year),
                    std::chrono::month(static_cast<unsigned>(month)),
                    std::chrono::day(static_cast<unsigned>(day))};
    if (!form_is_right || !date.ok())
        return fail(FaultCode::invalid_input, "a date is written YYYY-MM-DD", std::string(iso));
    return date;
}

std::string to_string(Instant instant) {
    const std::int64_t seconds = floor_div(instant.us, us_per_s);
    const std::int64_t days = floor_div(seconds, s_per_day);
    const std::int64_t of_day = seconds - days * s_per_day;
    std::string text = to_string(Date{std::chrono::sys_days{std::chrono::days{days}}});
    const std::size_t at = text.size();
    text += "T00:00:00.000000Z";
    put_digits(text, at + 1, 2, of_day / 3600);
    put_digits(text, at + 4, 2, of_day / 60 % 60);
    put_digits(text, at + 7, 2, of_day % 60);
    put_digits(text, at + 10, 6, instant.us - seconds * us_per_s);
    return text;
}

Result<Instant> parse_instant(std::string_view iso) {
    const auto malformed = [&] {
        return fail(FaultCode::invalid_input,
                    "an instant is written YYYY-MM-DDThh:mm:ss[.ffffff]Z",
                    std::string(iso));
    };
    if (iso.size() < 20 || iso[10] != 'T' || iso[13] != ':' || iso[16] != ':' || iso.back() != 'Z')
        return malformed();
    LG_TRY(const Date date, parse_date(iso.substr(0, 10)));
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!number_in(iso.substr(11, 2), hour) || !number_in(iso.substr(14, 2), minute) ||
        !number_in(iso.substr(17, 2), second) || hour > 23 || minute > 59 || second > 60)
        return malformed();
    std::int64_t fraction = 0;
    const std::string_view rest = iso.substr(19, iso.size() - 20);
    if (!rest.empty()) {
        int digits = 0;
        if (rest[0] != '.' || rest.size() < 2 || rest.size() > 7 ||
            !number_in(rest.substr(1), digits))
            return malformed();
        fraction = digits;
        for (std::size_t i = rest.size(); i < 7; ++i) fraction *= 10;
    }
    const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
    return Instant{((days * 24 + hour) * 3600 + minute * 60 + second) * us_per_s + fraction};
}

bool zone_is_known(const std::string& zone) {
    if (zone.empty() || zone.front() == '/' || zone.find("..") != std::string::npos) return false;

    struct stat info {};

    return stat(("/usr/share/zoneinfo/" + zone).c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

namespace {

// g++ 12 has no time zone database of its own, so libc's is asked; TZ is process-wide, and this is
// its only user.
std::tm local_time(Instant instant, const std::string& zone) {
    static std::mutex one_zone_at_a_time;
    static std::string current;
    const std::lock_guard lock(one_zone_at_a_time);
    if (current != zone) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): the lock above, and nobody else touches TZ
        setenv("TZ", zone_is_known(zone) ? (":" + zone).c_str() : "UTC0", 1);
        tzset();
        current = zone;
    }
    const std::time_t seconds = floor_div(instant.us, us_per_s);
    std::tm local{};
    localtime_r(&seconds, &local);
    return local;
}

}  // namespace

Date site_date(Instant instant, const std::string& zone) {
    const std::tm local = local_time(instant, zone);
    return Date{std::chrono::year(local.tm_year + 1900),
                std::chrono::month(static_cast<unsigned>(local.tm_mon + 1)),
                std::chrono::day(static_cast<unsigned>(local.tm_mday))};
}

int site_minute(Instant instant, const std::string& zone) {
    const std::tm local = local_time(instant, zone);
    return local.tm_hour * 60 + local.tm_min;
}

Clock& system_clock() {
    static SystemClock clock;
    return clock;
}

}  // namespace lotgate
