#pragma once

// Real peers for [wire] tests: processes that are killed, a broker, a private database cluster.
// Nothing outlives the test: destructors kill and wait.

#include "store/model/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace lotgate::sync::test {

class Process {
public:
    Process() = default;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    ~Process() { kill_now(); }

    void start(const std::vector<std::string>& command, const std::string& log);
    void kill_now();  ///< SIGKILL, and waits
    void send(int signal) const;

    [[nodiscard]] bool is_running() const { return pid_ > 0; }

private:
    pid_t pid_ = -1;
};

/// Runs to its end; gives the exit code. Output is appended to `log`.
int run_to_end(const std::vector<std::string>& command, const std::string& log);

class TemporaryDirectory {
public:
    TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory();

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// A loopback port that nobody used a moment ago.
[[nodiscard]] std::uint16_t free_port();

/// mosquitto on a loopback port of its own.
class Broker {
public:
    explicit Broker(const std::string& directory);
    void start();

    void kill_now() { process_.kill_now(); }

    void send(int signal) const { process_.send(signal); }

    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    std::string directory_;
    std::uint16_t port_;
    Process process_;
};

/// sync/hub/private_cluster.sh, stopped at the end.
class Cluster {
public:
    explicit Cluster(const std::string& directory);
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;
    ~Cluster();

    void crash();  ///< pg_ctl stop -m immediate
    void start();

    [[nodiscard]] std::string conninfo() const;

private:
    int script(const std::string& verb) const;

    std::string directory_;
};

}  // namespace lotgate::sync::test
