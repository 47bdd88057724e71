#pragma once

// The JSON body of a POST: an object of texts, and of objects of texts.

#include "daemon/api/request.hpp"

#include <map>
#include <string>
#include <vector>

namespace lotgate::api {

/// A member of the body that a route knows.
struct BodyMember {
    std::string name;  ///< "override.badge" is the member badge of the object override
    std::size_t bytes_max;
    bool is_required = false;
};

using Body = std::map<std::string, std::string>;

/// Every member of `known` (absent ones empty), or the reply that says what is wrong: 415 where it
/// is not application/json (a form of another site cannot send that), 400 else.
[[nodiscard]] tl::expected<Body, Reply> read_body(const Request& request,
                                                  const std::vector<BodyMember>& known);

}  // namespace lotgate::api
