#pragma once

// The health of one device: remembers since when, and tells of changes only (never of repetition).

#include "adapters/adapter.hpp"
#include "store/model/time.hpp"

#include <functional>
#include <string>

namespace lotgate::adapters {

enum class LogLevel { info, warning, error };

/// Loop thread. Where an adapter's log lines go; the daemon adds the device to each.
using LogLine = std::function<void(LogLevel, const std::string&)>;

class HealthKeeper {
public:
    /// `clock` outlives it; `log` may be empty.
    HealthKeeper(const Clock& clock, LogLine log);

    /// A new state or cause is logged once. The same state with the same cause keeps `since`; a
    /// retrying device that repeats its cause says so again every ten minutes.
    void set(HealthState state, std::string because = {});
    /// A scan, a label or a divert happened just now.
    void useful();

    [[nodiscard]] const Health& health() const { return health_; }

private:
    const Clock& clock_;
    LogLine log_;
    Health health_;
    Instant logged_;
    std::uint64_t repeated_ = 0;
};

}  // namespace lotgate::adapters
