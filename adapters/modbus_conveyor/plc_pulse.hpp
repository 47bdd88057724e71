#pragma once

// Whether a PLC is alive and in order, out of what it says: the words for its health. No I/O and
// no clock. E-stop, jams and stops are shown, never driven: safety has its own wires.

#include "adapters/adapter.hpp"
#include "adapters/modbus_conveyor/divert_protocol.hpp"
#include "adapters/modbus_conveyor/register_map.hpp"

#include <optional>
#include <string>

namespace lotgate::adapters {

class PlcPulse {
public:
    explicit PlcPulse(Tick stale_after) : stale_after_(stale_after) {}

    void saw(std::optional<std::uint16_t> heartbeat, Tick now);
    /// A new link: the PLC gets the whole time again.
    void reset();
    /// The PLC answers, but its program does not run. Never where the map has no heartbeat.
    [[nodiscard]] bool stands_still(Tick now) const;

private:
    Tick stale_after_;
    std::optional<std::uint16_t> last_;
    Tick changed_{0};
};

/// What a person should know about the points of one PLC.
struct PlcCondition {
    HealthState state = HealthState::ready;
    std::string because;
};

[[nodiscard]] PlcCondition condition_of(const std::vector<PointReading>& points, bool stands_still);

}  // namespace lotgate::adapters
