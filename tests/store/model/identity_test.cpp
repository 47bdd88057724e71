#include "store/model/identity.hpp"

#include <catch2/catch.hpp>

using lotgate::Gtin;
using lotgate::Lot;
using lotgate::Serial;
using lotgate::Sscc;

TEST_CASE("a GTIN is known by its 14 digits and remembers how long it was", "[model]") {
    const auto gtin = Gtin::parse("9506000134352");
    REQUIRE(gtin);
    CHECK(gtin->text() == "09506000134352");
    CHECK(gtin->native_length() == 13);
}

TEST_CASE("a GTIN with a wrong check digit is not a GTIN", "[model]") {
    CHECK_FALSE(Gtin::parse("9506000134353"));
    CHECK_FALSE(Gtin::parse("950600013435"));
    CHECK_FALSE(Gtin::parse("950600013435X"));
    CHECK_FALSE(Gtin::parse(""));
}

TEST_CASE("an SSCC has 18 digits and a right check digit", "[model]") {
    CHECK(Sscc::parse("095060000000000015"));
    CHECK_FALSE(Sscc::parse("095060000000000014"));
    CHECK_FALSE(Sscc::parse("09506000000000001"));
}

TEST_CASE("lots match whatever the case of their letters, serials only exactly", "[model]") {
    CHECK(*Lot::parse("L-88a") == *Lot::parse("l-88A"));
    CHECK(Lot::parse("L-88a")->as_labelled() == "L-88a");
    CHECK(Lot::parse("A  1")->key() == "a 1");
    CHECK_FALSE(*Serial::parse("s1") == *Serial::parse("S1"));
}

TEST_CASE("a serial or lot holds no control characters and is not empty", "[model]") {
    CHECK_FALSE(Serial::parse(""));
    CHECK_FALSE(Serial::parse("A\x1d"));
    CHECK_FALSE(Lot::parse(std::string(65, 'A')));
}
