#pragma once

// Scans at a rate, over several scanners, some of them paired with a decision point of a PLC so
// that each scan is a carton. Open loop at a rate (a slow answer holds nothing back), or closed
// loop as fast as the answers come.

#include "adapters/sim/induction.hpp"
#include "adapters/sim/warehouse.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace lotgate::sim {

class Fields;

class Load : public std::enable_shared_from_this<Load> {
public:
    using OnDone = std::function<void(json::object)>;

    /// Reads the request; `done` is called once with the counts when the last answer is in.
    static Result<std::shared_ptr<Load>> begin(Loop& loop,
                                               const Warehouse& warehouse,
                                               Fields& request,
                                               OnDone done);

private:
    struct Lane {
        Scanner* scanner = nullptr;
        DivertPlc* plc = nullptr;
        std::uint16_t point = 0;
        std::uint64_t sent = 0;
    };

    struct Counts {
        std::uint64_t sent = 0;
        std::uint64_t undelivered = 0;
        std::uint64_t answered = 0;
        std::uint64_t unanswered = 0;
        std::uint64_t inducted = 0;
        std::uint64_t belt_stood = 0;
        std::uint64_t decided = 0;
        std::uint64_t on_default = 0;
        std::uint64_t lagging = 0;  ///< sent more than 1 ms after its time
        std::map<std::string, std::uint64_t> answers;
    };

    Load(Loop& loop, OnDone done) : loop_(loop), done_(std::move(done)), next_(loop) {}

    Result<> read_request(const Warehouse& warehouse, Fields& request);
    void read_lanes(const Warehouse& warehouse, Fields& request);
    [[nodiscard]] static Lane read_lane(const Warehouse& warehouse, const json::value& item);
    Result<> read_codes(Fields& request);
    void start();
    void arrival();
    [[nodiscard]] bool is_over() const;
    void send(std::size_t lane);
    void send_paired(std::size_t lane, const std::string& code);
    void answered(std::size_t lane, const ScanOutcome& outcome);
    void one_done(std::size_t lane);
    void finish_if_idle();
    [[nodiscard]] std::string next_code();
    [[nodiscard]] Duration gap();
    [[nodiscard]] json::object report() const;

    Loop& loop_;
    OnDone done_;
    Timer next_;
    std::vector<Lane> lanes_;
    std::vector<std::string> codes_;
    std::string pattern_;
    std::uint64_t first_ = 1;
    std::size_t digits_ = 8;
    double rate_per_s_ = 0;
    bool is_poisson_ = false;
    std::mt19937_64 random_;
    Duration lasts_{0};
    Duration wait_{0};
    Duration eye_to_scan_{0};
    std::uint64_t scans_max_ = 0;  ///< 0: no limit
    SteadyClock::time_point began_;
    SteadyClock::time_point due_;
    SteadyClock::time_point last_sent_;
    std::size_t turn_ = 0;
    std::uint64_t under_way_ = 0;
    Counts counts_;
    std::vector<Duration> answer_times_;
    std::vector<Duration> divert_times_;
};

/// p50, p90, p99, max and count, in milliseconds; null where nothing was measured.
[[nodiscard]] json::object percentiles(std::vector<Duration> times);

}  // namespace lotgate::sim
