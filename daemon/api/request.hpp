#pragma once

// One HTTP request and its reply as plain data, so that only the session knows the HTTP library.

#include "store/model/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lotgate::api {

struct Request {
    std::string method;  ///< "GET", "HEAD", "POST", …
    std::string target;  ///< as sent: "/api/v1/trace?what=L-88"
    std::string host;    ///< Host header as sent, or empty
    std::string origin;
    std::string fetch_site;  ///< Sec-Fetch-Site
    std::string content_type;
    std::string if_none_match;
    std::string body;
    bool is_local_socket = false;  ///< came over the Unix socket

    std::string path;                          ///< decoded; filled in by parse_target()
    std::map<std::string, std::string> query;  ///< decoded; the last of equal names counts
};

struct Reply {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::string_view constant_body;  ///< sent instead of `body` where not empty; never freed
    std::vector<std::pair<std::string, std::string>> headers;
    bool is_live = false;  ///< a stream of server-sent events follows instead of a body
};

/// Splits and decodes request.target (RFC 3986; "+" is a space in the query, as browsers send it).
/// Fault invalid_input: not starting with "/", a broken escape, a control character.
[[nodiscard]] Result<> parse_target(Request& request);

/// What an error says: RFC 9457 members, and `next`: what the reader can do about it.
struct Problem {
    int status = 500;
    std::string code;  ///< "unknown_route": stable, for programs
    std::string title;
    std::string detail;
    std::string next;
};

[[nodiscard]] Reply reply_of(const Problem& problem);
/// The site's Fault as a reply; the status follows from its code.
[[nodiscard]] Reply reply_of(const Fault& fault);
[[nodiscard]] Reply json_reply(std::string body);

/// Bytes that are no UTF-8 made U+FFFD: scanned text is shown, but never breaks a reader.
[[nodiscard]] std::string valid_utf8(std::string_view text);

}  // namespace lotgate::api
