#pragma once

// A peer that we did not write, or that misbehaves on purpose: another program, started by the
// test, that says on its first line where it listens, and ends with the test, with all that it has
// started itself: whatever stays holds the test's standard error, and ctest waits for that for
// ever.

#include <string>
#include <vector>

namespace lotgate::test {

class PeerProcess {
public:
    /// Waits for the first line, at most 20 s; empty where none came.
    explicit PeerProcess(std::vector<std::string> command);
    PeerProcess(const PeerProcess&) = delete;
    PeerProcess& operator=(const PeerProcess&) = delete;
    ~PeerProcess();

    [[nodiscard]] const std::string& first_line() const { return first_line_; }

    /// A line to its standard input.
    void tell(const std::string& line);
    /// Its next line, at most 20 s.
    [[nodiscard]] std::string next_line();

private:
    int pid_ = -1;
    int input_ = -1;
    int output_ = -1;
    std::string buffered_;
    std::string first_line_;
};

}  // namespace lotgate::test
