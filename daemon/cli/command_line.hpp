#pragma once

// What was typed, understood. The only user of the argument parser.

#include "daemon/cli/exit_codes.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace lotgate::cli {

inline constexpr const char* default_database = "/var/lib/lotgate/lotgate.db";

struct Invocation {
    std::string verb;  ///< "status", "trace", "cases decide", …
    std::string what;  ///< the first argument of the verb
    std::string more;  ///< the second
    std::string reason;
    std::string badge;
    std::string second_badge;
    std::string station;
    std::vector<std::string> words;  ///< of `do`: name=value
    std::string socket;              ///< of the daemon
    std::string database;            ///< read where the daemon is down
    std::string folder;              ///< of `archive`: where the file goes
    std::string config;              ///< of the daemon, read by `archive`
    std::string lot;                 ///< of `export`: gtin/lot
    std::string from;                ///< of `export`: a day
    std::string until;               ///< of `export`: a day
    std::string overruling;          ///< badge of who overrules
    std::size_t count = 20;
    std::size_t seconds = 0;  ///< how long to watch; 0 = until interrupted
    bool is_json = false;
    bool is_csv = false;
    bool wants_all = false;
    bool is_markdown = false;
    bool is_dry_run = false;
    bool asks_pin = false;
    bool is_without_color = false;
};

/// Where there is nothing to do: text that goes to standard output (help) or error (a mistake).
struct Ended {
    int status = exit_ok;
    std::string text;
};

/// `socket_default` comes from the environment, or is empty.
[[nodiscard]] std::variant<Invocation, Ended> parse_command_line(
    std::span<const std::string> arguments, const std::string& socket_default);

/// A completion script for "bash", "zsh" or "fish", made from the table of verbs; empty for
/// another shell.
[[nodiscard]] std::string completion_for(const std::string& shell);

}  // namespace lotgate::cli
