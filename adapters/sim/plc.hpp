#pragma once

// A divert PLC on Modbus/TCP: some decision points on one register map, a heartbeat both ways, and
// a belt that can stand, jam and restart. The contract is in belt.hpp and docs/data/simulators.md.

#include "adapters/sim/belt.hpp"
#include "adapters/sim/device.hpp"
#include "adapters/sim/loop.hpp"
#include "adapters/sim/modbus_server.hpp"

#include <map>
#include <memory>
#include <vector>

namespace lotgate::sim {

class Fields;

struct PlcConfig {
    std::uint16_t port = 502;
    std::uint8_t unit = 1;
    std::uint16_t points = 1;
    std::uint16_t status_base = 0;      ///< R0 of point 0
    std::uint16_t status_stride = 16;   ///< from one point's R0 to the next
    std::uint16_t decision_base = 100;  ///< W0 of point 0
    std::uint16_t decision_stride = 16;
    std::uint16_t coils = 64;
    Duration heartbeat{std::chrono::milliseconds(500)};
    Duration gateway_stale{std::chrono::milliseconds(2000)};
    bool is_heartbeat_required = true;  ///< decisions of a gateway without pulse are not followed
    BeltConfig belt;
};

/// What became of a carton that induct() put on the belt.
using OnCarton = std::function<void(const Carton&, SteadyClock::time_point)>;

class DivertPlc final : public Device, private RegisterBank {
public:
    enum class RunState : std::uint16_t { stop = 1, run = 2, emergency_stop = 3, fault = 4 };

    DivertPlc(Loop& loop, std::string id, PlcConfig config);

    [[nodiscard]] std::string_view kind() const override { return "plc_divert"; }

    Result<> open() override;
    void unplug() override;
    [[nodiscard]] json::object report() const override;

    [[nodiscard]] std::uint16_t listens_on() const override { return config_.port; }

    /// Fault unavailable while the belt stands. The callbacks come once each, from the loop:
    /// `on_decided` when a decision was taken over or the default lane taken.
    Result<Carton> induct(std::uint16_t point, OnCarton on_decided, OnCarton on_confirmed);
    void close_window(std::uint16_t point, std::uint16_t sequence, bool is_no_read);

    /// Sets a quirk or a state from a request: its members are in docs/data/simulators.md.
    Result<> set_quirk(Fields& request);

    [[nodiscard]] std::uint16_t points() const { return config_.points; }

    /// All words the PLC shows and was written, for a look from outside.
    [[nodiscard]] json::object registers() const;

private:
    struct Watch {
        OnCarton on_decided;
        OnCarton on_confirmed;
    };

    struct Point {
        std::unique_ptr<Belt> belt;
        DecisionBlock decision{};
        std::map<std::uint32_t, Watch> watched;  ///< by tracking id
    };

    std::optional<std::vector<std::uint16_t>> read_words(Run run, bool is_input) override;
    bool write_words(std::uint16_t first, const std::vector<std::uint16_t>& words) override;
    std::optional<std::vector<bool>> read_bits(Run run, bool is_input) override;
    bool write_bits(std::uint16_t first, const std::vector<bool>& bits) override;

    [[nodiscard]] std::uint16_t* word_at(std::size_t address, bool is_write);
    void written(std::uint16_t point, std::size_t word, bool is_changed);
    void decided(std::uint16_t point, const Carton& carton);
    void confirmed(std::uint16_t point, const Carton& carton);
    [[nodiscard]] bool is_gateway_alive() const;
    [[nodiscard]] BeltTime belt_now() const;
    void set_state(RunState state);
    void beat();
    void move();
    void restart();

    Result<> set_server_quirk(const std::string& name, Fields& request);
    Result<> set_clients(const std::string& name, Fields& request);
    Result<> set_running(const std::string& name, Fields& request);
    Result<> set_lane(const std::string& name, Fields& request);
    Result<> set_missed(const std::string& name, Fields& request);
    Result<> set_sequence(const std::string& name, Fields& request);
    /// The point of the request, or all.
    [[nodiscard]] std::vector<Belt*> belts_of(Fields& request);

    Loop& loop_;
    PlcConfig config_;
    ModbusServer server_;
    std::vector<Point> points_;
    std::vector<bool> coils_;
    RunState state_ = RunState::run;
    SteadyClock::time_point running_since_;
    BeltTime ran_before_{0};
    std::uint16_t heartbeat_ = 0;
    bool is_heartbeat_stopped_ = false;
    std::optional<SteadyClock::time_point> gateway_rose_at_;
    std::uint64_t gateway_beats_ = 0;
    std::uint64_t coil_writes_ = 0;
    std::uint64_t writes_refused_ = 0;
    std::uint64_t restarts_ = 0;
    Timer beating_;
    Timer moving_;
};

}  // namespace lotgate::sim
