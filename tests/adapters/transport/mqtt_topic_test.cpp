#include "adapters/transport/mqtt_topic.hpp"

#include <catch2/catch.hpp>

namespace lotgate::adapters {

TEST_CASE("topic filters match as MQTT 3.1.1 section 4.7 says", "[adapters][mqtt]") {
    struct Row {
        const char* filter;
        const char* topic;
        bool matches;
    };

    const Row rows[] = {
        {"sport/tennis/player1/#", "sport/tennis/player1", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/ranking", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
        {"sport/#", "sport", true},
        {"#", "sport/tennis", true},
        {"sport/tennis/+", "sport/tennis/player1", true},
        {"sport/tennis/+", "sport/tennis/player1/ranking", false},
        {"sport/+", "sport", false},
        {"sport/+", "sport/", true},
        {"+/+", "/finance", true},
        {"/+", "/finance", true},
        {"+", "/finance", false},
        {"#", "$SYS/monitor", false},
        {"+/monitor/Clients", "$SYS/monitor/Clients", false},
        {"$SYS/#", "$SYS/monitor", true},
        {"a/b", "a/b", true},
        {"a/b", "a/B", false},
        {"a/b", "a", false},
        {"a", "a/b", false},
        {"a/", "a", false},
    };
    for (const Row& row : rows) {
        INFO(row.filter << " and " << row.topic);
        CHECK(topic_matches(row.filter, row.topic) == row.matches);
    }
}

TEST_CASE("wildcards stand alone in their level", "[adapters][mqtt]") {
    for (const char* good : {"#", "+", "a/#", "a/+/b", "/", "a//b"}) CHECK(filter_is_valid(good));
    for (const char* bad : {"", "a#", "a/#/b", "a+/b", "#/a"}) CHECK_FALSE(filter_is_valid(bad));
    CHECK(topic_is_valid("a/b"));
    CHECK_FALSE(topic_is_valid("a/+"));
    CHECK_FALSE(topic_is_valid(std::string_view("a\0b", 3)));
}

}  // namespace lotgate::adapters
