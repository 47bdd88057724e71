#pragma once

// What every simulated device has in common: a name, ends that open, close and come back, and a
// count of everything it saw. The counts are the evidence that the daemon is checked against, so
// they are made at the device's end of the wire and nowhere else.

#include "store/model/result.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lotgate::sim {

namespace json = boost::json;

class Device {
public:
    explicit Device(std::string id) : id_(std::move(id)) {}

    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    virtual ~Device() = default;

    [[nodiscard]] const std::string& id() const { return id_; }

    [[nodiscard]] virtual std::string_view kind() const = 0;

    /// Opens the device's ends: from then on it is there for the daemon.
    virtual Result<> open() = 0;
    /// As if the plug were pulled: links end, nothing listens. Harmless when already unplugged.
    virtual void unplug() = 0;

    /// `link` is a new name for a device that has one (a pty); empty keeps the old one.
    virtual Result<> replug(const std::string& link) {
        static_cast<void>(link);
        return open();
    }

    /// The TCP port it listens on when it is plugged in; 0 where it listens on none.
    [[nodiscard]] virtual std::uint16_t listens_on() const { return 0; }

    /// Where it is ("port", "link") and everything counted.
    [[nodiscard]] virtual json::object report() const = 0;

private:
    std::string id_;
};

}  // namespace lotgate::sim
