#pragma once

// The verbs about single devices, and the wire kept with a case.

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/run.hpp"

#include <string>

namespace lotgate::cli {

[[nodiscard]] bool is_device_verb(const std::string& verb);
/// The exit status (exit_codes.hpp).
[[nodiscard]] int device_verb(const Invocation& said, const Surroundings& around);

}  // namespace lotgate::cli
