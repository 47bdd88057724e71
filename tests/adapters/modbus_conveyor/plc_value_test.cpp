#include "adapters/modbus_conveyor/plc_value.hpp"

#include "adapters/modbus_conveyor/register_map.hpp"
#include "tests/adapters/modbus_conveyor/conveyor_line.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;
using Words = std::vector<std::uint16_t>;

namespace {

PlcValue value_of(PlcType type, WordOrder order = WordOrder::abcd, double each = 1.0) {
    PlcValue value;
    value.name = "motor current";
    value.type = type;
    value.order = order;
    value.each = each;
    value.unit = "A";
    return value;
}

ModbusConveyorConfig bearing(std::uint16_t signature) {
    auto config = test::ConveyorLine::attentive();
    config.map.signature.push_back({ModbusTable::holding, 200, 0xFFFF, signature});
    config.lamps[""].good = 3;
    return config;
}

}  // namespace

TEST_CASE("a value is read in its type, word order and scale", "[conveyor][map]") {
    CHECK(value_of(PlcType::u16, WordOrder::abcd, 0.1).from(Words{52}) == Approx(5.2));
    CHECK(value_of(PlcType::u16).from(Words{65535}) == Approx(65535));
    CHECK(value_of(PlcType::i16, WordOrder::abcd, 0.5).from(Words{65534}) == Approx(-1.0));
    CHECK(value_of(PlcType::u32).from(Words{0x0001, 0x8000}) == Approx(98304));
    CHECK(value_of(PlcType::u32, WordOrder::cdab).from(Words{0x8000, 0x0001}) == Approx(98304));
    CHECK(value_of(PlcType::u32, WordOrder::badc).from(Words{0x0100, 0x0080}) == Approx(98304));
    CHECK(value_of(PlcType::u32, WordOrder::dcba).from(Words{0x0080, 0x0100}) == Approx(98304));
    CHECK(value_of(PlcType::i32).from(Words{0xFFFF, 0xFFFE}) == Approx(-2));
    // 3.14 as IEEE 754 is 4048F5C3.
    CHECK(value_of(PlcType::f32).from(Words{0x4048, 0xF5C3}) == Approx(3.14));
    CHECK(value_of(PlcType::f32, WordOrder::cdab).from(Words{0xF5C3, 0x4048}) == Approx(3.14));
}

TEST_CASE("a value beyond its limit is told with the limit, and one within it is not",
          "[conveyor][map]") {
    auto current = value_of(PlcType::u16, WordOrder::abcd, 0.1);
    current.above = 4.5;
    current.below = 0.2;
    CHECK(current.warning(4.5).empty());
    CHECK(current.warning(5.2) == "motor current is 5.2 A, above 4.5 A");
    CHECK(current.warning(0.1) == "motor current is 0.1 A, below 0.2 A");
}

TEST_CASE("a motor that draws too much is seen with its PLC", "[conveyor]") {
    auto config = test::ConveyorLine::attentive();
    config.map.values.push_back(value_of(PlcType::u16, WordOrder::abcd, 0.1));
    config.map.values.back().address = 12;
    config.map.values.back().above = 4.5;
    test::ConveyorLine line(config);
    line.plc.registers[12] = 30;
    line.runs(50ms);
    REQUIRE(line.conveyor->gauges().size() == 1);
    CHECK(line.conveyor->gauges()[0].value == Approx(3.0));
    CHECK(line.conveyor->health().state == HealthState::ready);
    line.plc.registers[12] = 52;
    line.runs(100ms);
    CHECK(line.conveyor->health().state == HealthState::degraded);
    CHECK(line.conveyor->health().because == "motor current is 5.2 A, above 4.5 A");
}

TEST_CASE("nothing is written to a PLC that is not the map's, and all is well when it is",
          "[conveyor][signature]") {
    test::ConveyorLine line(bearing(4711));
    line.plc.registers[200] = 4712;
    line.plc.carton(7);
    line.conveyor->show("", Light::good);
    line.runs(3s);
    CHECK(line.conveyor->health().state == HealthState::failed);
    CHECK(line.conveyor->health().because.find("holds 4712, not 4711") != std::string::npos);
    REQUIRE(line.world.finish(line.conveyor->induction(0)));  // it may be looked at
    CHECK_FALSE(line.divert(7, 2));
    CHECK(line.plc.writes.empty());

    line.plc.registers[200] = 4711;
    line.runs(1s);
    CHECK(line.conveyor->health().state == HealthState::ready);
    line.plc.carton(8);
    line.runs(50ms);
    REQUIRE(line.divert(8, 2));
    CHECK(line.plc.registers[103] == 2);
    CHECK(line.plc.coils[3] == 1);
}

TEST_CASE("a PLC that was exchanged behind its address is not written to",
          "[conveyor][signature]") {
    test::ConveyorLine line(bearing(4711));
    line.plc.registers[200] = 4711;
    line.plc.carton(7);
    line.runs(1s);
    REQUIRE(line.divert(7, 2));
    const auto written = line.plc.writes.size();

    ++line.plc.link;  // somebody else answers from now on
    line.plc.registers[200] = 9;
    line.plc.carton(8);
    line.conveyor->show("", Light::bad);
    line.conveyor->show("", Light::good);
    CHECK_FALSE(line.divert(8, 3));
    line.runs(3s);
    CHECK(line.conveyor->health().state == HealthState::failed);
    CHECK(line.plc.writes.size() == written);
}
