#include "tests/adapters/modbus_conveyor/conveyor_line.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;

using Line = test::ConveyorLine;

TEST_CASE("a carton is announced, decided, acknowledged and confirmed", "[conveyor]") {
    Line line;
    line.plc.carton(7);
    line.runs(50ms);
    CHECK(line.conveyor->health().state == HealthState::ready);

    const auto carton = line.world.finish(line.conveyor->induction(0));
    REQUIRE(carton);
    REQUIRE(*carton);
    CHECK((*carton)->sequence == 7);
    CHECK((*carton)->tracking_id == 7007);

    REQUIRE(line.divert(7, 2));
    CHECK(line.plc.registers[103] == 2);
    CHECK(line.plc.registers[105] == 7);
    CHECK(line.plc.registers[102] == 7007);
    line.plc.confirms(7, 1, 2);
    line.runs(50ms);

    REQUIRE(line.reports.size() == 2);
    CHECK(line.reports[0].state == DivertState::acknowledged);
    CHECK(line.reports[1].state == DivertState::confirmed);
    CHECK(line.plc.decisions() == 1);
    CHECK(line.conveyor->health().last_useful);
}

TEST_CASE("a PLC that does not know the combined request is written to in two", "[conveyor]") {
    Line line;
    line.plc.has_write_and_read = false;
    line.plc.carton(7);
    line.runs(50ms);

    REQUIRE(line.divert(7, 2));
    CHECK(line.plc.registers[105] == 7);
    CHECK(line.plc.writes.back().function == 16);
    line.runs(50ms);
    CHECK(line.reports.size() == 1);
    CHECK(line.conveyor->health().state == HealthState::ready);
}

TEST_CASE("an unacknowledged decision is repeated unchanged, for a limited time", "[conveyor]") {
    Line line;
    line.plc.acknowledges = false;
    line.plc.carton(7);
    line.runs(50ms);
    REQUIRE(line.divert(7, 2));

    line.runs(300ms);
    const auto repeated = line.plc.decisions();
    CHECK(repeated >= 5);
    CHECK(repeated <= 8);
    line.runs(5s);
    CHECK(line.plc.decisions() <= 22);  // one a 50 ms for the second it is repeated
    line.runs(60s);
    REQUIRE(line.reports.size() == 1);
    CHECK(line.reports[0].state == DivertState::unknown);
}

TEST_CASE("both sides' heartbeats run", "[conveyor]") {
    Line line;
    line.runs(20ms);
    const auto before = line.plc.registers[100];
    line.runs(5s);
    const auto beats = static_cast<std::uint16_t>(line.plc.registers[100] - before);
    CHECK(beats >= 9);
    CHECK(beats <= 10);
}

TEST_CASE("a conveyor at rest is looked at rarely, one that moves often", "[conveyor]") {
    Line line{ModbusConveyorConfig{}};
    line.runs(5s);  // nothing has moved: every 100 ms, and a beat of either side now and then
    const auto before = line.plc.looks;
    line.runs(2s);
    const auto at_rest = line.plc.looks - before;
    CHECK(at_rest <= 30);

    line.plc.carton(7);
    line.runs(100ms);
    const auto from = line.plc.looks;
    line.runs(1s);
    CHECK(line.plc.looks - from >= 45);  // every 20 ms for two seconds
    line.runs(4s);
    const auto later = line.plc.looks;
    line.runs(2s);
    CHECK(line.plc.looks - later <= 30);
}

TEST_CASE("a carton is found at once by a scan, however rarely the PLC is looked at",
          "[conveyor]") {
    Line line{ModbusConveyorConfig{}};
    line.runs(5s);
    line.plc.carton(9);
    const auto carton = line.world.finish(line.conveyor->induction(0), 1ms);
    REQUIRE(carton);
    REQUIRE(*carton);
    CHECK((*carton)->sequence == 9);
    CHECK(line.divert(9, 2));
}

TEST_CASE("several decision points are read in one request where the PLC lets it be",
          "[conveyor]") {
    const bool is_strict = GENERATE(false, true);
    INFO("registers between two blocks are refused: " << is_strict);
    auto config = Line::attentive();
    config.points = 3;
    Line line(config);
    line.plc.has_gaps = is_strict;
    line.plc.carton(7);
    line.plc.registers[16 + 1] = 12;
    line.plc.registers[32 + 1] = 20;
    line.runs(100ms);
    CHECK(line.conveyor->health().state == HealthState::ready);
    CHECK(line.plc.last_ranges == (is_strict ? 3U : 1U));
    for (const auto& [point, sequence] : {std::pair{1, 12}, {2, 20}}) {
        DivertOrder order;
        order.effect_id = 1;
        order.point = static_cast<std::uint16_t>(point);
        order.sequence = static_cast<std::uint16_t>(sequence);
        order.lane = 3;
        const auto written = line.world.finish(line.conveyor->divert(order));
        REQUIRE(written);
        CHECK(*written);
        CHECK(line.plc.registers.at(static_cast<std::size_t>(100 + 16 * point + 5)) == sequence);
    }
}

