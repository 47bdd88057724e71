#pragma once

// The libmodbus context of one bus, and the traps of libmodbus 3.1.6 fenced in. Blocks; used by the
// bus's worker thread only, but for interrupt(). Nothing else includes this.

#include "adapters/transport/modbus_bus.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <span>

// libmodbus's own type; its header stays in the .cpp.
struct _modbus;  // NOLINT(bugprone-reserved-identifier): the name it has there

namespace lotgate::adapters {

class ModbusWire {
public:
    /// `config` outlives it.
    explicit ModbusWire(const ModbusBusConfig& config);

    [[nodiscard]] bool is_open() const { return context_ != nullptr; }

    /// Connects within config.connect_within. Faults: unavailable, full (descriptors).
    [[nodiscard]] Result<> open();

    /// False where the other side closed, or sent what nobody asked for.
    [[nodiscard]] bool is_quiet();

    /// The answer's PDU, or the Fault after which the link must be closed: timed_out, unavailable,
    /// corrupt.
    [[nodiscard]] Result<std::vector<std::uint8_t>> exchange(
        const ModbusRequest& request, std::chrono::steady_clock::time_point by);

    void close();

    /// From another thread: wakes a wait for an answer (TCP).
    void interrupt();

private:
    struct FreeContext {
        void operator()(_modbus* context) const;
    };

    [[nodiscard]] _modbus* new_tcp() const;
    [[nodiscard]] _modbus* new_serial() const;
    void settle();
    [[nodiscard]] Result<std::vector<std::uint8_t>> pdu_of(
        const ModbusRequest& request, std::span<const std::uint8_t> frame) const;

    const ModbusBusConfig& config_;
    const bool is_serial_;
    std::unique_ptr<_modbus, FreeContext> context_;
    std::mutex mutex_;
    int descriptor_ = -1;  ///< guarded by mutex_
};

}  // namespace lotgate::adapters
