#pragma once

// `lotgate print`: what waits at a printer, and what may be asked of it.

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/run.hpp"

#include <string>

namespace lotgate::cli {

[[nodiscard]] int print_queue(const Invocation& said, const Surroundings& around);
/// A template as SVG, on standard output.
[[nodiscard]] int preview_label(const Invocation& said, const Surroundings& around);
/// resume, test or move.
[[nodiscard]] int ask_printer(const Invocation& said, const Surroundings& around);
/// The operation of that name, for a carton or "gtin/serial".
[[nodiscard]] int reprint(const Invocation& said,
                          const Surroundings& around,
                          const std::string& request_id);

}  // namespace lotgate::cli
