#include "store/model/time.hpp"

#include <catch2/catch.hpp>

using lotgate::Instant;
using lotgate::parse_date;
using lotgate::parse_instant;
using lotgate::site_date;
using lotgate::to_string;

TEST_CASE("dates and instants are written one way and read back the same", "[model]") {
    CHECK(to_string(*parse_date("2028-02-29")) == "2028-02-29");
    CHECK(to_string(*parse_instant("2026-11-22T01:44:09.000120Z")) ==
          "2026-11-22T01:44:09.000120Z");
    CHECK(to_string(*parse_instant("1969-12-31T23:59:59.5Z")) == "1969-12-31T23:59:59.500000Z");
}

TEST_CASE("a date that is not in the calendar is refused", "[model]") {
    CHECK_FALSE(parse_date("2027-02-29"));
    CHECK_FALSE(parse_date("2026-13-01"));
    CHECK_FALSE(parse_date("2026-1-01"));
    CHECK_FALSE(parse_instant("2026-11-22 01:44:09Z"));
}

TEST_CASE("midnight at the site decides its date, not midnight in Greenwich", "[model]") {
    const Instant half_past_three = *parse_instant("2026-11-22T03:30:00Z");
    CHECK(to_string(site_date(half_past_three, "America/New_York")) == "2026-11-21");
    CHECK(to_string(site_date(half_past_three, "UTC")) == "2026-11-22");
    CHECK(to_string(site_date(half_past_three, "Pacific/Kiritimati")) == "2026-11-22");
    const Instant eleven = *parse_instant("2026-11-22T11:00:00Z");
    CHECK(to_string(site_date(eleven, "Pacific/Kiritimati")) == "2026-11-23");
    CHECK(to_string(site_date(eleven, "Pacific/Pago_Pago")) == "2026-11-22");
    CHECK_FALSE(lotgate::zone_is_known("Mars/Olympus"));
    CHECK_FALSE(lotgate::zone_is_known("../../etc/passwd"));
}
