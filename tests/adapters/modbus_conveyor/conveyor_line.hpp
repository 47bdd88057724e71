#pragma once

// A PLC in memory and the conveyor in front of it, in virtual time.

#include "adapters/modbus_conveyor/modbus_conveyor.hpp"
#include "tests/adapters/virtual_world.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::test {

/// A PLC in memory: registers, a counter of what was asked, and faults to come.
struct PlcInMemory {
    std::vector<std::uint16_t> registers = std::vector<std::uint16_t>(256);
    std::map<std::uint16_t, std::uint16_t> coils;
    std::vector<adapters::ModbusRequest> writes;
    std::uint64_t link = 1;
    std::optional<Fault> fault;
    bool has_write_and_read = true;
    bool acknowledges = true;
    bool has_gaps = false;  ///< nothing may be read between two blocks of 12
    std::size_t last_ranges = 0;

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

    Result<adapters::ModbusAnswer> answer(const adapters::ModbusRequest& request) {
        if (fault) return fail(*fault);
        if (request.link && *request.link != link) return fail(FaultCode::closed, "another link");
        if (request.function == 23 && !has_write_and_read)
            return fail(FaultCode::invalid_input, "illegal function (1)");
        if (request.is_write()) take(request);
        std::vector<std::uint16_t> values;
        auto ranges = request.watch ? request.watch->ranges : std::vector{request.reads};
        last_ranges = ranges.size();
        for (const auto& range : ranges)
            if (has_gaps && range.address % 16 + range.count > 12)
                return fail(FaultCode::invalid_input, "illegal data address (2)");
        for (const auto& range : ranges)
            for (std::size_t i = 0; i < range.count; ++i)
                values.push_back(registers.at(range.address + i));
        return adapters::ModbusAnswer(std::move(values), link);
    }

    void take(const adapters::ModbusRequest& request) {
        writes.push_back(request);
        if (request.function == 15) {
            for (std::size_t i = 0; i < request.values.size(); ++i)
                coils[static_cast<std::uint16_t>(request.write_address + i)] = request.values[i];
            return;
        }
        for (std::size_t i = 0; i < request.values.size(); ++i)
            registers.at(request.write_address + i) = request.values[i];
        if (acknowledges && request.values.size() == 6) registers[8] = registers[105];
    }

    std::size_t looks = 0;  ///< of watches

    boost::asio::awaitable<Result<adapters::ModbusAnswer>> perform(adapters::ModbusRequest request,
                                                                   adapters::Wait wait) {
        if (!request.watch || request.watch->known.empty()) co_return answer(request);
        // The bus's worker in small: looks by itself, answers what is new.
        constexpr std::chrono::milliseconds step(5);
        const auto& watch = *request.watch;
        std::chrono::milliseconds unlooked(0);
        for (auto waited = step;; waited += step) {
            co_await wait(step);
            unlooked += step;
            const bool is_over = waited >= watch.pace->at_most.load();
            if (unlooked < watch.pace->every.load() && !is_over) continue;
            unlooked = std::chrono::milliseconds(0);
            ++looks;
            auto result = answer(request);
            if (is_over || !result || result->values != watch.known) co_return result;
        }
    }
};

struct ConveyorLine {
    VirtualWorld world;
    PlcInMemory plc;
    std::vector<adapters::DivertReport> reports;
    std::vector<adapters::Induction> unread;
    std::unique_ptr<adapters::ModbusConveyor> conveyor;
    bool has_ended = false;

    /// Looks as often when nothing moves as when something does.
    static adapters::ModbusConveyorConfig attentive() {
        adapters::ModbusConveyorConfig config;
        config.poll_idle = config.poll;
        return config;
    }

    explicit ConveyorLine(adapters::ModbusConveyorConfig config = attentive()) {
        adapters::ModbusConveyor::Ears ears;
        ears.on_divert = [this](adapters::DivertReport report) { return hear(std::move(report)); };
        ears.on_unread = [this](adapters::Induction carton) { return hear_unread(carton); };
        conveyor = std::make_unique<adapters::ModbusConveyor>(
            *DeviceId::parse("PLC1"),
            std::move(config),
            [this](adapters::ModbusRequest request) {
                return plc.perform(std::move(request), world.world().wait);
            },
            adapters::ModbusConveyor::Around{
                world.world(), std::move(ears), world.io.get_executor()});
        boost::asio::co_spawn(world.io, conveyor->run(), [this](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
            has_ended = true;
        });
    }

    ~ConveyorLine() {
        conveyor->stop();
        world.settle();
        CHECK(has_ended);
    }

    /// The belt runs, the PLC's heartbeat with it.
    void runs(std::chrono::milliseconds time) {
        for (auto spent = std::chrono::milliseconds(0); spent < time;
             spent += std::chrono::milliseconds(10)) {
            if (spent % std::chrono::milliseconds(500) == std::chrono::milliseconds(0))
                ++plc.registers[0];
            world.pass(std::chrono::milliseconds(10));
        }
    }

    Result<> divert(std::uint16_t sequence, std::uint16_t lane) {
        adapters::DivertOrder order;
        order.effect_id = 1000 + sequence;
        order.sequence = sequence;
        order.tracking_id = 7000U + sequence;
        order.lane = lane;
        auto result = world.finish(conveyor->divert(order));
        REQUIRE(result);
        return std::move(*result);
    }

    boost::asio::awaitable<void> hear(adapters::DivertReport report) {
        reports.push_back(std::move(report));
        co_return;
    }

    boost::asio::awaitable<void> hear_unread(adapters::Induction carton) {
        unread.push_back(carton);
        co_return;
    }
};

}  // namespace lotgate::test
