#pragma once

// `lotgate archive`: how far the ledger may go into a file, and what stops it there; with --to,
// writes the file and has the daemon record it. `lotgate archive verify FILE` needs neither.

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/run.hpp"

#include <string>

namespace lotgate::cli {

[[nodiscard]] int archive(const Invocation& said,
                          const Surroundings& around,
                          const std::string& request_id);
[[nodiscard]] int verify_archive(const Invocation& said, const Surroundings& around);

}  // namespace lotgate::cli
