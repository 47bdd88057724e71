#include "adapters/modbus_conveyor/modbus_conveyor.hpp"
#include "tests/adapters/peer_process.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using Words = std::vector<std::string>;

const std::string tests = std::string(LOTGATE_SOURCE_DIR) + "/tests";

Words pymodbus() {
    return {"/usr/bin/python3", tests + "/adapters/modbus_conveyor/plc.py", "tcp"};
}

/// npm modbus-serial, where it is installed (./dev test does); it knows no FC 23.
[[maybe_unused]] Words modbus_serial() {
    return {LOTGATE_NODE, tests + "/peers/modbus_plc.mjs"};
}

/// The PLCs that we did not write.
std::vector<Words> plcs() {
    std::vector<Words> all{pymodbus()};
#ifdef LOTGATE_HAS_MODBUS_SERIAL
    all.push_back(modbus_serial());
#endif
    return all;
}

ModbusConveyorConfig written_and_read(bool write_and_read) {
    ModbusConveyorConfig config;
    config.write_and_read = write_and_read;
    config.bus.request_within = 5s;
    return config;
}

struct Sorter {
    test::PeerProcess plc;
    asio::io_context loop;
    ModbusBuses buses;
    std::vector<DivertReport> reports;
    std::unique_ptr<ModbusConveyor> conveyor;
    bool has_ended = false;

    explicit Sorter(bool write_and_read, const Words& peer = pymodbus())
        : Sorter(written_and_read(write_and_read), peer) {}

    Sorter(ModbusConveyorConfig config, const Words& peer) : plc(peer) {
        config.bus.line =
            ModbusTcpLine{"127.0.0.1", static_cast<std::uint16_t>(std::stoi(plc.first_line()))};
        auto bus = buses.on(config.bus, loop.get_executor());
        REQUIRE(bus);
        ModbusConveyor::Ears ears;
        ears.on_divert = [this](DivertReport report) { return hear(std::move(report)); };
        conveyor = ModbusConveyor::on_bus(
            *DeviceId::parse("PLC1"),
            std::move(config),
            std::move(*bus),
            ModbusConveyor::Around{machine_world({}), std::move(ears), loop.get_executor()});
        asio::co_spawn(loop, conveyor->run(), [this](std::exception_ptr) { has_ended = true; });
    }

    ~Sorter() {
        conveyor->stop();
        CHECK(kit::eventually(loop, [this] { return has_ended; }));
    }

    asio::awaitable<void> hear(DivertReport report) {
        reports.push_back(std::move(report));
        co_return;
    }

    bool becomes(HealthState state) {
        return kit::eventually(loop, [&] { return conveyor->health().state == state; });
    }

    Result<> divert(std::uint16_t sequence, std::uint16_t lane) {
        DivertOrder order;
        order.effect_id = 1000 + sequence;
        order.sequence = sequence;
        order.tracking_id = 7000U + sequence;
        order.lane = lane;
        std::optional<Result<>> result;
        asio::co_spawn(
            loop, conveyor->divert(order), [&](std::exception_ptr error, Result<> outcome) {
                if (error) std::rethrow_exception(error);
                result = std::move(outcome);
            });
        REQUIRE(kit::eventually(loop, [&] { return result.has_value(); }));
        return std::move(*result);
    }

    Induction carton(std::uint16_t sequence) {
        plc.tell("carton " + std::to_string(sequence) + " " + std::to_string(7000 + sequence));
        std::optional<Induction> seen;
        while (!seen || seen->sequence != sequence) {
            bool is_answered = false;
            asio::co_spawn(loop,
                           conveyor->induction(0),
                           [&](std::exception_ptr error, Result<Induction> induction) {
                               if (error) std::rethrow_exception(error);
                               REQUIRE(induction);
                               seen = *induction;
                               is_answered = true;
                           });
            REQUIRE(kit::eventually(loop, [&] { return is_answered; }));
        }
        return *seen;
    }
};

}  // namespace

