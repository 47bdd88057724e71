#pragma once

// A scanner of ours on a real wire, with a station that keeps what it is given.

#include "adapters/adapter.hpp"
#include "adapters/scan.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::kit {

class RunningScanner {
public:
    using Make = std::function<std::unique_ptr<adapters::Adapter>(adapters::OnScan)>;

    explicit RunningScanner(boost::asio::io_context& loop);
    RunningScanner(const RunningScanner&) = delete;
    RunningScanner& operator=(const RunningScanner&) = delete;
    /// Stops the scanner and waits for its end.
    ~RunningScanner();

    void start(const Make& make);

    [[nodiscard]] adapters::Adapter& adapter() { return *adapter_; }

    [[nodiscard]] bool becomes(adapters::HealthState state);
    [[nodiscard]] bool has_scans(std::size_t count);
    [[nodiscard]] std::uint64_t counter(const std::string& name) const;
    [[nodiscard]] bool stops();

    std::vector<adapters::Scan> scans;
    adapters::ScanAnswer answer{adapters::Light::good, "ACCEPT", "Go on."};
    std::chrono::milliseconds verdict_takes{0};

private:
    boost::asio::awaitable<adapters::ScanAnswer> decide(adapters::Scan scan);

    boost::asio::io_context& loop_;
    std::unique_ptr<adapters::Adapter> adapter_;
    bool has_ended_ = true;
};

}  // namespace lotgate::kit
