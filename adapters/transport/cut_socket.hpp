#pragma once

// The socket of one MQTT connection, known well enough to cut and to tune it from outside of the
// library that owns it. Paho gives no access to its sockets and acknowledges a message whatever its
// callback says; a connection that is cut before the callback returns is the only refusal there is.

#include <cstdint>
#include <mutex>
#include <set>

namespace lotgate::adapters {

/// A socket by number and by its two ports, so that a number used again is never mistaken. Does
/// not own it. Any thread.
class CutSocket {
public:
    CutSocket() = default;

    [[nodiscard]] bool is_known() const { return descriptor_ >= 0; }

    /// Shuts both directions at once; the owner notices and closes it. False if it is gone.
    [[nodiscard]] bool cut() const;

    /// Sends small packets at once. Paho leaves Nagle's algorithm on: an acknowledgement followed
    /// by an answer then costs the peer's delayed ACK, 40 ms.
    void send_at_once() const;

    /// Held around one connect: whatever TCP socket to `peer_port` is new afterwards is its own.
    /// Others connecting to the same port of any host wait meanwhile.
    class Turn {
    public:
        explicit Turn(std::uint16_t peer_port);
        [[nodiscard]] CutSocket new_socket() const;

    private:
        std::uint16_t peer_port_;
        std::unique_lock<std::mutex> lock_;
        std::set<std::uint32_t> before_;  ///< descriptor and own port of those that were there
    };

private:
    CutSocket(int descriptor, std::uint16_t own_port, std::uint16_t peer_port)
        : descriptor_(descriptor), own_port_(own_port), peer_port_(peer_port) {}

    int descriptor_ = -1;
    std::uint16_t own_port_ = 0;
    std::uint16_t peer_port_ = 0;
};

}  // namespace lotgate::adapters