TEST_CASE("cartons are diverted by a PLC that we did not write", "[conveyor][wire]") {
    const bool write_and_read = GENERATE(true, false);
    const auto peer = GENERATE(from_range(plcs()));
    INFO("write and read in one request: " << write_and_read << ", " << peer.back());
    Sorter sorter(write_and_read, peer);
    REQUIRE(sorter.becomes(HealthState::ready));

    const auto carton = sorter.carton(7);
    CHECK(carton.tracking_id == 7007);
    REQUIRE(sorter.divert(7, 3));
    sorter.plc.tell("get 101 5");
    CHECK(sorter.plc.next_line() == "0 7007 3 0 7");
    REQUIRE(kit::eventually(sorter.loop, [&] { return sorter.reports.size() == 1; }));
    CHECK(sorter.reports[0].state == DivertState::acknowledged);
    sorter.plc.tell("confirm 7 1 3");
    REQUIRE(kit::eventually(sorter.loop, [&] { return sorter.reports.size() == 2; }));
    CHECK(sorter.reports[1].state == DivertState::confirmed);
    CHECK(sorter.reports[1].effect_id == 1007);
}

TEST_CASE("a PLC that loses its memory makes open diverts unknown", "[conveyor][wire]") {
    const auto peer = GENERATE(from_range(plcs()));
    INFO(peer.back());
    Sorter sorter(true, peer);
    REQUIRE(sorter.becomes(HealthState::ready));
    sorter.carton(40);
    REQUIRE(sorter.divert(40, 2));
    REQUIRE(kit::eventually(sorter.loop, [&] { return sorter.reports.size() == 1; }));

    sorter.plc.tell("restart");
    REQUIRE(kit::eventually(sorter.loop, [&] { return sorter.reports.size() == 2; }));
    CHECK(sorter.reports[1].state == DivertState::unknown);
    CHECK(sorter.divert(40, 2).error().code() == FaultCode::closed);
    sorter.plc.tell("get 101 5");
    CHECK(sorter.plc.next_line() == "0 0 0 0 0");  // nothing was written again
}

#ifdef LOTGATE_HAS_MODBUS_SERIAL
TEST_CASE("only registers that the configuration names are ever written, and none of a stranger",
          "[conveyor][wire]") {
    auto config = written_and_read(true);
    config.lamps[""].good = 3;
    config.map.signature.push_back({ModbusTable::holding, 200, 0xFFFF, 4711});
    Sorter sorter(config, modbus_serial());
    REQUIRE(sorter.becomes(HealthState::failed));
    CHECK(sorter.conveyor->health().because.find("register 200 holds 0, not 4711") !=
          std::string::npos);
    sorter.conveyor->show("", Light::good);
    CHECK_FALSE(sorter.divert(7, 3));
    CHECK_FALSE(kit::eventually(
        sorter.loop,
        [&] { return sorter.conveyor->health().state != HealthState::failed; },
        700ms));
    sorter.plc.tell("written");
    CHECK(sorter.plc.next_line().empty());

    sorter.plc.tell("put 200 4711");  // the right PLC
    REQUIRE(sorter.becomes(HealthState::ready));
    sorter.carton(7);
    REQUIRE(sorter.divert(7, 3));
    sorter.conveyor->show("", Light::good);
    REQUIRE(kit::eventually(sorter.loop, [&] {
        sorter.plc.tell("coils 0 8");
        return sorter.plc.next_line() == "0 0 0 1 0 0 0 0";
    }));
    sorter.plc.tell("written");
    CHECK(sorter.plc.next_line() == "100 101 102 103 104 105");
}

TEST_CASE("a PLC that does not keep what it is told is not taken at its word", "[conveyor][wire]") {
    auto config = written_and_read(false);
    config.map.reads_back = true;
    Sorter sorter(config, modbus_serial());
    REQUIRE(sorter.becomes(HealthState::ready));
    sorter.carton(7);
    REQUIRE(sorter.divert(7, 3));
    sorter.plc.tell("forgetful 103");
    sorter.carton(8);
    const auto told = sorter.divert(8, 4);
    REQUIRE_FALSE(told);
    CHECK(told.error().detail().find("something else at register 100") != std::string::npos);
}
#endif
