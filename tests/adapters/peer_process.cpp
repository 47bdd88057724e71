#include "tests/adapters/peer_process.hpp"

#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lotgate::test {

PeerProcess::PeerProcess(std::vector<std::string> command) {
    int to_child[2];
    int from_child[2];
    if (::pipe2(to_child, O_CLOEXEC) != 0 || ::pipe2(from_child, O_CLOEXEC) != 0) return;
    std::vector<char*> arguments;
    for (auto& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::setpgid(0, 0);  // a group of its own: what it starts ends with it
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(to_child[0], 0);
        ::dup2(from_child[1], 1);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    if (pid_ > 0) ::setpgid(pid_, pid_);  // here too: whoever comes first
    ::close(to_child[0]);
    ::close(from_child[1]);
    input_ = to_child[1];
    output_ = from_child[0];
    std::signal(SIGPIPE, SIG_IGN);
    first_line_ = next_line();
}

PeerProcess::~PeerProcess() {
    if (pid_ > 0) {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    if (input_ >= 0) ::close(input_);
    if (output_ >= 0) ::close(output_);
}

void PeerProcess::tell(const std::string& line) {
    const std::string bytes = line + "\n";
    if (::write(input_, bytes.data(), bytes.size()) < 0) std::abort();
}

std::string PeerProcess::next_line() {
    for (;;) {
        const auto end = buffered_.find('\n');
        if (end != std::string::npos) {
            std::string line = buffered_.substr(0, end);
            buffered_.erase(0, end + 1);
            return line;
        }
        pollfd watched{output_, POLLIN, 0};
        if (::poll(&watched, 1, 20'000) <= 0) return {};
        char bytes[512];
        const auto got = ::read(output_, bytes, sizeof bytes);
        if (got <= 0) return {};
        buffered_.append(bytes, static_cast<std::size_t>(got));
    }
}

}  // namespace lotgate::test
