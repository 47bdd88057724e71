#pragma once

// The simulator's only contact with sockets, ptys and timers: one thread, callbacks, and nothing
// shared with the daemon's own transport. Everything here is called on the loop's thread except
// Loop::post() and Loop::stop().
//
// Bytes are handed over as they come from the kernel; what is written is queued without a limit,
// since a simulator must be able to flood.

#include "store/model/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace lotgate::sim {

using SteadyClock = std::chrono::steady_clock;
using Duration = std::chrono::nanoseconds;
using Job = std::function<void()>;

class Loop {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs until stop().
    void run();
    void stop();
    /// From now on SIGTERM and SIGINT are a stop(), also before run() has begun.
    void stop_on_signals();
    void post(Job job);
    /// Once, after that time, and not to be cancelled: what it uses lives as long as the loop runs.
    void after(Duration time, Job job);

    [[nodiscard]] boost::asio::io_context& context();

private:
    struct Signals;

    std::unique_ptr<boost::asio::io_context> context_;
    std::unique_ptr<Signals> signals_;
};

/// One shot at a time; starting it again forgets the shot before. Destruction cancels.
class Timer {
public:
    explicit Timer(Loop& loop);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void start(Duration after, Job job);
    void start_at(SteadyClock::time_point when, Job job);
    void cancel();

private:
    struct Shot;
    std::shared_ptr<Shot> shot_;
};

/// A connected byte stream: a TCP or Unix socket, or the master side of a pty.
class Stream : public std::enable_shared_from_this<Stream> {
public:
    using OnBytes = std::function<void(std::string_view)>;

    /// Takes the descriptor over, and makes it non-blocking.
    static std::shared_ptr<Stream> adopt(Loop& loop, int fd);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// `on_closed` is called once when the other side ends it; never after close() or reset().
    void start(OnBytes on_bytes, Job on_closed);
    void write(std::string_view bytes);
    /// Ends it at once; what the kernel has not yet taken is forgotten.
    void close();
    /// The same with a TCP RST instead of a FIN.
    void reset();
    /// While held nothing is read, so that the peer's writes fill the kernel's buffers and stall.
    void hold_reading(bool on);

    [[nodiscard]] bool is_open() const;
    [[nodiscard]] std::size_t backlog() const;
    [[nodiscard]] std::uint64_t bytes_in() const;
    [[nodiscard]] std::uint64_t bytes_out() const;

private:
    struct Parts;
    explicit Stream(std::unique_ptr<Parts> parts);

    void wait_for_bytes();
    void read_some();
    void flush();
    void ended();

    std::unique_ptr<Parts> parts_;
};

using StreamPtr = std::shared_ptr<Stream>;

class Listener : public std::enable_shared_from_this<Listener> {
public:
    using OnAccept = std::function<void(StreamPtr)>;

    /// Loopback only. Port 0 takes a free one: see port().
    static Result<std::shared_ptr<Listener>> tcp(Loop& loop, std::uint16_t port);
    /// A socket file that nobody listens on any more is replaced; mode 0600.
    static Result<std::shared_ptr<Listener>> local(Loop& loop, const std::string& path);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    void start(OnAccept on_accept);
    /// While held, peers wait in the kernel's queue: connected, and not served.
    void hold_accepting(bool on);
    void close();

    [[nodiscard]] std::uint16_t port() const;

private:
    struct Parts;
    explicit Listener(std::unique_ptr<Parts> parts);

    void wait_for_peer();

    std::unique_ptr<Parts> parts_;
};

using ListenerPtr = std::shared_ptr<Listener>;

/// Connects to a numeric IPv4 address; `done` gets nullptr when that fails. The descriptor that
/// waits is closed when the returned handle goes away.
class Dial {
public:
    using Done = std::function<void(StreamPtr)>;

    Dial(Loop& loop, const std::string& host, std::uint16_t port, Done done);
    ~Dial();
    Dial(const Dial&) = delete;
    Dial& operator=(const Dial&) = delete;

private:
    struct Parts;
    std::shared_ptr<Parts> parts_;
};

/// Makes what is at `path` a symbolic link to `target`, in one step.
Result<> point_link(const std::string& path, const std::string& target);

}  // namespace lotgate::sim
