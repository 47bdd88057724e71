#pragma once

// Who may talk to the API over TCP. A browser on this machine can be made to send requests by any
// page it visits; two checks keep those out: the Host must be one of ours (DNS rebinding), and a
// request that another site started is refused (cross-site forgery).

#include "daemon/api/request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::api {

/// The problem to answer with, or nothing where the request may go on. `names` are host names
/// accepted beside localhost, 127.0.0.1 and [::1]. Requests over the Unix socket pass the Host
/// check: the file's mode says who may. Call it after parse_target().
[[nodiscard]] std::optional<Problem> refused_by_guard(const Request& request,
                                                      const std::vector<std::string>& names);

/// "127.0.0.1", "::1" and the rest of 127.0.0.0/8; names other than localhost are not.
[[nodiscard]] bool is_loopback(std::string_view address);

}  // namespace lotgate::api