TEST_CASE("a PLC whose heartbeat stands still decides nothing, and the page says why",
          "[conveyor]") {
    Line line;
    line.plc.carton(7);
    line.runs(100ms);
    line.world.pass(2500ms);  // its program stands, its network card still answers
    CHECK(line.conveyor->health().state == HealthState::retrying);
    CHECK(line.conveyor->health().because == "PLC heartbeat stands still: is the PLC in RUN?");
    CHECK(line.divert(7, 2).error().code() == FaultCode::unavailable);

    line.runs(1s);
    CHECK(line.conveyor->health().state == HealthState::ready);
    CHECK(line.divert(7, 2));
}

TEST_CASE("emergency stop, jam and stop are shown and never written", "[conveyor]") {
    Line line;
    line.plc.registers[7] = 3;
    line.plc.registers[6] = 0b100;
    line.runs(100ms);
    CHECK(line.conveyor->health().state == HealthState::degraded);
    CHECK(line.conveyor->health().because ==
          "emergency stop: release it at the machine, nothing here can; jam in zone 2: clear it");
    for (const auto& write : line.plc.writes) {
        CHECK(write.write_address == 100);  // heartbeats, and nothing else
        CHECK(write.values.size() == 1);
    }
}

TEST_CASE("a lane that is decided after the carton has passed is told as late, not written",
          "[conveyor]") {
    Line line;
    line.plc.carton(7);
    line.runs(50ms);
    line.plc.confirms(7, 4, 9);
    line.runs(50ms);
    CHECK(line.divert(7, 2));
    line.runs(50ms);
    CHECK(line.plc.decisions() == 0);
    REQUIRE(line.reports.size() == 2);
    CHECK(line.reports[0].effect_id == 0);
    CHECK(line.reports[1].effect_id == 1007);
    CHECK(line.reports[1].state == DivertState::late);
    CHECK(line.reports[1].lane == 9);
}

TEST_CASE("a lost link makes open diverts unknown, and nothing is written again when it is back",
          "[conveyor]") {
    Line line;
    line.plc.carton(7);
    line.runs(50ms);
    REQUIRE(line.divert(7, 2));
    line.runs(50ms);

    line.plc.fault = Fault(FaultCode::unavailable, "connection refused");
    line.runs(200ms);
    CHECK(line.conveyor->health().state == HealthState::retrying);
    CHECK(line.conveyor->health().because == "connection refused");
    REQUIRE(line.reports.size() == 2);
    CHECK(line.reports[1].state == DivertState::unknown);

    line.plc.fault.reset();
    ++line.plc.link;
    line.runs(2s);
    CHECK(line.conveyor->health().state == HealthState::ready);
    CHECK(line.plc.decisions() == 1);
}

TEST_CASE("another unit's new link does not cost this PLC its carton", "[conveyor]") {
    Line line;
    line.plc.carton(7);
    line.runs(50ms);
    ++line.plc.link;
    REQUIRE(line.divert(7, 2));
    CHECK(line.plc.registers[105] == 7);
    CHECK(line.plc.decisions() == 1);
}

TEST_CASE("a map that does not fit is a person's to mend", "[conveyor]") {
    Line line;
    line.plc.fault = Fault(FaultCode::invalid_input, "illegal data address (2)");
    line.runs(300ms);
    CHECK(line.conveyor->health().state == HealthState::failed);
}

TEST_CASE("a carton that was decided is not decided another way, also after a new link",
          "[conveyor]") {
    Line line;
    line.plc.acknowledges = false;  // nor does the PLC's own register tell
    line.plc.carton(7);
    line.runs(50ms);
    REQUIRE(line.divert(7, 2));
    line.plc.confirms(7, 1, 2);
    line.runs(50ms);
    CHECK(line.divert(7, 3).error().code() == FaultCode::conflict);
    line.plc.fault = Fault(FaultCode::unavailable, "connection refused");
    line.runs(200ms);
    line.plc.fault.reset();
    ++line.plc.link;
    line.runs(200ms);
    CHECK(line.divert(7, 3).error().code() == FaultCode::conflict);
    CHECK(line.plc.registers[103] == 2);
}

