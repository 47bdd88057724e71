#pragma once

// The site's views as JSON texts (docs/data/api.md). Instants are ISO 8601 in UTC; durations are
// seconds and end in _s, or microseconds and end in _us.

#include "daemon/api/site_view.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lotgate::api {

/// With the state of the site in one word (state.word), as the bar of the page shows it.
[[nodiscard]] std::string to_json(const StatusView& status);
[[nodiscard]] std::string to_json(const std::vector<DeviceView>& devices);
[[nodiscard]] std::string to_json(const std::vector<StationView>& stations);
[[nodiscard]] std::string to_json(const DecisionView& decision);

/// `text` is a JSON object; gives it one more member in front, `value` being JSON itself.
[[nodiscard]] std::string with_member(std::string_view name,
                                      std::string_view value,
                                      const std::string& text);

[[nodiscard]] std::string_view name_of(adapters::Light light);

}  // namespace lotgate::api
