#pragma once

// Topic names and filters of MQTT 3.1.1 (OASIS standard, section 4.7).

#include <string_view>

namespace lotgate::adapters {

/// Whether a message published to `topic` belongs to `filter` ("a/+/c", "a/#"). Topics that begin
/// with '$' match no filter that begins with a wildcard (4.7.2).
[[nodiscard]] bool topic_matches(std::string_view filter, std::string_view topic);

/// '+' alone in its level, '#' alone in the last, not empty, no NUL, at most 65535 bytes.
[[nodiscard]] bool filter_is_valid(std::string_view filter);

/// May be published to: not empty, no wildcards, no NUL, at most 65535 bytes.
[[nodiscard]] bool topic_is_valid(std::string_view topic);

}  // namespace lotgate::adapters
