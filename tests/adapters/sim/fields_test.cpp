#include "adapters/sim/fields.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch.hpp>

using namespace lotgate::sim;

TEST_CASE("all that is wrong with a request is said at once", "[sim]") {
    const json::value value =
        json::parse(R"({"port": 70000, "link": 5, "spede": 1, "points": 1.5, "on": "yes"})");
    Fields fields(value.get_object(), "request");
    CHECK(fields.port("port") == 0);
    CHECK(fields.text("link").empty());
    CHECK(fields.text("data").empty());
    CHECK(fields.number("points", {1, 4}, 2) == 1);
    CHECK_FALSE(fields.flag("on", false));
    CHECK(fields.number("speed", {1, 9}, 3) == 3);
    const auto finished = fields.finish();
    REQUIRE_FALSE(finished.has_value());
    CHECK(finished.error().detail() ==
          "request: \"port\": expected a whole number from 0 to 65535, found 70000\n"
          "request: \"link\": expected a string, found 5\n"
          "request: \"data\" is missing: expected a string\n"
          "request: \"points\": expected a whole number from 1 to 4, found 1.5E0\n"
          "request: \"on\": expected true or false, found \"yes\"\n"
          "request: \"spede\" is not known here; known are data, link, on, points, port, speed");
}

TEST_CASE("what is right is read", "[sim]") {
    const json::value value = json::parse(
        R"({"lanes": [1, 2], "ids": ["a"], "rate": 2, "word": "b", "none": null, "text": "x"})");
    Fields fields(value.get_object(), "request");
    CHECK(fields.numbers("lanes", {1, 4}) == std::vector<std::int64_t>{1, 2});
    CHECK(fields.texts("ids") == std::vector<std::string>{"a"});
    CHECK(fields.decimal("rate", 0) == 2.0);
    CHECK(fields.word("word", {"a", "b"}) == "b");
    CHECK(fields.word("other", {"a", "b"}) == "a");
    CHECK_FALSE(fields.text_or_null("none").has_value());
    CHECK(fields.text_or_null("text") == "x");
    CHECK(fields.finish().has_value());
}
