#include "adapters/modbus_conveyor/register_map.hpp"

#include <catch2/catch.hpp>

using namespace lotgate::adapters;
using lotgate::SettingsItems;
using lotgate::SettingsMembers;
using lotgate::SettingsNode;
using lotgate::SettingsProblems;
using lotgate::SettingsTable;
using Words = std::vector<std::uint16_t>;

namespace {

SettingsNode node_of(decltype(SettingsNode::value) content) {
    return {{"site.toml", 3, 8}, {"site.toml", 3, 1}, std::move(content)};
}

SettingsNode number(std::int64_t content) {
    return node_of(content);
}

struct Parsed {
    RegisterMap map;
    SettingsProblems problems;
};

Parsed parsed(SettingsMembers members) {
    const SettingsNode node = node_of(std::move(members));
    Parsed result;
    SettingsTable table(node, "[device.map]", result.problems);
    result.map = parse_register_map(table);
    return result;
}

PlcDecision some_decision() {
    PlcDecision decision;
    decision.heartbeat = 5;
    decision.tracking_id = 0x00020003;
    decision.lane = 4;
    decision.reason = 6;
    decision.sequence = 7;
    return decision;
}

}  // namespace

TEST_CASE("the default map is our own contract", "[conveyor][map]") {
    const RegisterMap map;
    const auto ranges = ranges_of(map, 0);
    REQUIRE(ranges.size() == 1);
    CHECK(ranges[0].address == 0);
    CHECK(ranges[0].count == 12);

    const Words block{41, 7, 0, 7007, 0b110, 0b1000, 0b10, 2, 6, 3, 1, 5};
    const auto reading = reading_of(map, block);
    CHECK(reading.heartbeat == 41);
    CHECK(reading.sequence == 7);
    CHECK(reading.tracking_id == 7007);
    CHECK(reading.is_no_read);
    CHECK(reading.lanes_full == 0b1000);
    CHECK(reading.jams == 0b10);
    CHECK(reading.state == 2);
    CHECK(reading.acknowledged == 6);
    CHECK(reading.confirmed_lane == 3);
    CHECK(reading.confirm_result == 1);
    CHECK(reading.confirmed == 5);

    const auto runs = decision_runs(map, 0, some_decision());
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].address == 100);
    CHECK(runs[0].values == Words{5, 2, 3, 4, 6, 7});
}

TEST_CASE("each decision point has its own blocks", "[conveyor][map]") {
    const RegisterMap map;
    CHECK(ranges_of(map, 3)[0].address == 48);
    CHECK(decision_runs(map, 3, some_decision())[0].address == 148);
    CHECK(heartbeat_run(map, 3, 9)->address == 148);
    CHECK(heartbeat_run(map, 3, 9)->values == Words{9});
    CHECK(overlap_in(map, 6).empty());
    CHECK_FALSE(overlap_in(map, 7).empty());  // the seventh read block would reach address 107
}

TEST_CASE("a lane-full mask that the PLC does not vouch for is not used", "[conveyor][map]") {
    const RegisterMap map;
    const Words block{41, 7, 0, 7007, 0, 0b1000, 0, 2, 6, 3, 1, 5};
    CHECK_FALSE(reading_of(map, block).lanes_full);
}

TEST_CASE("only registers that are named are written", "[conveyor][map]") {
    const auto with_gaps =
        parsed({{"write",
                 node_of(SettingsMembers{{"lane", number(2)}, {"decision_sequence", number(9)}})}});
    CHECK(with_gaps.problems.empty());
    const auto runs = decision_runs(with_gaps.map, 0, some_decision());
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].address == 102);
    CHECK(runs[0].values == Words{4});
    CHECK(runs[1].address == 109);
    CHECK(runs[1].values == Words{7});
    CHECK_FALSE(heartbeat_run(with_gaps.map, 0, 1));

    const auto reads_only = parsed({{"write", node_of(SettingsMembers{})}});
    CHECK(decision_runs(reads_only.map, 0, some_decision()).empty());
    CHECK_FALSE(reads_only.map.can_divert());
}

