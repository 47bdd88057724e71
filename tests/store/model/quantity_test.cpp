// Quantities are exact: what a person writes is what is kept, or it is refused.

#include "store/model/quantity.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;

TEST_CASE("a quantity is kept exactly at its product's scale", "[model][quantity]") {
    CHECK(*parse_quantity("12", 0) == 12);
    CHECK(*parse_quantity("12.5", 3) == 12500);
    CHECK(*parse_quantity("0.000001", 6) == 1);
    CHECK(*parse_quantity("7.00", 0) == 7);
    CHECK(quantity_text(12500, 3) == "12.5");
    CHECK(quantity_text(12000, 3) == "12");
    CHECK(quantity_text(1, 6) == "0.000001");
    CHECK(quantity_text(-500, 3) == "-0.5");
}

TEST_CASE("what is no quantity is refused, not guessed", "[model][quantity]") {
    for (const char* text : {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1 ", "0x1"})
        CHECK_FALSE(parse_quantity(text, 3).has_value());
    CHECK_FALSE(parse_quantity("0.5", 0).has_value());
    CHECK_FALSE(parse_quantity("0.0001", 3).has_value());
    CHECK(parse_quantity("1000000000000000", 0).has_value());
    CHECK_FALSE(parse_quantity("1000000000000001", 0).has_value());
    CHECK_FALSE(parse_quantity("1000000000000000", 1).has_value());
    CHECK_FALSE(parse_quantity("99999999999999999999999999", 0).has_value());
}
