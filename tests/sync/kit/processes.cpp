#include "tests/sync/kit/processes.hpp"

#include "store/model/assert.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lotgate::sync::test {

namespace {

pid_t spawn(const std::vector<std::string>& command, const std::string& log) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t pid = ::fork();
    LG_ASSERT(pid >= 0);
    if (pid != 0) return pid;
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

}  // namespace

void Process::start(const std::vector<std::string>& command, const std::string& log) {
    kill_now();
    pid_ = spawn(command, log);
}

void Process::send(int signal) const {
    LG_ASSERT(pid_ > 0);
    ::kill(pid_, signal);
}

void Process::kill_now() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

int run_to_end(const std::vector<std::string>& command, const std::string& log) {
    const pid_t pid = spawn(command, log);
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TemporaryDirectory::TemporaryDirectory() {
    std::string name = "/tmp/lotgate-sync-XXXXXX";
    LG_ASSERT(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    LG_ASSERT(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
    LG_ASSERT(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    ::close(socket);
    return ntohs(address.sin_port);
}

Broker::Broker(const std::string& directory) : directory_(directory), port_(free_port()) {
    std::ofstream config(directory_ + "/mosquitto.conf");
    config << fmt::format(
        "listener {} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type warning\n"
        "log_type error\n",
        port_);
    config.close();
    start();
}

void Broker::start() {
    process_.start({"/usr/sbin/mosquitto", "-c", directory_ + "/mosquitto.conf"},
                   directory_ + "/mosquitto.log");
}

Cluster::Cluster(const std::string& directory) : directory_(directory) {
    start();
}

Cluster::~Cluster() {
    static_cast<void>(script("kill"));
}

int Cluster::script(const std::string& verb) const {
    return run_to_end({LOTGATE_SOURCE_DIR "/sync/hub/private_cluster.sh", verb, directory_},
                      directory_ + "/cluster.log");
}

void Cluster::crash() {
    LG_ASSERT(script("kill") == 0);
}

void Cluster::start() {
    LG_ASSERT(script("start") == 0);
}

std::string Cluster::conninfo() const {
    return fmt::format("host={}/pg port=5432 user=lotgate dbname=lotgate", directory_);
}

}  // namespace lotgate::sync::test
