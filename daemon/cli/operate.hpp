#pragma once

// `lotgate do` and `lotgate operations`.

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/run.hpp"

#include <string>

namespace lotgate::cli {

[[nodiscard]] int operate(const Invocation& said,
                          const Surroundings& around,
                          const std::string& request_id);
/// Needs no daemon: the table is compiled in.
[[nodiscard]] int list_operations(const Invocation& said, const Surroundings& around);

}  // namespace lotgate::cli
