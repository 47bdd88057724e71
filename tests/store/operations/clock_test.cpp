// Clocks that jump, run back, are unset or lose their server, and what that does to dates.

#include "store/rules/facts.hpp"
#include "store/site_clock.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <future>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

/// Wall and monotonic clock apart, as in a machine.
class TwoClocks final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return wall_; }

    [[nodiscard]] std::chrono::nanoseconds monotonic() const override {
        return std::chrono::microseconds(monotonic_us_);
    }

    void set_wall(std::string_view iso) { wall_ = *parse_instant(iso); }

    void pass(std::chrono::seconds time) {
        const auto us = std::chrono::microseconds(time).count();
        wall_.us += us;
        monotonic_us_ += us;
    }

private:
    Instant wall_ = *parse_instant("2026-11-22T08:00:00Z");
    std::int64_t monotonic_us_ = 0;
};

Date date(std::string_view iso) {
    return *parse_date(iso);
}

store::SiteClock::Reading told(const TwoClocks& clock, const char* quality) {
    return {site_date(clock.now(), "UTC"), quality, false};
}

}  // namespace

TEST_CASE("a synchronised clock is believed, whatever it says", "[store][clock]") {
    TwoClocks clock;
    store::SiteClock site(clock, "UTC");
    CHECK(site.judge(told(clock, "synced"), {}).site_date == date("2026-11-22"));
    clock.set_wall("2026-11-25T08:00:00Z");
    const auto reading = site.judge(told(clock, "synced"), {});
    CHECK(reading.site_date == date("2026-11-25"));
    CHECK(reading.quality == "synced");
}

TEST_CASE("a clock that jumps without a time server is told once, and dates go on from before",
          "[store][clock]") {
    TwoClocks clock;
    store::SiteClock site(clock, "UTC");
    static_cast<void>(site.judge(told(clock, "synced"), {}));
    clock.pass(std::chrono::hours(1));
    CHECK(site.judge(told(clock, "holdover"), {}).quality == "holdover");
    for (const char* jumped : {"2027-03-01T00:00:00Z", "1970-01-01T00:00:10Z"}) {
        clock.set_wall(jumped);
        const auto first = site.judge(told(clock, "holdover"), {});
        CHECK(first.quality == "suspect");
        CHECK(first.site_date == date("2026-11-22"));
    }
    CHECK_FALSE(site.judge(told(clock, "holdover"), {}).became_suspect);
    clock.pass(std::chrono::hours(24));
    CHECK(site.judge(told(clock, "holdover"), {}).site_date == date("2026-11-23"));
    clock.set_wall("2026-11-23T09:00:00Z");
    CHECK(site.judge(told(clock, "synced"), {}).quality == "synced");
}

TEST_CASE("a jump of less than ten minutes is holdover, not suspicion", "[store][clock]") {
    TwoClocks clock;
    store::SiteClock site(clock, "UTC");
    static_cast<void>(site.judge(told(clock, "synced"), {}));
    clock.set_wall("2026-11-22T08:09:59Z");
    CHECK(site.judge(told(clock, "holdover"), {}).quality == "holdover");
    clock.set_wall("2026-11-22T08:10:01Z");
    const auto reading = site.judge(told(clock, "holdover"), {});
    CHECK(reading.quality == "suspect");
    CHECK(reading.became_suspect);
}

TEST_CASE("a clock that is unset after a start knows no date but the last trusted one",
          "[store][clock]") {
    TwoClocks clock;
    for (const char* wrong : {"1970-01-01T00:00:10Z", "2031-01-01T00:00:00Z"}) {
        store::SiteClock site(clock, "UTC");
        clock.set_wall(wrong);
        CHECK(site.judge(told(clock, "unset"), date("2026-11-22")).site_date == date("2026-11-22"));
    }
}

TEST_CASE("no clock makes a date earlier than the last trusted one", "[store][clock]") {
    TwoClocks clock;
    store::SiteClock site(clock, "UTC");
    CHECK(site.judge(told(clock, "holdover"), date("2026-12-01")).site_date == date("2026-12-01"));
    CHECK(site.judge(told(clock, "synced"), date("2026-12-01")).site_date == date("2026-12-01"));
}

