#include "adapters/transport/cut_socket.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace lotgate::adapters {

namespace {

constexpr int descriptors_max = 4096;

struct Ports {
    std::uint16_t own = 0;
    std::uint16_t peer = 0;
};

std::uint16_t port_of(const sockaddr_storage& address) {
    // The two address families keep the port in the same place, but say so in two types.
    if (address.ss_family == AF_INET) {
        return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
    }
    if (address.ss_family == AF_INET6) {
        return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    }
    return 0;
}

std::optional<Ports> ports_of(int descriptor) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return {};
    sockaddr_storage own{};
    length = sizeof own;
    if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &length) != 0) return {};
    return Ports{port_of(own), port_of(peer)};
}

int descriptors_in_use_max() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return descriptors_max;
    return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, descriptors_max));
}

std::uint32_t key_of(int descriptor, std::uint16_t own_port) {
    return (static_cast<std::uint32_t>(descriptor) << 16U) | own_port;
}

std::mutex& turn_of(std::uint16_t port) {
    static std::mutex guard;
    static std::map<std::uint16_t, std::unique_ptr<std::mutex>> turns;
    const std::lock_guard lock(guard);
    std::unique_ptr<std::mutex>& turn = turns[port];
    if (!turn) turn = std::make_unique<std::mutex>();
    return *turn;
}

}  // namespace

bool CutSocket::cut() const {
    if (!is_known()) return false;
    const std::optional<Ports> ports = ports_of(descriptor_);
    if (!ports || ports->own != own_port_ || ports->peer != peer_port_) return false;
    return shutdown(descriptor_, SHUT_RDWR) == 0;
}

void CutSocket::send_at_once() const {
    const int yes = 1;
    if (is_known()) (void)setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

CutSocket::Turn::Turn(std::uint16_t peer_port) : peer_port_(peer_port), lock_(turn_of(peer_port)) {
    const int end = descriptors_in_use_max();
    for (int descriptor = 0; descriptor < end; ++descriptor) {
        const std::optional<Ports> ports = ports_of(descriptor);
        if (ports && ports->peer == peer_port_) before_.insert(key_of(descriptor, ports->own));
    }
}

CutSocket CutSocket::Turn::new_socket() const {
    const int end = descriptors_in_use_max();
    for (int descriptor = 0; descriptor < end; ++descriptor) {
        const std::optional<Ports> ports = ports_of(descriptor);
        if (!ports || ports->peer != peer_port_) continue;
        if (before_.count(key_of(descriptor, ports->own)) != 0) continue;
        return {descriptor, ports->own, ports->peer};
    }
    return {};
}

}  // namespace lotgate::adapters
