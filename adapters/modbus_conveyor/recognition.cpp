// Whose PLC answers at the address, and whether it keeps what it is told: nothing is written to a
// PLC that does not bear the map's signature.

#include "adapters/modbus_conveyor/modbus_conveyor.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace lotgate::adapters {

namespace asio = boost::asio;

asio::awaitable<Result<ModbusAnswer>> ModbusConveyor::ask(ModbusRequest request) {
    if (!perform_) co_return fail(FaultCode::closed, "the conveyor is being stopped");
    co_return co_await perform_(std::move(request));
}

asio::awaitable<Result<>> ModbusConveyor::recognise() {
    if (config_.map.signature.empty() || recognised_ == link_) co_return Result<>{};
    const std::uint64_t link = link_;
    for (const PlcSignature& one : config_.map.signature) {
        const ModbusRange range(one.address, 1);
        auto request = ModbusRequest::read(config_.unit, one.table, range);
        request.is_urgent = true;
        request.link = link;
        LG_CO_TRY(const auto answer, co_await ask(std::move(request)));
        if (one.fits(answer.values.at(0))) continue;
        ++counts_.unrecognised;
        co_return fail(
            FaultCode::conflict,
            fmt::format("this is not the PLC of the register map: register {} holds {}, not {}; "
                        "nothing is written to it. Is the address right?",
                        one.address,
                        answer.values.at(0) & one.mask,
                        one.value));
    }
    recognised_ = link;
    co_return Result<>{};
}

ModbusRequest ModbusConveyor::bound(ModbusRequest request) const {
    if (!config_.map.signature.empty()) request.link = recognised_;
    return request;
}

asio::awaitable<Result<>> ModbusConveyor::read_back(std::vector<RegisterRun> runs) {
    for (const RegisterRun& run : runs) {
        const ModbusRange range(run.address, static_cast<std::uint16_t>(run.values.size()));
        auto request = ModbusRequest::read(config_.unit, ModbusTable::holding, range);
        request.is_urgent = true;
        request.link = link_;
        LG_CO_TRY(const auto answer, co_await ask(std::move(request)));
        if (answer.values == run.values) continue;
        ++counts_.not_kept;
        co_return fail(FaultCode::corrupt,
                       fmt::format("the PLC holds something else at register {} than was written: "
                                   "does another master write there?",
                                   run.address));
    }
    co_return Result<>{};
}

std::vector<Gauge> ModbusConveyor::gauges() const {
    std::vector<Gauge> gauges;
    if (is_lost_) return gauges;
    for (std::size_t number = 0; number < points_.size(); ++number) {
        const auto& read = points_[number].last.values;
        for (std::size_t i = 0; i < read.size(); ++i) {
            if (!std::isfinite(read[i])) continue;  // a float that is none
            const PlcValue& meant = config_.map.values[i];
            const bool is_one = points_.size() == 1;
            gauges.push_back({is_one ? meant.name : fmt::format("{} {}", meant.name, number),
                              read[i],
                              meant.unit});
        }
    }
    return gauges;
}

}  // namespace lotgate::adapters
