#pragma once

// A plain blocking TCP socket, for peers that misbehave exactly as a test wants.

#include <chrono>
#include <cstdint>
#include <string>

namespace lotgate::kit {

class RawSocket {
public:
    /// Connects to loopback. Check is_open().
    explicit RawSocket(std::uint16_t port);
    RawSocket(RawSocket&& other) noexcept;
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;
    RawSocket& operator=(RawSocket&&) = delete;
    ~RawSocket();

    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

    void send(const std::string& bytes);
    /// What is there now, without waiting.
    [[nodiscard]] std::string received();
    /// The other side has ended the connection.
    [[nodiscard]] bool is_ended();
    void close();
    /// Ends with RST instead of FIN.
    void reset();

private:
    friend class RawListener;

    explicit RawSocket(int descriptor, bool) : descriptor_(descriptor) {}

    int descriptor_;
};

class RawListener {
public:
    /// 0 = any free port.
    explicit RawListener(std::uint16_t port = 0);
    RawListener(const RawListener&) = delete;
    RawListener& operator=(const RawListener&) = delete;
    ~RawListener();

    [[nodiscard]] std::uint16_t port() const;
    /// Somebody has dialled and waits to be accepted.
    [[nodiscard]] bool has_caller() const;
    /// Blocks until somebody dials: ask has_caller() first.
    [[nodiscard]] RawSocket accept();

private:
    int descriptor_;
};

}  // namespace lotgate::kit