TEST_CASE("a busy PLC is asked again and loses nothing", "[conveyor]") {
    Line line;
    line.plc.carton(7);
    line.runs(50ms);
    REQUIRE(line.divert(7, 2));
    line.plc.fault = Fault(FaultCode::full, "busy (6)");
    line.runs(200ms);
    CHECK(line.conveyor->health().state == HealthState::degraded);
    line.plc.fault.reset();
    line.plc.confirms(7, 1, 2);
    line.runs(200ms);
    CHECK(line.conveyor->health().state == HealthState::ready);
    REQUIRE(line.reports.size() == 2);
    CHECK(line.reports[1].state == DivertState::confirmed);
}

TEST_CASE("a carton that nobody could read is handed over once", "[conveyor]") {
    Line line;
    line.plc.carton(7);
    line.plc.registers[4] = 0b11;
    line.runs(500ms);
    REQUIRE(line.unread.size() == 1);
    CHECK(line.unread[0].sequence == 7);
}

TEST_CASE("a full lane can be asked for", "[conveyor]") {
    Line line;
    CHECK_FALSE(line.conveyor->lanes_full(0));
    line.plc.registers[4] = 0b100;
    line.plc.registers[5] = 0b1010;
    line.runs(50ms);
    CHECK(line.conveyor->lanes_full(0) == 0b1010);
    CHECK_FALSE(line.conveyor->lanes_full(1));
}

TEST_CASE("one lamp is lit at a time, on coils that are named", "[conveyor]") {
    auto config = Line::attentive();
    config.lamps[""].good = 10;
    config.lamps[""].bad = 12;
    Line line(config);
    line.runs(50ms);

    using Coils = std::map<std::uint16_t, std::uint16_t>;
    line.conveyor->show("", Light::good);
    line.runs(10ms);
    CHECK(line.plc.coils == Coils{{10, 1}, {12, 0}});
    line.conveyor->show("", Light::bad);
    line.runs(10ms);
    CHECK(line.plc.coils == Coils{{10, 0}, {12, 1}});
    line.conveyor->show("", Light::attention);
    line.runs(10ms);
    CHECK(line.plc.coils == Coils{{10, 0}, {12, 0}});
    line.conveyor->show("", Light::unavailable);  // no coil of its own: red
    line.runs(10ms);
    CHECK(line.plc.coils == Coils{{10, 0}, {12, 1}});
    line.conveyor->show("nobody", Light::good);
    line.runs(10ms);
    CHECK(line.plc.coils.size() == 2);
}

TEST_CASE("a stack light shows its newest wish, in one request, also after the link was lost",
          "[conveyor]") {
    auto config = Line::attentive();
    config.lamps["PACK-1"].good = 20;
    config.lamps["PACK-1"].attention = 21;
    config.lamps["PACK-1"].bad = 22;
    config.lamps["PACK-1"].offline = 23;
    Line line(config);
    line.runs(50ms);
    const auto coils_written = [&] {
        std::size_t count = 0;
        for (const auto& write : line.plc.writes) count += write.function == 15 ? 1U : 0U;
        return count;
    };
    line.conveyor->show("PACK-1", Light::good);
    line.runs(20ms);
    CHECK(coils_written() == 1);
    CHECK(line.plc.coils[20] == 1);
    line.conveyor->show("PACK-1", Light::good);  // it does already
    line.runs(20ms);
    CHECK(coils_written() == 1);

    line.plc.fault = Fault(FaultCode::unavailable, "connection refused");
    line.runs(300ms);
    line.conveyor->show("PACK-1", Light::bad);
    line.conveyor->show("PACK-1", Light::attention);
    line.runs(300ms);
    line.plc.fault.reset();
    ++line.plc.link;
    line.runs(300ms);
    CHECK(coils_written() == 2);
    CHECK(line.plc.coils ==
          std::map<std::uint16_t, std::uint16_t>{{20, 0}, {21, 1}, {22, 0}, {23, 0}});
}

TEST_CASE("what is not there is refused", "[conveyor]") {
    Line line;
    line.runs(50ms);
    DivertOrder order;
    order.point = 1;
    order.sequence = 1;
    const auto result = line.world.finish(line.conveyor->divert(order));
    REQUIRE(result);
    CHECK(result->error().code() == FaultCode::invalid_input);
    CHECK(line.divert(9, 1).error().code() == FaultCode::closed);  // never announced
}
