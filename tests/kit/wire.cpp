#include "tests/kit/wire.hpp"

#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;  // NOLINT: POSIX says that programs declare it

namespace lotgate::kit {

namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}  // namespace

bool eventually(boost::asio::io_context& loop,
                const std::function<bool()>& condition,
                std::chrono::milliseconds within) {
    const auto end = Clock::now() + within;
    while (!condition()) {
        if (Clock::now() > end) return false;
        // Something to run, so that an idle loop waits instead of spinning.
        boost::asio::steady_timer pause(loop, std::chrono::milliseconds(2));
        pause.async_wait([](const boost::system::error_code&) {});
        if (loop.stopped()) loop.restart();
        loop.run_one();
    }
    return true;
}

std::uint16_t free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(probe, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("no free port");
    }
    ::close(probe);
    return ntohs(address.sin_port);
}

bool is_listening(std::uint16_t port) {
    const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(port);
    const bool is_there =
        ::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(probe);
    return is_there;
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lotgate_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Process::Process(std::vector<std::string> command, const std::filesystem::path& log) {
    std::vector<char*> words;
    for (std::string& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    const int failed = ::posix_spawnp(&pid_, words[0], &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("cannot start " + command[0]);
}

Process::~Process() {
    if (pid_ > 0) signal(SIGKILL);
}

void Process::signal(int number) {
    if (pid_ <= 0) return;
    ::kill(pid_, number);
    if (number == SIGKILL || number == SIGTERM) reap();
}

void Process::reap() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
}

bool Process::is_running() {
    if (pid_ <= 0) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
    pid_ = -1;
    return false;
}

Broker::Broker() : port_(free_port()) {
    std::ofstream settings(folder_.path() / "mosquitto.conf");
    settings << "listener " << port_ << " 127.0.0.1\n"
             << "allow_anonymous true\n"
             << "persistence true\n"
             << "persistence_location " << folder_.path().string() << "/\n"
             << "set_tcp_nodelay true\n"
             << "log_dest stdout\n";
    settings.close();
    // Started as root, the broker would change to a user who cannot write here.
    std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
    start();
}

void Broker::start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{
            "/usr/sbin/mosquitto", "-c", (folder_.path() / "mosquitto.conf").string()},
        folder_.path() / "log");
    boost::asio::io_context loop;
    if (!eventually(loop, [&] { return is_listening(port_); })) {
        throw std::runtime_error("mosquitto did not start");
    }
}

void Broker::kill() {
    process_->signal(SIGKILL);
}

void Broker::freeze() {
    process_->signal(SIGSTOP);
}

void Broker::thaw() {
    process_->signal(SIGCONT);
}

void Broker::save() {
    process_->signal(SIGUSR1);
    boost::asio::io_context loop;
    const std::filesystem::path file = folder_.path() / "mosquitto.db";
    if (!eventually(loop, [&] { return std::filesystem::exists(file); })) {
        throw std::runtime_error("mosquitto did not save");
    }
}

}  // namespace lotgate::kit
