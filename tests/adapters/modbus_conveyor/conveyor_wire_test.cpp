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

struct Sorter {
    test::PeerProcess plc{
        {"/usr/bin/python3",
         std::string(LOTGATE_SOURCE_DIR) + "/tests/adapters/modbus_conveyor/plc.py",
         "tcp"}};
    asio::io_context loop;
    ModbusBuses buses;
    std::vector<DivertReport> reports;
    std::unique_ptr<ModbusConveyor> conveyor;
    bool has_ended = false;

    explicit Sorter(bool write_and_read) {
        ModbusConveyorConfig config;
        config.write_and_read = write_and_read;
        config.bus.request_within = 5s;
        config.bus.line =
            ModbusTcpLine{"127.0.0.1", static_cast<std::uint16_t>(std::stoi(plc.first_line()))};
        auto bus = buses.on(config.bus, loop.get_executor());
        REQUIRE(bus);
        ModbusConveyor::Ears ears;
        ears.on_divert = [this](DivertReport report) { return hear(std::move(report)); };
        conveyor = ModbusConveyor::on_bus(*DeviceId::parse("PLC1"),
                                          std::move(config),
                                          std::move(*bus),
                                          machine_world({}),
                                          std::move(ears),
                                          loop.get_executor());
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
    INFO("write and read in one request: " << write_and_read);
    Sorter sorter(write_and_read);
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
    Sorter sorter(true);
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
