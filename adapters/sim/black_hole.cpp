#include "adapters/sim/black_hole.hpp"

#include <fmt/format.h>

#include <system_error>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lotgate::sim {

namespace {

// Linux queues one connection more than the backlog says; the others make sure that it is full.
constexpr int fillers = 3;

int tcp_socket() {
    return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

}  // namespace

Result<std::unique_ptr<BlackHole>> BlackHole::at(std::uint16_t port) {
    std::unique_ptr<BlackHole> hole(new BlackHole());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const void* bytes = &address;
    const auto* generic = static_cast<const sockaddr*>(bytes);

    const int listening = tcp_socket();
    if (listening >= 0) hole->sockets_.push_back(listening);
    const int on = 1;
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listening, generic, sizeof address) != 0 || ::listen(listening, 0) != 0)
        return fail(
            FaultCode::conflict,
            fmt::format("port {} on 127.0.0.1: {}", port, std::generic_category().message(errno)));
    for (int filler = 0; filler < fillers; ++filler) {
        const int filling = tcp_socket();
        if (filling < 0) continue;
        hole->sockets_.push_back(filling);
        static_cast<void>(::connect(filling, generic, sizeof address));
    }
    return hole;
}

BlackHole::~BlackHole() {
    for (const int one : sockets_) ::close(one);
}

}  // namespace lotgate::sim
