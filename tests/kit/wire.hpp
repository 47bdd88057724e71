#pragma once

// For tests over real sockets, ttys and processes: everything on loopback, ports given by the
// system, waits on conditions with a deadline.

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace lotgate::kit {

/// Runs the loop until the condition holds; false when it does not within the time.
[[nodiscard]] bool eventually(boost::asio::io_context& loop,
                              const std::function<bool()>& condition,
                              std::chrono::milliseconds within = std::chrono::seconds(10));

/// A port that was free a moment ago.
[[nodiscard]] std::uint16_t free_port();

/// Somebody listens on this port of loopback.
[[nodiscard]] bool is_listening(std::uint16_t port);

/// A folder of its own, removed at the end.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A program, killed at the end if it still runs.
class Process {
public:
    /// Output goes to `log`.
    Process(std::vector<std::string> command, const std::filesystem::path& log);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// Sends the signal and, for SIGKILL and SIGTERM, waits for the end.
    void signal(int number);
    [[nodiscard]] bool is_running();

private:
    void reap();

    pid_t pid_ = -1;
};

/// A mosquitto of its own on a free loopback port.
class Broker {
public:
    Broker();

    [[nodiscard]] std::uint16_t port() const { return port_; }

    void start();
    /// SIGKILL: nothing that was not saved survives.
    void kill();
    /// SIGSTOP and SIGCONT: the network is up, but nobody answers.
    void freeze();
    void thaw();
    /// Saves its state now (SIGUSR1); it survives a kill.
    void save();

private:
    TemporaryFolder folder_;
    std::uint16_t port_;
    std::unique_ptr<Process> process_;
};

}  // namespace lotgate::kit
