#pragma once

// How the command prints an answer or a trouble; shared by its verbs.

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/run.hpp"
#include "daemon/cli/source.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/value.hpp>

#include <string>

namespace lotgate::cli {

using Show = std::string (*)(const Json&);

struct Shown {
    int status = exit_ok;
    Json answer;
};

/// Prints an answer as it was asked for; the status is "failed" where it is not JSON.
Shown print(const Invocation& said,
            const Surroundings& around,
            const Answered& answered,
            Show show);

/// "cli-" and 24 random hexadecimal digits.
[[nodiscard]] std::string new_request_id();

}  // namespace lotgate::cli
