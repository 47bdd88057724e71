#pragma once

// A link that carries bytes both ways: a serial port, a TCP connection, or a script in a test.
//
// Loop thread only. Faults: timed_out = nothing happened in time (after a read the link is still
// good; after a write it is not, since nobody knows how much left), closed = the other side ended
// it, unavailable = it cannot be opened, conflict = somebody else has it. Details name the likely
// physical cause. Cancelling the awaiting coroutine cancels the operation.

#include "store/model/result.hpp"
#include "store/model/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::adapters {

/// As a deadline: none.
inline constexpr std::chrono::milliseconds no_limit = std::chrono::milliseconds::max();

class ByteStream {
public:
    ByteStream() = default;
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    virtual ~ByteStream() = default;

    /// At least one byte, at most `max`.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::string>> read_some(
        std::size_t max, std::chrono::milliseconds within) = 0;
    /// All of it. A failed write leaves the link unusable: close it.
    [[nodiscard]] virtual boost::asio::awaitable<Result<>> write_all(
        std::string bytes, std::chrono::milliseconds within) = 0;
    /// Ends waiting reads and writes with Fault closed. Idempotent.
    virtual void close() = 0;
    /// "/dev/ttyUSB0 115200 8N1", "10.0.0.7:2112".
    [[nodiscard]] virtual std::string describe() const = 0;
};

/// The seam of every adapter with a byte link: production opens a port, a test gives a script.
using OpenStream = std::function<boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>>()>;

// ---- serial port

struct SerialConfig {
    std::string port;                    ///< "/dev/serial/by-id/..." survives replugging
    unsigned baud = 115200;              ///< 300 to 921600
    std::string line = "8N1";            ///< data bits, parity N E O, stop bits
    std::string flow = "none";           ///< none, software (XON/XOFF), hardware (RTS/CTS)
    std::string lock_dir = "/run/lock";  ///< LCK..ttyX is held here by flock; empty = no lock file
    bool hang_up = false;                ///< drop DTR on close; some scanners restart on it
};

/// Opens raw with O_NOCTTY, TIOCEXCL and FD_CLOEXEC, takes the lock, discards what the port had
/// buffered: bytes of an earlier carton must not decide the next one.
[[nodiscard]] boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> open_serial(
    SerialConfig config);

/// Keys port, baud, line, flow, hang_up.
[[nodiscard]] SerialConfig parse_serial(SettingsTable& table, SerialConfig defaults = {});

// ---- a character device that is no terminal: a printer on USB

struct CharDeviceConfig {
    std::string path;  ///< "/dev/usb/lp0"; a name by id survives replugging
};

/// Reads and writes it as it is, without line settings, and takes a lock on it.
[[nodiscard]] boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> open_char_device(
    CharDeviceConfig config);

/// Key port.
[[nodiscard]] CharDeviceConfig parse_char_device(SettingsTable& table, std::string default_path);

// ---- TCP

struct TcpConfig {
    std::string host;  ///< address or name; a name is looked up at each attempt
    std::uint16_t port = 0;
    std::chrono::milliseconds connect_within{3000};
    /// Bytes not acknowledged for this long end the link (TCP_USER_TIMEOUT); keepalive probes
    /// start at 10 s of silence, so a peer that lost power is noticed without sending anything.
    std::chrono::milliseconds unacknowledged_max{15'000};
};

[[nodiscard]] boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> open_tcp(
    TcpConfig config);

/// Keys host, port, connect_within.
[[nodiscard]] TcpConfig parse_tcp(SettingsTable& table, std::uint16_t default_port);

/// Whether all are addresses or prefixes.
[[nodiscard]] Result<> check_allow(const std::vector<std::string>& allow);

/// A socket where a device dials us. Not a stream itself: accepts one at a time.
class TcpListener {
public:
    struct Config {
        std::string listen = "127.0.0.1";  ///< address to bind; loopback unless said otherwise
        std::uint16_t port = 0;            ///< 0 = any free one (tests)
        /// Addresses or prefixes ("10.1.2.0/24") that may connect; empty = loopback only.
        std::vector<std::string> allow;
        std::chrono::milliseconds unacknowledged_max{15'000};
    };

    TcpListener() = default;
    TcpListener(const TcpListener&) = delete;
    TcpListener& operator=(const TcpListener&) = delete;
    virtual ~TcpListener() = default;

    /// The next connection from an allowed address; others are closed and counted.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> accept() = 0;
    virtual void close() = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual std::uint64_t refused() const = 0;

    /// Fault conflict when the port is in use, invalid_input for an address that is none.
    [[nodiscard]] static Result<std::unique_ptr<TcpListener>> open(
        const boost::asio::any_io_executor& loop, Config config);
};

}  // namespace lotgate::adapters
