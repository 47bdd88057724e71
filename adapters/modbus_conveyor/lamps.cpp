// Stack lights on coils of the PLC: which coils make which light, and the coroutine that writes the
// newest wish of each. A lamp is for eyes; it waits for diverts, and nothing waits for it.

#include "adapters/modbus_conveyor/modbus_conveyor.hpp"

#include <algorithm>
#include <utility>

namespace lotgate::adapters {

namespace asio = boost::asio;

std::vector<RegisterRun> lamp_runs(const LampCoils& coils, Light light) {
    const bool is_offline = light == Light::unavailable;
    const std::array<std::pair<std::optional<std::uint16_t>, bool>, 4> lamps = {
        {{coils.good, light == Light::good},
         {coils.attention, light == Light::attention},
         {coils.bad, light == Light::bad || (is_offline && !coils.offline)},
         {coils.offline, is_offline}}};
    std::vector<std::pair<std::uint16_t, bool>> named;
    for (const auto& [coil, is_lit] : lamps)
        if (coil) named.emplace_back(*coil, is_lit);
    std::sort(named.begin(), named.end());
    std::vector<RegisterRun> runs;
    for (const auto& [coil, is_lit] : named) {
        const auto value = static_cast<std::uint16_t>(is_lit ? 1 : 0);
        const bool follows =
            !runs.empty() && runs.back().address + runs.back().values.size() == coil;
        if (follows)
            runs.back().values.push_back(value);
        else
            runs.push_back({coil, {value}});
    }
    // First out, then on: two lamps lit at once would say two things.
    std::stable_partition(runs.begin(), runs.end(), [](const RegisterRun& run) {
        return std::count(run.values.begin(), run.values.end(), 1) == 0;
    });
    return runs;
}

void ModbusConveyor::show(const std::string& lamp, Light light) {
    if (config_.lamps.find(lamp) == config_.lamps.end()) return;
    wanted_[lamp] = light;
    has_wish_.notify();
}

asio::awaitable<void> ModbusConveyor::light_lamps() {
    for (;;) {
        co_await has_wish_.wait();
        const auto wanted = wanted_;
        for (const auto& [name, light_wanted] : wanted) {
            const auto shown = shown_.find(name);
            if (is_lost_ || (shown != shown_.end() && shown->second == light_wanted)) continue;
            const auto lit = co_await light(config_.lamps.at(name), light_wanted);
            // What failed is written when the PLC is there again, or with the next wish.
            if (lit) shown_[name] = light_wanted;
        }
    }
}

asio::awaitable<Result<>> ModbusConveyor::light(LampCoils coils, Light wanted) {
    auto lit = co_await light_once(coils, wanted);
    const bool is_other_link = !lit && lit.error().code() == FaultCode::closed;
    if (!is_other_link || has_stopped()) co_return lit;
    LG_CO_CHECK(co_await look(0, false));
    co_return co_await light_once(coils, wanted);
}

asio::awaitable<Result<>> ModbusConveyor::light_once(LampCoils coils, Light wanted) {
    for (auto& run : lamp_runs(coils, wanted)) {
        LG_CO_CHECK(co_await recognise());
        auto request = ModbusRequest::write_coils(config_.unit, run.address, std::move(run.values));
        request = bound(std::move(request));
        const auto written = co_await ask(std::move(request));
        if (!written) co_return fail(written.error());
    }
    co_return Result<>{};
}

}  // namespace lotgate::adapters
