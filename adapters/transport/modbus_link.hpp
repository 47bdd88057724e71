#pragma once

// One Modbus link with what keeps it honest: opened when it is needed, closed after anything but a
// right answer or an exception, opened again at once the first time and then after a pause; units
// that do not answer are left alone. Blocks; the bus's worker thread only, but for interrupt().

#include "adapters/transport/backoff.hpp"
#include "adapters/transport/modbus_bus.hpp"
#include "adapters/transport/modbus_bus_wire.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace lotgate::adapters {

class ModbusLink {
public:
    using Steady = std::chrono::steady_clock;

    /// `config` outlives it.
    explicit ModbusLink(const ModbusBusConfig& config);

    /// The Faults of ModbusBus::perform(). A read that met a link which the PLC had closed while
    /// idle is made once more; a write never is.
    [[nodiscard]] Result<ModbusAnswer> serve(const ModbusRequest& request, Steady::time_point by);

    /// Of the last serve().
    [[nodiscard]] bool was_exception() const { return was_exception_; }

    [[nodiscard]] bool was_sent() const { return was_sent_; }

    /// Links opened so far.
    [[nodiscard]] std::uint64_t number() const { return link_; }

    /// The silence after the last request ends then.
    [[nodiscard]] Steady::time_point quiet_until() const { return quiet_until_; }

    void close() { wire_.close(); }

    /// From another thread: wakes a wait for an answer (TCP).
    void interrupt() { wire_.interrupt(); }

private:
    struct Unit {
        unsigned silent = 0;  ///< timeouts in a row
        Steady::time_point ask_again{};
    };

    [[nodiscard]] Result<ModbusAnswer> attempt(const ModbusRequest& request, Steady::time_point by);
    [[nodiscard]] Result<ModbusAnswer> broken(const ModbusRequest& request, Fault fault);
    [[nodiscard]] Result<ModbusAnswer> refused_by_plc(const ModbusRequest& request,
                                                      std::uint8_t exception);
    void note_silence(std::uint8_t number);
    void useful();
    void drop_link(std::string because);
    [[nodiscard]] Result<> ensure_open();

    const ModbusBusConfig& config_;
    std::map<std::uint8_t, Unit> units_;
    std::string last_cause_;
    Backoff backoff_;
    Steady::time_point open_again_{};
    Steady::time_point quiet_until_{};
    std::uint64_t link_ = 0;
    bool is_useless_ = false;  ///< no right answer since the last failure
    bool was_exception_ = false;
    bool was_sent_ = false;
    ModbusWire wire_;
};

}  // namespace lotgate::adapters
