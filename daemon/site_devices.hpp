#pragma once

// What a person may do with one device (daemon/api/device_tools.hpp), for this site.

#include "daemon/api/device_tools.hpp"
#include "daemon/api/site_view.hpp"

#include <functional>
#include <string>

namespace lotgate::site {

struct RunningDevice;
struct SiteParts;
class Station;

/// Loop thread. The parts outlive it.
class SiteDevices final : public api::DeviceTools {
public:
    /// The station a device reads for, or null.
    using StationOf = std::function<Station*(const std::string&)>;
    /// Has the store say whether somebody may, and remember it.
    using Operate =
        std::function<boost::asio::awaitable<Result<api::DecisionView>>(api::OperationCall)>;

    SiteDevices(SiteParts& parts, StationOf station_of, Operate operate);

    [[nodiscard]] Result<std::string> show(const std::string& device,
                                           std::size_t frames) const override;
    [[nodiscard]] boost::asio::awaitable<Result<api::DecisionView>> inject(
        api::InjectCall call) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::string>> replace(
        std::string device, api::DeviceWord word) override;
    [[nodiscard]] Result<std::string> trace_wire(const std::string& device, bool is_on) override;
    [[nodiscard]] Result<std::string> trigger(const std::string& device) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::string>> discover(std::string range) override;
    [[nodiscard]] Result<std::string> recording(std::uint64_t seq) const override;

    /// Keeps the wire of the device that read this, where it was refused or could not be read.
    void keep_recording(const std::string& device, const api::DecisionView& view);

private:
    [[nodiscard]] Result<RunningDevice*> named(const std::string& device) const;

    SiteParts& parts_;
    const StationOf station_of_;
    const Operate operate_;
};

/// One device as the API shows it.
[[nodiscard]] api::DeviceView view_of(const RunningDevice& device);

}  // namespace lotgate::site
