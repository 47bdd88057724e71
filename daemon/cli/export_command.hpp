#pragma once

// `lotgate export`: sheets for quality and regulators, fetched page by page and printed as they
// come (docs/data/answers.md, "Exports").

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/run.hpp"

namespace lotgate::cli {

/// Ends with exit_problems where some of the events asked for are in archive files.
[[nodiscard]] int export_sheet(const Invocation& said, const Surroundings& around);

}  // namespace lotgate::cli
