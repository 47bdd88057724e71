// Which stock goes first: tables over candidate lists, and what other systems got wrong.

#include "store/rules/rotation.hpp"

#include "store/rules/ship_date.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace lotgate;
using namespace lotgate::rules;

namespace {

Date day(const char* iso) {
    return *parse_date(iso);
}

Candidate lot(const char* name, const char* expires_on, std::int64_t quantity, std::int64_t seq) {
    Candidate candidate;
    candidate.lot_key = name;
    candidate.lot_raw = name;
    candidate.place = "A-01";
    if (*expires_on != '\0') candidate.expires_on = day(expires_on);
    candidate.quantity = quantity;
    candidate.first_seq = seq;
    return candidate;
}

Need need_of(std::int64_t quantity, Rotation rotation = Rotation::fefo) {
    Need need;
    need.quantity = quantity;
    need.rotation = rotation;
    need.delivered_on = day("2026-09-01");
    return need;
}

std::string picked(const Directed& directed) {
    std::string words;
    for (const Candidate& pick : directed.picks)
        words += pick.lot_key + ":" + std::to_string(pick.quantity) + " ";
    return words + "missing " + std::to_string(directed.missing);
}

std::string order_of(std::vector<Candidate> candidates, Rotation rotation) {
    put_in_order(candidates, rotation);
    std::string words;
    for (const Candidate& candidate : candidates) words += candidate.lot_key + " ";
    return words;
}

}  // namespace

// erpnext#58640: one lot was taken for the whole quantity, and the error spoke of negative stock.
TEST_CASE("a quantity that spans lots is split over them in order", "[rules][R-27]") {
    const std::vector<Candidate> stock{
        lot("c", "2026-12-01", 14, 3), lot("a", "2026-09-03", 2, 1), lot("b", "2026-10-01", 3, 2)};
    CHECK(picked(direct(stock, need_of(5))) == "a:2 b:3 missing 0");
    CHECK(picked(direct(stock, need_of(19))) == "a:2 b:3 c:14 missing 0");
    CHECK(picked(direct(stock, need_of(30))) == "a:2 b:3 c:14 missing 11");
    CHECK(direct(stock, need_of(5)).told() == "lot a from A-01 (2), lot b from A-01 (3)");
    CHECK(direct(stock, need_of(19)).told(1) == "lot a from A-01 (2), …");
}

TEST_CASE("the first to expire goes first, goods without a date last", "[rules][R-26]") {
    const std::vector<Candidate> stock{
        lot("undated", "", 5, 1), lot("late", "2027-01-01", 5, 2), lot("soon", "2026-10-01", 5, 3)};
    CHECK(order_of(stock, Rotation::fefo) == "soon late undated ");
    CHECK(order_of(stock, Rotation::fifo) == "undated late soon ");
    CHECK(order_of(stock, Rotation::lifo) == "soon late undated ");
    CHECK(picked(direct(stock, need_of(12))) == "soon:5 late:5 undated:2 missing 0");
}

TEST_CASE("equal dates go by receipt, then the smaller rest, the walk and the lot",
          "[rules][R-26]") {
    SECTION("earlier receipt") {
        CHECK(order_of({lot("b", "2026-10-01", 1, 9), lot("a", "2026-10-01", 9, 8)},
                       Rotation::fefo) == "a b ");
    }
    SECTION("smaller rest empties a place") {
        CHECK(order_of({lot("a", "2026-10-01", 9, 8), lot("b", "2026-10-01", 2, 8)},
                       Rotation::fefo) == "b a ");
    }
    SECTION("the walk") {
        auto far = lot("a", "2026-10-01", 2, 8);
        far.walk_order = 70;
        CHECK(order_of({far, lot("b", "2026-10-01", 2, 8)}, Rotation::fefo) == "b a ");
    }
    SECTION("the lot") {
        CHECK(order_of({lot("b", "2026-10-01", 2, 8), lot("a", "2026-10-01", 2, 8)},
                       Rotation::fefo) == "a b ");
    }
}

