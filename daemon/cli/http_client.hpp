#pragma once

// Asks the daemon over its Unix socket: one request, one answer, one connection.

#include "store/model/result.hpp"

#include <chrono>
#include <string>

namespace lotgate::cli {

struct HttpAsk {
    std::string method = "GET";
    std::string target;
    std::string body;                            ///< JSON, for POST
    std::chrono::milliseconds deadline{30'000};  ///< between two pieces of the answer
};

struct HttpAnswer {
    int status = 0;
    std::string body;
};

/// Faults: unavailable (nobody listens there), timed_out, corrupt (what came is not HTTP, or was
/// cut, or is longer than 64 MiB).
[[nodiscard]] Result<HttpAnswer> ask_daemon(const std::string& socket_path, const HttpAsk& ask);

/// The text of an answer as it came over the wire; Content-Length or chunked (RFC 9112, 6 and 7).
[[nodiscard]] Result<HttpAnswer> read_http_answer(const std::string& bytes);

/// A value of a query: everything but letters, digits and - . _ ~ as %XX (RFC 3986, 2.3).
[[nodiscard]] std::string percent_encoded(const std::string& text);

}  // namespace lotgate::cli
