#pragma once

// What a person may do with one device, besides looking at its state: see its wire, give in a code
// at its place, accept the unit that replaces it, look for devices. daemon/site_devices implements
// it. Loop thread; answers are JSON objects (docs/data/api.md). Faults: invalid_input where no
// device has that name (untrusted: the name), conflict where the device cannot do it, with the
// next step in the detail.

#include "store/model/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace lotgate::api {

struct DecisionView;

/// Whose word it is. At a site that knows its people a supervisor's, with a PIN.
struct DeviceWord {
    std::string badge;
    std::string pin;
    std::string second_badge;
    std::string second_pin;
    std::string reason;  ///< empty: what is done is reason enough
};

struct InjectCall {
    InjectCall(std::string device_, std::string bytes_)
        : device(std::move(device_)), bytes(std::move(bytes_)) {}

    std::string device;
    std::string bytes;  ///< one code; empty: a no-read
    DeviceWord word;
    std::string request_id;
};

class DeviceTools {
public:
    DeviceTools() = default;
    DeviceTools(const DeviceTools&) = delete;
    DeviceTools& operator=(const DeviceTools&) = delete;
    virtual ~DeviceTools() = default;

    /// The device, its unit, and the last `frames` records of its wire.
    [[nodiscard]] virtual Result<std::string> show(const std::string& device,
                                                   std::size_t frames) const = 0;
    /// As if the device had read it; the ledger's actor begins "simulated:". Fault closed where the
    /// configuration does not allow it; a badge that may not is a refusal.
    [[nodiscard]] virtual boost::asio::awaitable<Result<DecisionView>> inject(InjectCall call) = 0;
    /// The unit that is plugged in is the right one from now on, also after a restart. Fault closed
    /// where that badge may not.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::string>> replace(std::string device,
                                                                              DeviceWord word) = 0;
    /// Each record of its wire goes to the log, for ten minutes or 5,000 lines.
    [[nodiscard]] virtual Result<std::string> trace_wire(const std::string& device, bool is_on) = 0;
    /// An object stands before this scanner: look.
    [[nodiscard]] virtual Result<std::string> trigger(const std::string& device) = 0;
    /// Serial ports of this machine and, where a range is given ("10.1.2.0/24", at most 256
    /// addresses), who takes a connection on the label printers' port 9100. Sends nothing.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::string>> discover(
        std::string range) = 0;
    /// The wire of the device as it was when this event was decided, where it was kept.
    [[nodiscard]] virtual Result<std::string> recording(std::uint64_t seq) const = 0;
};

}  // namespace lotgate::api
