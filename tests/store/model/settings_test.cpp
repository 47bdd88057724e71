#include "store/model/settings.hpp"

#include <catch2/catch.hpp>

using lotgate::SettingsMembers;
using lotgate::SettingsNode;
using lotgate::SettingsProblems;
using lotgate::SettingsTable;
using namespace std::chrono_literals;

namespace {

SettingsNode value_at(int line, decltype(SettingsNode::value) value) {
    return {{"site.toml", line, 8}, {"site.toml", line, 1}, std::move(value)};
}

}  // namespace

TEST_CASE("a misspelt key is named with its line and the spelling that was meant", "[config]") {
    const SettingsNode node =
        value_at(13, SettingsMembers{{"buad", value_at(14, std::int64_t{115200})}});
    SettingsProblems problems;
    SettingsTable table(node, "[[device]] \"D2\"", problems);

    CHECK(table.integer("baud", 9600, {1200, 115200}) == 9600);
    table.no_other_keys();

    REQUIRE(problems.size() == 1);
    CHECK(problems[0].place.line == 14);
    CHECK(problems[0].place.column == 1);
    CHECK(problems[0].message == "unknown key \"buad\" in [[device]] \"D2\"");
    CHECK(problems[0].hint == "did you mean \"baud\"?");
}

TEST_CASE("all problems of a table are told at once", "[config]") {
    const SettingsNode node =
        value_at(1,
                 SettingsMembers{{"baud", value_at(2, std::int64_t{7})},
                                 {"quiet", value_at(3, std::string("1500"))},
                                 {"parity", value_at(4, std::string("evne"))}});
    SettingsProblems problems;
    SettingsTable table(node, "[[device]]", problems);

    CHECK(table.integer("baud", 9600, {1200, 115200}) == 9600);
    CHECK(table.duration("quiet", 1500ms, {0ms, 10s}) == 1500ms);
    CHECK(table.one_of("parity", {"none", "even", "odd"}) == "none");
    CHECK(table.required_text("port").empty());
    table.no_other_keys();

    REQUIRE(problems.size() == 4);
    CHECK(problems[2].hint == "did you mean \"even\"?");
    CHECK(problems[3].hint == "add port = \"...\"");
}

TEST_CASE("durations carry their unit", "[config]") {
    CHECK(lotgate::parse_duration("1500ms") == 1500ms);
    CHECK(lotgate::parse_duration("2s") == 2000ms);
    CHECK(lotgate::parse_duration("5min") == 300s);
    CHECK(lotgate::parse_duration("1h") == 3600s);
    CHECK_FALSE(lotgate::parse_duration("15"));
    CHECK_FALSE(lotgate::parse_duration("-2s"));
    CHECK_FALSE(lotgate::parse_duration("2 s"));
}
