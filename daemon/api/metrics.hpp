#pragma once

// The numbers of the site as Prometheus text (exposition format 0.0.4). Labels come from bounded
// sets only: devices, kinds, reasons; never a lot, a serial or an order.

#include "daemon/api/site_view.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lotgate::api {

class Metrics {
public:
    /// Counts one decision since the start. Loop thread, as all members.
    void count(const DecisionView& decision);

    /// All series. `summary` is the site's summary (docs/data/answers.md) or empty.
    [[nodiscard]] std::string text(const StatusView& status,
                                   const std::vector<DeviceView>& devices,
                                   const std::string& summary) const;

private:
    static constexpr std::array<double, 10> bounds_s{
        0.001, 0.002, 0.004, 0.006, 0.010, 0.020, 0.050, 0.100, 0.500, 1.0};

    using DeviceAndWord = std::pair<std::string, std::string>;

    std::map<DeviceAndWord, std::uint64_t> scans_;    ///< device, decision
    std::map<DeviceAndWord, std::uint64_t> refused_;  ///< device, code
    std::array<std::uint64_t, 10> took_{};            ///< per bound, not yet cumulative
    std::uint64_t took_count_ = 0;
    double took_sum_s_ = 0;
};

}  // namespace lotgate::api
