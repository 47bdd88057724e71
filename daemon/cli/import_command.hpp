#pragma once

// `lotgate import KIND FILE`: the whole file is checked first; only where nothing is wrong with it
// are its rows sent, in slices that are each applied once.

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/run.hpp"

namespace lotgate::cli {

[[nodiscard]] int import_file(const Invocation& said, const Surroundings& around);

}  // namespace lotgate::cli
