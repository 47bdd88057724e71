#include "adapters/transport/modbus_bus_wire.hpp"

#include <fmt/format.h>
#include <modbus/modbus.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lotgate::adapters {

namespace {

using Steady = std::chrono::steady_clock;

/// What a failed call most likely means, for the person who looks at the device's health.
std::string cause_of(int error, bool is_serial) {
    switch (error) {
        case ECONNREFUSED:
            return "connection refused: is the PLC's Modbus server switched on?";
        case EHOSTUNREACH:
        case ENETUNREACH:
            return "no route: is the network cable in, is the address right?";
        case ETIMEDOUT:
        case EINPROGRESS:
            return "no answer: is the PLC powered, is a firewall in between?";
        case ECONNRESET:
        case EPIPE:
            return "the PLC closed the connection: does another master use its only one?";
        case ENOENT:
            return "no such port: is the USB cable in?";
        case EACCES:
            return "no permission for the port: is the service in the dialout group?";
        case EIO:
            return "the port went away: is the USB cable in?";
        case EMBBADCRC:
            return "checksum wrong: look at wiring, termination and baud rate";
        case EMBBADDATA:
        case EMBBADEXC:
            return "not a Modbus answer: is this the right port of the right device?";
        default:
            return fmt::format(
                "{} ({})", modbus_strerror(error), is_serial ? "serial line" : "network");
    }
}

// libmodbus waits with select(), which writes outside its fd_set from descriptor 1024 on. A new
// descriptor is the lowest free one, so looking at one tells what connect would get.
bool has_low_descriptors() {
    constexpr int margin = 32;
    const int probe = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (probe < 0) return false;
    ::close(probe);
    return probe < FD_SETSIZE - margin;
}

void set_response_timeout(modbus_t* context, Steady::duration within) {
    const auto us = std::max<std::int64_t>(
        1000, std::chrono::duration_cast<std::chrono::microseconds>(within).count());
    modbus_set_response_timeout(context,
                                static_cast<std::uint32_t>(us / 1'000'000),
                                static_cast<std::uint32_t>(us % 1'000'000));
}

}  // namespace

ModbusWire::ModbusWire(const ModbusBusConfig& config)
    : config_(config), is_serial_(std::holds_alternative<ModbusSerialLine>(config.line)) {}

void ModbusWire::FreeContext::operator()(modbus_t* context) const {
    modbus_free(context);
}

Result<> ModbusWire::open() {
    if (!has_low_descriptors())
        return fail(FaultCode::full, "too many open files for a Modbus link (limit 1024)");
    context_.reset(is_serial_ ? new_serial() : new_tcp());
    if (!context_) return fail(FaultCode::invalid_input, cause_of(errno, is_serial_));
    // Recovery modes loop for ever on a dead link and sleep on a living one.
    modbus_set_error_recovery(context_.get(), MODBUS_ERROR_RECOVERY_NONE);
    set_response_timeout(context_.get(), config_.connect_within);
    if (modbus_connect(context_.get()) != 0) {
        const int error = errno;  // wrong after a connect that timed out (3.1.6)
        close();
        return fail(FaultCode::unavailable, cause_of(error, is_serial_));
    }
    settle();
    return {};
}

bool ModbusWire::is_quiet() {
    if (is_serial_) {  // noise between frames is normal on a wire
        modbus_flush(context_.get());
        return true;
    }
    pollfd watched{modbus_get_socket(context_.get()), POLLIN | POLLRDHUP, 0};
    return ::poll(&watched, 1, 0) == 0;
}

Result<std::vector<std::uint8_t>> ModbusWire::exchange(const ModbusRequest& request,
                                                       Steady::time_point by) {
    modbus_set_slave(context_.get(), request.unit);
    set_response_timeout(context_.get(), by - Steady::now());
    const auto bytes = encode(request);
    if (modbus_send_raw_request(context_.get(), bytes.data(), static_cast<int>(bytes.size())) < 0)
        return fail(FaultCode::unavailable, cause_of(errno, is_serial_));
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> frame{};
    const int got = modbus_receive_confirmation(context_.get(), frame.data());
    if (got < 0 && errno == ETIMEDOUT)
        return fail(FaultCode::timed_out,
                    fmt::format("unit {} does not answer in time: is it powered and its "
                                "number right?",
                                request.unit));
    if (got < 0) {
        const bool is_nonsense = errno >= EMBBADCRC;
        return fail(is_nonsense ? FaultCode::corrupt : FaultCode::unavailable,
                    cause_of(errno, is_serial_));
    }
    return pdu_of(request, std::span(frame).first(static_cast<std::size_t>(got)));
}

void ModbusWire::close() {
    {
        const std::lock_guard lock(mutex_);
        descriptor_ = -1;
    }
    if (!context_) return;
    modbus_flush(context_.get());
    modbus_close(context_.get());
    context_.reset();
}

void ModbusWire::interrupt() {
    const std::lock_guard lock(mutex_);
    if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

modbus_t* ModbusWire::new_tcp() const {
    const auto& line = std::get<ModbusTcpLine>(config_.line);
    if (line.host.find(':') == std::string::npos)
        return modbus_new_tcp(line.host.c_str(), line.port);
    return modbus_new_tcp_pi(line.host.c_str(), std::to_string(line.port).c_str());
}

modbus_t* ModbusWire::new_serial() const {
    const auto& line = std::get<ModbusSerialLine>(config_.line);
    return modbus_new_rtu(line.port.c_str(),
                          static_cast<int>(line.baud),
                          line.line.at(1),
                          line.line.at(0) - '0',
                          line.line.at(2) - '0');
}

void ModbusWire::settle() {
    // Without this, each byte that dribbles in starts the wait again.
    modbus_set_byte_timeout(context_.get(), 0, 0);
    const int descriptor = modbus_get_socket(context_.get());
    if (is_serial_) {
        ::ioctl(descriptor, TIOCEXCL);
        if (std::get<ModbusSerialLine>(config_.line).is_rs485)
            modbus_rtu_set_serial_mode(context_.get(), MODBUS_RTU_RS485);
        modbus_flush(context_.get());
        return;
    }
    const int yes = 1;
    const int idle_s = 10;
    const int between_s = 5;
    const int probes = 3;
    ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &between_s, sizeof between_s);
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    const std::lock_guard lock(mutex_);
    descriptor_ = descriptor;
}

Result<std::vector<std::uint8_t>> ModbusWire::pdu_of(const ModbusRequest& request,
                                                     std::span<const std::uint8_t> frame) const {
    if (is_serial_) {
        constexpr std::size_t crc_bytes = 2;
        if (frame.size() < 2 + crc_bytes || frame[0] != request.unit)
            return fail(FaultCode::corrupt, "another unit answered: are two numbered alike?");
        const auto pdu = frame.subspan(1, frame.size() - 1 - crc_bytes);
        return std::vector<std::uint8_t>(pdu.begin(), pdu.end());
    }
    LG_CHECK(check_mbap(request, frame));
    const auto pdu = frame.subspan(7);
    return std::vector<std::uint8_t>(pdu.begin(), pdu.end());
}

}  // namespace lotgate::adapters
