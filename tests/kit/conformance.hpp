#pragma once

// What every device with a byte link does, whatever it is: nothing the wire brings ends it, stalls
// it, or makes it lie. One line a kind of device calls check_conformance().

#include "tests/kit/device_script.hpp"

#include <functional>
#include <string>

namespace lotgate::kit {

struct ConformingDevice {
    std::string name;
    std::string settings;  ///< as in device.toml
    MakeDevice make;
    /// Bytes from the other end after which the device has been useful (Health::last_useful).
    std::string useful;
    /// What the other end answers to what it is sent, for devices that ask; may be empty.
    std::function<std::string(const std::string&)> peer;
    /// Makes the device write, where it does not by itself; may be empty.
    std::function<void(adapters::Adapter&)> poke;
};

/// Absent at start, drop at every byte, garbage, flood, cancel during open, read, write and pause,
/// clock jumps, stop. Fails the running test case.
void check_conformance(const ConformingDevice& device);

}  // namespace lotgate::kit