TEST_CASE("the sequence is written last wherever it stands", "[conveyor][map]") {
    const auto first = parsed(
        {{"sequence_apart", node_of(true)},
         {"write",
          node_of(SettingsMembers{
              {"decision_sequence", number(0)}, {"lane", number(1)}, {"reason", number(2)}})}});
    CHECK(first.problems.empty());
    const auto runs = decision_runs(first.map, 0, some_decision());
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].values == Words{4, 6});
    CHECK(runs[1].address == 100);
    CHECK(runs[1].values == Words{7});
}

TEST_CASE("a block larger than the PLC gives at once is read in pieces from its start",
          "[conveyor][map]") {
    const auto pulseroller = parsed(
        {{"read_base", number(1500)},
         {"read_from", number(0)},
         {"registers_max", number(12)},
         {"heartbeat", node_of(std::string("changes"))},
         {"after_65535", node_of(std::string("0"))},
         {"read",
          node_of(SettingsMembers{
              {"induct_sequence", number(2)}, {"tracking", number(8)}, {"heartbeat", number(18)}})},
         {"write", node_of(SettingsMembers{})}});
    CHECK(pulseroller.problems.empty());
    const auto ranges = ranges_of(pulseroller.map, 0);
    REQUIRE(ranges.size() == 2);
    CHECK(ranges[0].address == 1500);
    CHECK(ranges[0].count == 12);
    CHECK(ranges[1].address == 1512);
    CHECK(ranges[1].count == 7);
    CHECK(pulseroller.map.first_sequence == 0);
}

TEST_CASE("an alarm bit is told in the words of the configuration", "[conveyor][map]") {
    const SettingsNode alarm = node_of(SettingsMembers{
        {"address", number(12)}, {"bit", number(6)}, {"says", node_of(std::string("lost link"))}});
    const auto with_alarm = parsed({{"alarm", node_of(SettingsItems{alarm})}});
    CHECK(with_alarm.problems.empty());
    CHECK(ranges_of(with_alarm.map, 0)[0].count == 13);

    Words block(13, 0);
    CHECK(reading_of(with_alarm.map, block).alarms.empty());
    block[12] = 1U << 6U;
    CHECK(reading_of(with_alarm.map, block).alarms == std::vector<std::string>{"lost link"});
}

TEST_CASE("a map that cannot work is named before anything is opened", "[conveyor][map]") {
    struct Row {
        const char* what;
        SettingsMembers members;
    };

    const auto row = GENERATE(
        Row{"misspelt register",
            {{"read",
              node_of(SettingsMembers{{"induct_sequnce", number(1)}, {"state", number(2)}})},
             {"write", node_of(SettingsMembers{})}}},
        Row{"two registers at one address",
            {{"write",
              node_of(SettingsMembers{
                  {"lane", number(1)}, {"decision_sequence", number(2)}, {"reason", number(2)}})}}},
        Row{"tracking is two registers wide",
            {{"write",
              node_of(SettingsMembers{{"tracking", number(1)},
                                      {"lane", number(2)},
                                      {"decision_sequence", number(5)}})}}},
        Row{"a lane without a sequence",
            {{"write", node_of(SettingsMembers{{"lane", number(1)}})}}},
        Row{"nothing is read",
            {{"read", node_of(SettingsMembers{})}, {"write", node_of(SettingsMembers{})}}},
        Row{"reading starts too late", {{"read_from", number(4)}}},
        Row{"an unknown key", {{"reed", node_of(SettingsMembers{})}}});
    INFO(row.what);
    CHECK_FALSE(parsed(row.members).problems.empty());
}

TEST_CASE("the map of the reference is accepted as it stands", "[conveyor][map]") {
    CHECK(parsed({}).problems.empty());
    CHECK(overlap_in(parsed({}).map, 1).empty());
}
