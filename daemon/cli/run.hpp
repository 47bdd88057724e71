#pragma once

// The operator's command, as a function: `lotgate` is its main.

#include <iosfwd>
#include <span>
#include <string>

namespace lotgate::cli {

struct Surroundings {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    std::string socket;  ///< LOTGATE_SOCKET, or empty
};

/// Does what was typed and returns the exit status (exit_codes.hpp). `arguments` are those after
/// the program's name. Every error ends with a next step.
[[nodiscard]] int run(std::span<const std::string> arguments, const Surroundings& around);

}  // namespace lotgate::cli
