// Patterns of serials and lots: what they match as a whole, and what is refused when it is written.

#include "store/model/pattern.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lotgate;

namespace {

bool fits(std::string_view pattern, std::string_view text) {
    const auto parsed = Pattern::parse(pattern);
    REQUIRE(parsed.has_value());
    return parsed->matches(text);
}

}  // namespace

TEST_CASE("a pattern is about the whole text", "[model][pattern]") {
    CHECK(fits("[A-Z]{2}\\d{4}", "AB1234"));
    CHECK_FALSE(fits("[A-Z]{2}\\d{4}", "AB12345"));
    CHECK_FALSE(fits("[A-Z]{2}\\d{4}", "xAB1234"));
    CHECK(fits("^SN-?\\d+$", "SN7"));
    CHECK(fits("^SN-?\\d+$", "SN-7"));
    CHECK(fits("L|LOT", "LOT"));
    CHECK_FALSE(fits("L|LOT", "LO"));
    CHECK(fits("(AB)*", ""));
    CHECK(fits("(AB)*", "ABAB"));
    CHECK_FALSE(fits("(AB)*", "ABA"));
    CHECK(fits("a{2,3}", "aaa"));
    CHECK_FALSE(fits("a{2,3}", "a"));
    CHECK_FALSE(fits("a{2,3}", "aaaa"));
    CHECK(fits("a{2,}", "aaaaa"));
    CHECK(fits("[^0-9]+", "abc"));
    CHECK_FALSE(fits("[^0-9]+", "ab1"));
    CHECK(fits("a\\.b", "a.b"));
    CHECK_FALSE(fits("a\\.b", "axb"));
    CHECK(fits("[a\\-z]+", "-az"));
    CHECK(fits("", ""));
    CHECK(fits("\\w+\\s\\S", "a_1 x"));
}

TEST_CASE("a pattern that is none is refused with its place", "[model][pattern]") {
    for (const char* pattern :
         {"(", ")", "[", "[a", "*", "a{", "a{}", "a{3,2}", "a{101}", "\\", "[z-a]", "a**", "(a"})
        CHECK_FALSE(Pattern::parse(pattern).has_value());
    CHECK_FALSE(Pattern::parse(std::string(257, 'a')).has_value());
    CHECK_FALSE(Pattern::parse("((((a{100}){100}){100}){100})").has_value());
    CHECK(Pattern::parse("a)").error().detail().find("character 2") != std::string::npos);
}

TEST_CASE("no pattern takes longer than its text is long", "[model][pattern]") {
    const std::string text = std::string(64, 'a') + "b";
    CHECK_FALSE(fits("(a+)+", text));
    CHECK_FALSE(fits("(a|a)*", text));
    CHECK_FALSE(fits("(a?){60}a{60}", text));
    CHECK_FALSE(fits("((a*)*)*", text));
}
