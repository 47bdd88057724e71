// The part of the loop that makes sockets: listening, dialling, and the link of a pty.

#include "adapters/sim/loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace lotgate::sim {

namespace {

constexpr int socket_flags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

// Modbus and printers are request and answer: a segment held back for an acknowledgement would
// add 40 ms that no device has.
void send_at_once(int fd) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

template <class Address>
const sockaddr* generic(const Address& address) {
    const void* bytes = &address;
    return static_cast<const sockaddr*>(bytes);
}

std::uint16_t bound_port(int fd) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    void* bytes = &address;
    getsockname(fd, static_cast<sockaddr*>(bytes), &size);
    return ntohs(address.sin_port);
}

}  // namespace

struct Listener::Parts {
    Parts(Loop& loop_, int fd) : loop(loop_), descriptor(loop_.context(), fd) {}

    Loop& loop;
    asio::posix::stream_descriptor descriptor;
    OnAccept on_accept;
    std::string unlink_path;
    std::uint16_t port = 0;
    bool is_open = true;
    bool is_held = false;
    bool is_waiting = false;
};

Result<ListenerPtr> Listener::tcp(Loop& loop, std::uint16_t port) {
    const int fd = ::socket(AF_INET, socket_flags, 0);
    if (fd < 0)
        return fail(FaultCode::unavailable,
                    fmt::format("socket: {}", std::generic_category().message(errno)));
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd, generic(address), sizeof address) != 0 || ::listen(fd, SOMAXCONN) != 0) {
        const int error = errno;
        ::close(fd);
        return fail(
            FaultCode::conflict,
            fmt::format("port {} on 127.0.0.1: {}", port, std::generic_category().message(error)));
    }
    auto parts = std::make_unique<Parts>(loop, fd);
    parts->port = bound_port(fd);
    return ListenerPtr(new Listener(std::move(parts)));
}

Result<ListenerPtr> Listener::local(Loop& loop, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return fail(
            FaultCode::invalid_input,
            fmt::format(
                "{}: a socket's path has 1 to {} bytes", path, sizeof address.sun_path - 1));
    path.copy(address.sun_path, path.size());

    const int fd = ::socket(AF_UNIX, socket_flags, 0);
    if (fd < 0)
        return fail(FaultCode::unavailable,
                    fmt::format("socket: {}", std::generic_category().message(errno)));
    if (::connect(fd, generic(address), sizeof address) == 0) {
        ::close(fd);
        return fail(FaultCode::conflict, fmt::format("{}: somebody listens on it already", path));
    }
    if (errno == ECONNREFUSED) ::unlink(path.c_str());
    if (::bind(fd, generic(address), sizeof address) != 0 ||
        ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(fd, SOMAXCONN) != 0) {
        const int error = errno;
        ::close(fd);
        return fail(FaultCode::unavailable,
                    fmt::format("{}: {}", path, std::generic_category().message(error)));
    }
    auto parts = std::make_unique<Parts>(loop, fd);
    parts->unlink_path = path;
    return ListenerPtr(new Listener(std::move(parts)));
}

Listener::Listener(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Listener::~Listener() {
    if (parts_->is_open && !parts_->unlink_path.empty()) ::unlink(parts_->unlink_path.c_str());
}

void Listener::start(OnAccept on_accept) {
    parts_->on_accept = std::move(on_accept);
    wait_for_peer();
}

void Listener::wait_for_peer() {
    Parts& parts = *parts_;
    if (!parts.is_open || parts.is_held || parts.is_waiting) return;
    parts.is_waiting = true;
    parts.descriptor.async_wait(
        asio::posix::stream_descriptor::wait_read,
        [self = shared_from_this()](const boost::system::error_code&) {
            Parts& mine = *self->parts_;
            mine.is_waiting = false;
            if (!mine.is_open || mine.is_held) return;
            const int fd =
                ::accept4(mine.descriptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC);
            if (fd >= 0) {
                send_at_once(fd);
                mine.on_accept(Stream::adopt(mine.loop, fd));
            }
            self->wait_for_peer();
        });
}

void Listener::hold_accepting(bool on) {
    parts_->is_held = on;
    if (!on) wait_for_peer();
}

void Listener::close() {
    if (!parts_->is_open) return;
    parts_->is_open = false;
    boost::system::error_code ignored;
    parts_->descriptor.close(ignored);
    if (!parts_->unlink_path.empty()) ::unlink(parts_->unlink_path.c_str());
    parts_->loop.post([self = shared_from_this()] { self->parts_->on_accept = nullptr; });
}

std::uint16_t Listener::port() const {
    return parts_->port;
}

struct Dial::Parts {
    Parts(Loop& loop_, Done done_)
        : loop(loop_), descriptor(loop_.context()), done(std::move(done_)) {}

    Loop& loop;
    asio::posix::stream_descriptor descriptor;
    Done done;

    void finish(bool is_connected) {
        if (!done) return;
        const Done told = std::move(done);
        done = nullptr;
        StreamPtr stream;
        if (is_connected) stream = Stream::adopt(loop, descriptor.release());
        told(stream);
    }
};

Dial::Dial(Loop& loop, const std::string& host, std::uint16_t port, Done done)
    : parts_(std::make_shared<Parts>(loop, std::move(done))) {
    const int fd = ::socket(AF_INET, socket_flags, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    const bool is_numeric = inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1;
    if (fd >= 0) parts_->descriptor.assign(fd);
    if (fd < 0 || !is_numeric) {
        loop.post([parts = parts_] { parts->finish(false); });
        return;
    }
    send_at_once(fd);
    if (::connect(fd, generic(address), sizeof address) != 0 && errno != EINPROGRESS) {
        loop.post([parts = parts_] { parts->finish(false); });
        return;
    }
    parts_->descriptor.async_wait(
        asio::posix::stream_descriptor::wait_write,
        [parts = parts_](const boost::system::error_code& waited) {
            int error = 0;
            socklen_t size = sizeof error;
            if (waited ||
                getsockopt(
                    parts->descriptor.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size) != 0)
                error = ECANCELED;
            parts->finish(error == 0);
        });
}

Dial::~Dial() {
    parts_->done = nullptr;
    boost::system::error_code ignored;
    parts_->descriptor.close(ignored);
}

Result<> point_link(const std::string& path, const std::string& target) {
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str());
    if (::symlink(target.c_str(), fresh.c_str()) != 0 || ::rename(fresh.c_str(), path.c_str()) != 0)
        return fail(FaultCode::unavailable,
                    fmt::format("{}: cannot link it to {}: {}",
                                path,
                                target,
                                std::generic_category().message(errno)));
    return {};
}

}  // namespace lotgate::sim