TEST_CASE("the same stock in any order of rows gives the same list", "[rules][R-26]") {
    std::vector<Candidate> stock;
    for (int i = 0; i < 40; ++i) {
        const char* date = i % 3 == 0 ? "2026-10-01" : i % 3 == 1 ? "2026-11-01" : "";
        stock.push_back(lot(("l" + std::to_string(i)).c_str(), date, i % 4 + 1, i % 5));
    }
    std::mt19937 random(7);
    for (const Rotation rotation :
         {Rotation::none, Rotation::fefo, Rotation::fifo, Rotation::lifo}) {
        const std::string expected = order_of(stock, rotation);
        for (int i = 0; i < 50; ++i) {
            std::shuffle(stock.begin(), stock.end(), random);
            REQUIRE(order_of(stock, rotation) == expected);
        }
    }
}

// Vendors say that FEFO keeps a 30-day lot from being shipped; it is what ships it. What keeps it
// back is the customer's minimum remaining life.
TEST_CASE("a lot without the customer's remaining life is passed over", "[rules][R-14]") {
    const std::vector<Candidate> stock{lot("thirty", "2026-10-01", 5, 1),
                                       lot("sixmonths", "2027-03-01", 5, 2)};
    CHECK(picked(direct(stock, need_of(5))) == "thirty:5 missing 0");
    Need need = need_of(5);
    need.min_life_days = 31;
    CHECK(picked(direct(stock, need)) == "sixmonths:5 missing 0");
    need.min_life_days = 30;
    CHECK(picked(direct(stock, need)) == "thirty:5 missing 0");
}

TEST_CASE("remaining life is counted in calendar days at delivery", "[rules][R-14]") {
    struct Row {
        const char* expires_on;
        const char* delivered_on;
        std::int64_t min_life;
        bool has;
    };

    const auto row =
        GENERATE(Row{"2026-09-01", "2026-09-01", 0, true},   // its own last day
                 Row{"2026-08-31", "2026-09-01", 0, false},  // expired the day before
                 Row{"2026-09-02", "2026-09-01", 1, true},
                 Row{"2026-09-01", "2026-09-01", 1, false},
                 Row{"2028-03-01", "2028-02-28", 2, true},   // over a leap day
                 Row{"2027-03-01", "2027-02-28", 2, false},  // and over none
                 Row{"2026-10-26", "2026-10-24", 2, true});  // over the change of clocks
    INFO(row.expires_on << " at " << row.delivered_on << " with " << row.min_life);
    Need need;
    need.delivered_on = day(row.delivered_on);
    need.min_life_days = row.min_life;
    CHECK(has_life(day(row.expires_on), need) == row.has);
    CHECK(has_life(std::nullopt, need));
}

// odoo test_05_confirmation_on_delivery: good, mixed and expired lots.
TEST_CASE("what expires before delivery is not eligible, however much of it there is",
          "[rules][R-41]") {
    const std::vector<Candidate> mixed{lot("gone", "2026-08-31", 50, 1),
                                       lot("good", "2026-09-30", 4, 2)};
    CHECK(picked(direct(mixed, need_of(4))) == "good:4 missing 0");
    CHECK(picked(direct(mixed, need_of(10))) == "good:4 missing 6");
    CHECK(picked(direct({mixed.front()}, need_of(1))) == "missing 1");
}

TEST_CASE("a single-lot line takes one lot that has enough, or none", "[rules][R-28]") {
    const std::vector<Candidate> stock{
        lot("a", "2026-10-01", 2, 1), lot("b", "2026-11-01", 6, 2), lot("c", "2026-12-01", 9, 3)};
    Need need = need_of(5);
    need.single_lot = true;
    CHECK(picked(direct(stock, need)) == "b:5 missing 0");
    need.quantity = 2;
    CHECK(picked(direct(stock, need)) == "a:2 missing 0");
    need.quantity = 10;
    CHECK(picked(direct(stock, need)) == "missing 10");
    // Two places of one lot are one lot.
    auto other_place = lot("a", "2026-10-01", 8, 1);
    other_place.place = "B-01";
    auto both = stock;
    both.push_back(other_place);
    CHECK(picked(direct(both, need)) == "a:2 a:8 missing 0");
}

