#pragma once

// One Modbus connection (TCP or a serial line) with a worker thread of its own: libmodbus blocks,
// and the loop must not. The worker sleeps until a request comes and takes it at once; urgent
// requests go before the others. This is the only user of libmodbus (traps:
// docs/data/registers.md).
//
// Every request ends within its deadline, which counts from perform(), waiting included. After
// anything but a right answer or a Modbus exception the link is closed, since a late answer would
// be taken for the next one's; it is opened again by the next request, at once the first time,
// then after a full-jitter pause. Each new link has a new number, so that a caller knows that the
// PLC may have been away. A watch (ModbusWatch) stands at the worker, which looks by itself and
// wakes the loop only for what is new. A unit that does not answer several times is not asked for a
// while, so that it does not hold up the others on its line.
//
// Threads: construct, perform() and destroy on the loop thread; counters() anywhere.

#include "adapters/transport/modbus_frame.hpp"
#include "store/model/result.hpp"
#include "store/model/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace lotgate::adapters {

struct ModbusTcpLine {
    std::string host;  ///< a numeric address: looking up a name would block without limit
    std::uint16_t port = 502;
};

struct ModbusSerialLine {
    std::string port;          ///< "/dev/serial/by-id/..."
    unsigned baud = 19200;     ///< 1200 to 115200
    std::string line = "8E1";  ///< data bits (always 8), parity N E O, stop bits
    bool is_rs485 = false;  ///< ask the driver to switch direction; USB adapters do it themselves
};

struct ModbusBusConfig {
    std::variant<ModbusTcpLine, ModbusSerialLine> line;
    std::chrono::milliseconds request_within{500};  ///< 10 ms to 10 s, in the queue and on the wire
    std::chrono::milliseconds connect_within{1000};  ///< 50 ms to 10 s
    std::chrono::milliseconds gap{0};                ///< 0 to 1 s of silence between two requests
    std::chrono::milliseconds back_off_max{30'000};  ///< 100 ms to 5 min, between connects
    unsigned silent_max = 3;                         ///< 1 to 100 timeouts: unit is left alone
    std::chrono::milliseconds leave_alone{2'000};    ///< 100 ms to 5 min
    std::size_t queue_max = 64;                      ///< each of urgent and other requests
};

/// Keys host and port, or serial_port, baud, line, rs485; request_within, connect_within, gap,
/// back_off_max, silent_max, leave_alone.
[[nodiscard]] ModbusBusConfig parse_modbus_bus(SettingsTable& table);

/// "10.0.0.5:502", "/dev/ttyS1 19200 8E1": devices with the same one share a bus.
[[nodiscard]] std::string describe(const ModbusBusConfig& config);

/// A numeric address and port, or a port and a line; Fault invalid_input otherwise.
[[nodiscard]] Result<> check(const ModbusBusConfig& config);

struct ModbusAnswer {
    ModbusAnswer() = default;

    ModbusAnswer(std::vector<std::uint16_t> values_, std::uint64_t link_)
        : values(std::move(values_)), link(link_) {}

    std::vector<std::uint16_t> values;  ///< registers, or bits as 0 and 1; empty after a write
    std::uint64_t link = 0;             ///< the link it came on: 1, 2, 3 …
};

struct ModbusCounters {
    std::uint64_t answered = 0;
    std::uint64_t exceptions = 0;  ///< of these, Modbus exceptions
    std::uint64_t timed_out = 0;   ///< on the wire or in the queue
    std::uint64_t broken = 0;      ///< other failures of the link, wrong answers among them
    std::uint64_t refused = 0;     ///< queue full, backing off, unit left alone
    std::uint64_t links = 0;       ///< opened since start
    std::size_t queued = 0;
    std::size_t queued_max_seen = 0;
};

class ModbusBus {
public:
    /// Checks the addresses and starts the thread; opens nothing.
    [[nodiscard]] static Result<std::unique_ptr<ModbusBus>> start(
        ModbusBusConfig config, boost::asio::any_io_executor loop);
    ModbusBus(const ModbusBus&) = delete;
    ModbusBus& operator=(const ModbusBus&) = delete;
    /// Ends the request on the wire and the thread; what waits gets Fault closed.
    ~ModbusBus();

    /// Faults: timed_out (a write may have been carried out), unavailable (link or unit away, PLC
    /// failed), full (queue, or PLC busy), invalid_input (refused here, or by the PLC as address,
    /// value or function), corrupt (a wrong answer), closed (only_on another link, or ending).
    /// Cancelling the waiting coroutine drops the request if it has not begun.
    [[nodiscard]] boost::asio::awaitable<Result<ModbusAnswer>> perform(ModbusRequest request);

    [[nodiscard]] ModbusCounters counters() const;

    [[nodiscard]] const std::string& name() const { return name_; }

private:
    class Worker;

    ModbusBus(std::string name, std::unique_ptr<Worker> worker);

    const std::string name_;
    const std::unique_ptr<Worker> worker_;
};

}  // namespace lotgate::adapters
