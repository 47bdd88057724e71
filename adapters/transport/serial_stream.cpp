#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/serial_line.hpp"
#include "adapters/transport/stream_of.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace lotgate::adapters {

namespace {

/// An open descriptor and what must live as long.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}

    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;

    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    [[nodiscard]] int get() const { return number_; }

    [[nodiscard]] int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

/// The port and its lock file in one link, as StreamOf needs it.
class LockedPort : public boost::asio::posix::stream_descriptor {
public:
    LockedPort(const boost::asio::any_io_executor& loop, int port, Descriptor lock)
        : boost::asio::posix::stream_descriptor(loop, port), lock_(std::move(lock)) {}

private:
    Descriptor lock_;
};

using SerialStream = detail::StreamOf<LockedPort>;

Fault open_fault(int error, const std::string& port) {
    switch (error) {
        case ENOENT:
        case ENXIO:
        case ENODEV:
            return {FaultCode::unavailable, "no such port " + port + ": is the USB cable in?"};
        case EACCES:
        case EPERM:
            return {FaultCode::invalid_input,
                    "no permission for " + port + ": is the daemon's user in the group dialout?"};
        case EBUSY:
        case EWOULDBLOCK:
            return {FaultCode::conflict, port + " is held by another program"};
        case ENOTTY:
        case EISDIR:
            return {FaultCode::invalid_input, port + " is not a serial port"};
        default:
            return {FaultCode::unavailable, port + ": " + std::generic_category().message(error)};
    }
}

/// Best effort where the directory is not ours to write: TIOCEXCL and the lock on the port itself
/// remain.
Result<Descriptor> take_lock_file(const SerialConfig& config) {
    if (config.lock_dir.empty()) return Descriptor(-1);
    std::error_code failed;
    const std::filesystem::path real = std::filesystem::canonical(config.port, failed);
    if (failed) return fail(open_fault(failed.value(), config.port));
    const std::string path = config.lock_dir + "/LCK.." + real.filename().string();
    Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (lock.get() >= 0 && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        return fail(open_fault(errno, config.port));
    }
    return lock;
}

Result<> configure(int port, const SerialConfig& config) {
    const std::optional<SerialLine> line = parse_serial_line(config.baud, config.line, config.flow);
    if (!line) return fail(FaultCode::invalid_input, "line \"" + config.line + "\" is not one");
    termios settings{};
    if (::tcgetattr(port, &settings) != 0) return fail(open_fault(errno, config.port));
    ::cfmakeraw(&settings);
    settings.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS | HUPCL);
    settings.c_cflag |= line->control | CLOCAL | CREAD | (config.hang_up ? HUPCL : 0U);
    settings.c_iflag |= line->input;
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    ::cfsetispeed(&settings, line->speed);
    ::cfsetospeed(&settings, line->speed);
    if (::tcsetattr(port, TCSANOW, &settings) != 0) return fail(open_fault(errno, config.port));
    // FTDI adapters wait 16 ms for more bytes otherwise. Drivers without it just refuse.
    serial_struct extra{};
    if (::ioctl(port, TIOCGSERIAL, &extra) == 0) {
        extra.flags |= static_cast<int>(ASYNC_LOW_LATENCY);
        (void)::ioctl(port, TIOCSSERIAL, &extra);
    }
    return {};
}

Result<Descriptor> open_port(const SerialConfig& config) {
    // O_NOCTTY: a session leader that takes the tty as its terminal dies when it is unplugged.
    Descriptor port(::open(config.port.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (port.get() < 0) return fail(open_fault(errno, config.port));
    if (::isatty(port.get()) == 0) return fail(open_fault(ENOTTY, config.port));
    // TIOCEXCL does not stop root, the lock on the port does (for programs that look).
    if (::flock(port.get(), LOCK_EX | LOCK_NB) != 0) return fail(open_fault(errno, config.port));
    if (::ioctl(port.get(), TIOCEXCL) != 0) return fail(open_fault(errno, config.port));
    LG_CHECK(configure(port.get(), config));
    // Bytes of an earlier carton must not decide the next one.
    (void)::tcflush(port.get(), TCIFLUSH);
    return port;
}

}  // namespace

boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> open_serial(SerialConfig config) {
    const auto loop = co_await boost::asio::this_coro::executor;
    LG_CO_TRY(Descriptor lock, take_lock_file(config));
    LG_CO_TRY(Descriptor port, open_port(config));
    const std::string name = fmt::format("{} {} {}", config.port, config.baud, config.line);
    LockedPort link(loop, port.release(), std::move(lock));
    std::unique_ptr<ByteStream> stream = std::make_unique<SerialStream>(
        std::move(link), name, " (was the cable pulled, or the device switched off?)");
    co_return Result<std::unique_ptr<ByteStream>>(std::move(stream));
}

}  // namespace lotgate::adapters
