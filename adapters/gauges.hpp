#pragma once

// Values that a device measures, in the unit a person knows. Shown, never decided upon.

#include <string>
#include <vector>

namespace lotgate::adapters {

struct Gauge {
    std::string name;
    double value = 0.0;
    std::string unit;
};

/// A device that measures something. Found by dynamic_cast from Adapter.
class Gauged {
public:
    Gauged() = default;
    Gauged(const Gauged&) = delete;
    Gauged& operator=(const Gauged&) = delete;
    virtual ~Gauged() = default;

    /// As of the last look; empty while there is none.
    [[nodiscard]] virtual std::vector<Gauge> gauges() const = 0;
};

}  // namespace lotgate::adapters
