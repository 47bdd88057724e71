#include "adapters/modbus_conveyor/modbus_conveyor.hpp"
#include "tests/adapters/virtual_world.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// A PLC in memory: registers, a counter of what was asked, and faults to come.
struct PlcInMemory {
    std::vector<std::uint16_t> registers = std::vector<std::uint16_t>(256);
    std::map<std::uint16_t, std::uint16_t> coils;
    std::vector<ModbusRequest> writes;
    std::uint64_t link = 1;
    std::optional<Fault> fault;
    bool has_write_and_read = true;
    bool acknowledges = true;

    PlcInMemory() {
        registers[0] = 1;
        registers[7] = 2;
    }

    void carton(std::uint16_t sequence) {
        registers[1] = sequence;
        registers[3] = static_cast<std::uint16_t>(7000 + sequence);
    }

    void confirms(std::uint16_t sequence, std::uint16_t result, std::uint16_t lane) {
        registers[9] = lane;
        registers[10] = result;
        registers[11] = sequence;
    }

    [[nodiscard]] std::size_t decisions() const {
        std::size_t count = 0;
        for (const auto& write : writes)
            if (write.values.size() == 6) ++count;
        return count;
    }

    Result<ModbusAnswer> answer(const ModbusRequest& request) {
        if (fault) return fail(*fault);
        if (request.link && *request.link != link) return fail(FaultCode::closed, "another link");
        if (request.function == 23 && !has_write_and_read)
            return fail(FaultCode::invalid_input, "illegal function (1)");
        if (request.is_write()) take(request);
        std::vector<std::uint16_t> values;
        for (std::size_t i = 0; i < request.reads.count; ++i)
            values.push_back(registers.at(request.reads.address + i));
        return ModbusAnswer(std::move(values), link);
    }

    void take(const ModbusRequest& request) {
        writes.push_back(request);
        if (request.function == 15) {
            coils[request.write_address] = request.values.at(0);
            return;
        }
        for (std::size_t i = 0; i < request.values.size(); ++i)
            registers.at(request.write_address + i) = request.values[i];
        if (acknowledges && request.values.size() == 6) registers[8] = registers[105];
    }

    asio::awaitable<Result<ModbusAnswer>> perform(ModbusRequest request) {
        co_return answer(request);
    }
};

struct Line {
    test::VirtualWorld world;
    PlcInMemory plc;
    std::vector<DivertReport> reports;
    std::vector<Induction> unread;
    std::unique_ptr<ModbusConveyor> conveyor;
    bool has_ended = false;

    explicit Line(ModbusConveyorConfig config = {}) {
        ModbusConveyor::Ears ears;
        ears.on_divert = [this](DivertReport report) { return hear(std::move(report)); };
        ears.on_unread = [this](Induction carton) { return hear_unread(carton); };
        conveyor = std::make_unique<ModbusConveyor>(
            *DeviceId::parse("PLC1"),
            std::move(config),
            [this](ModbusRequest request) { return plc.perform(std::move(request)); },
            world.world(),
            std::move(ears),
            world.io.get_executor());
        asio::co_spawn(world.io, conveyor->run(), [this](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
            has_ended = true;
        });
    }

    ~Line() {
        conveyor->stop();
        world.settle();
        CHECK(has_ended);
    }

    /// The belt runs, the PLC's heartbeat with it.
    void runs(std::chrono::milliseconds time) {
        for (auto spent = 0ms; spent < time; spent += 10ms) {
            if (spent % 500ms == 0ms) ++plc.registers[0];
            world.pass(10ms);
        }
    }

    Result<> divert(std::uint16_t sequence, std::uint16_t lane) {
        DivertOrder order;
        order.effect_id = 1000 + sequence;
        order.sequence = sequence;
        order.tracking_id = 7000U + sequence;
        order.lane = lane;
        auto result = world.finish(conveyor->divert(order));
        REQUIRE(result);
        return std::move(*result);
    }

    asio::awaitable<void> hear(DivertReport report) {
        reports.push_back(std::move(report));
        co_return;
    }

    asio::awaitable<void> hear_unread(Induction carton) {
        unread.push_back(carton);
        co_return;
    }
};

}  // namespace

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
    ModbusConveyorConfig config;
    config.lamps.good = 10;
    config.lamps.bad = 12;
    Line line(config);
    line.runs(50ms);

    REQUIRE(line.world.finish(line.conveyor->show(Light::good)));
    CHECK(line.plc.coils == std::map<std::uint16_t, std::uint16_t>{{10, 1}, {12, 0}});
    REQUIRE(line.world.finish(line.conveyor->show(Light::bad)));
    CHECK(line.plc.coils == std::map<std::uint16_t, std::uint16_t>{{10, 0}, {12, 1}});
    REQUIRE(line.world.finish(line.conveyor->show(Light::attention)));
    CHECK(line.plc.coils == std::map<std::uint16_t, std::uint16_t>{{10, 0}, {12, 0}});
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
