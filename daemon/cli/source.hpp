#pragma once

// Where an answer comes from: the daemon, or, while it is down, the database itself, read-only.

#include "daemon/cli/command_line.hpp"
#include "daemon/cli/exit_codes.hpp"
#include "daemon/cli/http_client.hpp"
#include "daemon/cli/run.hpp"
#include "store/queries.hpp"

#include <tl/expected.hpp>

#include <functional>
#include <string>

namespace lotgate::cli {

struct Trouble {
    Exit status = exit_failed;
    std::string told;
    std::string next;  ///< what to do about it
};

struct Answered {
    std::string json;
    std::string note;  ///< for standard error where it came from the database; or empty
};

/// Says it on standard error; returns its status.
int complain(const Surroundings& around, const Trouble& trouble);

using Offline = std::function<Result<std::string>(store::Queries&)>;

/// GET `target`. With the daemon away, `offline` is asked of the database; where there is none, or
/// no database to read, it is trouble.
[[nodiscard]] tl::expected<Answered, Trouble> read_answer(const Invocation& said,
                                                          const HttpAsk& ask,
                                                          const Offline& offline);

/// POST: only the daemon writes.
[[nodiscard]] tl::expected<Answered, Trouble> send_request(const Invocation& said,
                                                           const HttpAsk& ask);

}  // namespace lotgate::cli