TEST_CASE("the day of a site is its own from zone -11 to +14", "[store][clock]") {
    struct Row {
        const char* zone;
        const char* instant;
        const char* day;
    };

    const Row rows[] = {
        {"Pacific/Pago_Pago", "2026-03-31T10:59:59Z", "2026-03-30"},
        {"Pacific/Pago_Pago", "2026-03-31T11:00:00Z", "2026-03-31"},
        {"Pacific/Kiritimati", "2026-03-31T09:59:59Z", "2026-03-31"},
        {"Pacific/Kiritimati", "2026-03-31T10:00:00Z", "2026-04-01"},
        {"Asia/Kathmandu", "2026-03-31T18:14:59Z", "2026-03-31"},
        {"Asia/Kathmandu", "2026-03-31T18:15:00Z", "2026-04-01"},
        {"UTC", "2028-02-28T23:59:59Z", "2028-02-28"},
        {"UTC", "2028-02-29T00:00:00Z", "2028-02-29"},
        {"America/New_York", "2026-03-08T04:59:59Z", "2026-03-07"},  // the night clocks go forward
        {"America/New_York", "2026-03-08T05:00:00Z", "2026-03-08"},
        {"America/New_York", "2026-03-09T03:59:59Z", "2026-03-08"},  // a day of 23 hours
        {"America/New_York", "2026-03-09T04:00:00Z", "2026-03-09"},
        {"America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"},  // a day of 25 hours
        {"America/New_York", "2026-11-02T05:00:00Z", "2026-11-02"}};
    for (const Row& row : rows) {
        INFO(row.zone << " at " << row.instant);
        CHECK(site_date(*parse_instant(row.instant), row.zone) == date(row.day));
    }
    const Date expires = date("2026-03-31");
    CHECK_FALSE(rules::is_expired(
        expires, site_date(*parse_instant("2026-04-01T10:59:59Z"), "Pacific/Pago_Pago")));
    CHECK(rules::is_expired(
        expires, site_date(*parse_instant("2026-03-31T10:00:00Z"), "Pacific/Kiritimati")));
}

TEST_CASE("a decision under a clock that jumped is marked, told once, and judged by the old date",
          "[store][clock]") {
    TwoClocks clock;
    TempDir directory;
    store::StoreConfig config;
    config.path = directory.file("site.db");
    config.site = "TEST-1";
    auto opened = store::Store::open(config, clock);
    REQUIRE(opened.has_value());
    const auto scan = [&](const char* id, const char* quality) {
        rules::Attempt attempt;
        attempt.request_id = id;
        attempt.step = Step::pack;
        attempt.station = "PACK-1";
        attempt.at = clock.now();
        attempt.site_date = site_date(clock.now(), "UTC");
        attempt.clock_quality = quality;
        attempt.observation.raw = "SO-404";
        attempt.what.plain = "SO-404";
        attempt.policy = std::make_shared<rules::StationPolicy>();
        std::promise<Result<store::Outcome>> promise;
        auto future = promise.get_future();
        (*opened)->submit(attempt, [&](Result<store::Outcome> outcome) {
            promise.set_value(std::move(outcome));
        });
        return *future.get();
    };
    const auto suspects = [](const store::Outcome& outcome) {
        return std::count_if(outcome.findings.begin(), outcome.findings.end(), [](const auto& one) {
            return one.code == "CLOCK_SUSPECT";
        });
    };
    CHECK(suspects(scan("r1", "synced")) == 0);
    clock.set_wall("2027-11-22T08:00:00Z");
    CHECK(suspects(scan("r2", "holdover")) == 1);
    CHECK(suspects(scan("r3", "holdover")) == 0);
    const std::string why = (*store::Queries::open(config.path))->why("#3").value_or("");
    CHECK(why.find(R"("clock":"suspect")") != std::string::npos);
    CHECK(why.find(R"("site_date":"2026-11-22")") != std::string::npos);
    CHECK(why.find("\"boot\":") != std::string::npos);
}
