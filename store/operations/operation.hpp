#pragma once

// What a person does that is no scan, as a command. The table of all kinds is in table.hpp.

#include "store/model/time.hpp"
#include "store/rules/attempt.hpp"

#include <string>
#include <utility>
#include <vector>

namespace lotgate::store {

struct Operation {
    /// Identity of the request: the same id always gets the same answer and no second effect.
    std::string request_id;
    std::string kind;     ///< "place_hold"
    std::string station;  ///< where it is done, or empty
    rules::Authority authority;
    std::vector<std::pair<std::string, std::string>> arguments;
    Instant at;
    Date site_date;                ///< the site's civil date at `at`
    std::string clock_quality;     ///< "synced", "holdover" or "unset"
    bool is_housekeeping = false;  ///< the gateway's own, with gateway_badge; never a person's
};

/// Who the gateway is where it does something by itself. No person may say so of themselves.
inline constexpr std::string_view gateway_badge = "gateway";

}  // namespace lotgate::store