TEST_CASE("a line that names a lot takes no other", "[rules][R-24]") {
    Need need = need_of(3);
    need.lot_key = "b";
    CHECK(picked(direct({lot("a", "2026-10-01", 5, 1), lot("b", "2026-12-01", 5, 2)}, need)) ==
          "b:3 missing 0");
}

TEST_CASE("an earlier lot in reach is a violation beyond the tolerance", "[rules][R-25]") {
    const std::vector<Candidate> stock{lot("early", "2026-10-01", 1, 5),
                                       lot("late", "2026-10-08", 9, 1)};
    const auto before = [&](const Candidate& taken, std::int64_t tolerance, Rotation rotation) {
        const Candidate* first = goes_before(stock, taken, need_of(1, rotation), tolerance);
        return first == nullptr ? std::string() : first->lot_key;
    };
    CHECK(before(stock[1], 0, Rotation::fefo) == "early");
    CHECK(before(stock[1], 6, Rotation::fefo) == "early");
    CHECK(before(stock[1], 7, Rotation::fefo).empty());
    CHECK(before(stock[0], 0, Rotation::fefo).empty());
    CHECK(before(lot("undated", "", 1, 1), 30, Rotation::fefo) == "early");
    CHECK(before(stock[0], 0, Rotation::fifo) == "late");
    CHECK(before(stock[1], 0, Rotation::lifo) == "early");
    CHECK(before(stock[1], 0, Rotation::none).empty());
}

TEST_CASE("an earlier lot the customer would not take is no violation", "[rules][R-25]") {
    Need need = need_of(1);
    need.min_life_days = 60;
    const auto late = lot("late", "2027-01-01", 5, 2);
    CHECK(goes_before({lot("early", "2026-10-01", 5, 1), late}, late, need, 0) == nullptr);
    need.min_life_days = 0;
    CHECK(goes_before({lot("empty", "2026-10-01", 0, 1), late}, late, need, 0) == nullptr);
}

TEST_CASE("rotation is looked up from the order line outwards", "[rules][X10]") {
    CHECK(rotation_of({"", "", "FEFO", "", "FIFO"}) == Rotation::fefo);
    CHECK(rotation_of({"none", "FEFO"}) == Rotation::none);
    CHECK(rotation_of({"", "LIFO", "FEFO"}) == Rotation::lifo);
    CHECK(rotation_of({"fefo", "FIFO"}) == Rotation::fifo);
    CHECK(rotation_of({"", ""}) == Rotation::none);
}

TEST_CASE("what is packed after the cut-off or on a day off leaves on the next working day",
          "[rules][ship_date]") {
    struct Row {
        const char* today;
        int minute;
        const char* leaves;
    };

    // 2026-11-27 is a Friday; the cut-off is 16:30, work is Monday to Friday.
    const auto row = GENERATE(Row{"2026-11-27", 0, "2026-11-27"},
                              Row{"2026-11-27", 989, "2026-11-27"},   // 16:29
                              Row{"2026-11-27", 990, "2026-11-30"},   // 16:30: Monday
                              Row{"2026-11-28", 600, "2026-11-30"},   // Saturday morning
                              Row{"2026-12-31", 1439, "2027-01-01"},  // over the year's end
                              Row{"2028-02-28", 1000, "2028-02-29"});
    INFO(row.today << " minute " << row.minute);
    ShipCalendar calendar;
    calendar.cutoff_minute = 990;
    calendar.working_days = *working_days_named("mon tue wed thu fri");
    CHECK(business_ship_date(day(row.today), row.minute, calendar) == day(row.leaves));
}

TEST_CASE("without a cut-off the day itself counts to midnight", "[rules][ship_date]") {
    CHECK(business_ship_date(day("2026-11-28"), 1439, {}) == day("2026-11-28"));
    CHECK(days_after(day("2026-12-31"), 60) == day("2027-03-01"));
    CHECK(days_after(day("2026-12-31"), -4) == day("2026-12-31"));
    CHECK(minute_named("16:30") == 990);
    for (const char* text : {"", "1630", "24:00", "16:60", "6:30", "ab:cd"})
        CHECK_FALSE(minute_named(text));
    CHECK(working_days_named("sat") == 0x20U);
    for (const char* text : {"", "mon,tue", "Mon", "mon  tue"})
        CHECK_FALSE(working_days_named(text));
}
