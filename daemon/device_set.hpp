#pragma once

// The devices of the site, running. A reload stops those that went or changed and starts the new
// ones; the others do not notice.

#include "adapters/registry/registry.hpp"
#include "daemon/station/effects.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::site {

struct RunningDevice {
    adapters::DeviceDeclaration declaration;
    std::unique_ptr<adapters::Adapter> adapter;
    bool has_ended = false;
};

/// Loop thread.
class DeviceSet {
public:
    DeviceSet(adapters::DeviceServices services, Effects& effects);

    /// Makes the running devices those declared; says what it did ("started D4, stopped D2").
    std::string adopt(std::vector<adapters::DeviceDeclaration> declared);
    /// Asks all to stop, and returns when they have, or when `deadline` is over.
    boost::asio::awaitable<void> stop_all(std::chrono::milliseconds deadline);

    /// Ends the device and starts it anew from its declaration, as after a change of its unit.
    void restart(const std::string& id);

    /// The running device of this id, or null. Not to be kept: a reload may end it.
    [[nodiscard]] adapters::Adapter* named(const std::string& id) const;

    /// The devices of the configuration, in its order.
    [[nodiscard]] const std::vector<std::shared_ptr<RunningDevice>>& devices() const {
        return devices_;
    }

private:
    std::shared_ptr<RunningDevice> start(adapters::DeviceDeclaration declaration);
    void retire(const std::shared_ptr<RunningDevice>& device);
    void bury();
    void pass_on(const RunningDevice& ended);

    adapters::DeviceServices services_;
    Effects* effects_;
    bool is_stopping_ = false;
    std::vector<std::shared_ptr<RunningDevice>> devices_;
    std::vector<std::shared_ptr<RunningDevice>> retired_;  ///< stopped, their run() still ending
};

}  // namespace lotgate::site
