#include "adapters/modbus_conveyor/plc_pulse.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::adapters {

namespace {

void add(std::string& text, const std::string& more) {
    if (text.find(more) != std::string::npos) return;
    text += (text.empty() ? "" : "; ") + more;
}

std::string state_text(std::uint16_t state) {
    switch (state) {
        case 1:
            return "the conveyor is stopped";
        case 3:
            return "emergency stop: release it at the machine, nothing here can";
        case 4:
            return "the PLC reports a fault: look at its panel";
        default:
            return {};
    }
}

std::string jam_text(std::uint16_t jams) {
    std::string zones;
    for (unsigned zone = 0; zone < 16; ++zone)
        if (((std::uint32_t{jams} >> zone) & 1U) != 0)
            zones += fmt::format("{}{}", zones.empty() ? "" : ", ", zone);
    return "jam in zone " + zones + ": clear it";
}

}  // namespace

void PlcPulse::saw(std::optional<std::uint16_t> heartbeat, Tick now) {
    if (!heartbeat || last_ == heartbeat) return;
    last_ = heartbeat;
    changed_ = now;
}

void PlcPulse::reset() {
    last_.reset();
}

bool PlcPulse::stands_still(Tick now) const {
    return last_ && now - changed_ > stale_after_;
}

PlcCondition condition_of(const std::vector<PointReading>& points, bool stands_still) {
    if (stands_still)
        return {HealthState::retrying, "PLC heartbeat stands still: is the PLC in RUN?"};
    std::string text;
    for (const auto& point : points) {
        const auto state = state_text(point.state);
        if (!state.empty()) add(text, state);
        if (point.jams != 0) add(text, jam_text(point.jams));
        for (const auto& alarm : point.alarms) add(text, alarm);
    }
    if (text.empty()) return {};
    return {HealthState::degraded, std::move(text)};
}

}  // namespace lotgate::adapters
