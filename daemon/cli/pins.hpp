#pragma once

// PINs, asked for one by one. They never stand on a command line, where every process can read
// them.

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/run.hpp"

#include <string>

namespace lotgate::cli {

/// One line of the input.
[[nodiscard]] std::string read_pin(const Surroundings& around, const std::string& badge);

struct Pins {
    std::string first;
    std::string second;
};

/// Of the badge and the second badge, where `--pin` was said; else empty.
[[nodiscard]] Pins read_pins(const Surroundings& around, const Invocation& said);

}  // namespace lotgate::cli
