#pragma once

// Which lane a carton is sent to at a decision point. Configuration (StationPolicy) and facts in, a
// lane out; pure.

#include "store/rules/attempt.hpp"
#include "store/rules/facts.hpp"
#include "store/rules/verdict.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace lotgate::rules {

/// The lane that the configuration gives this carton: that of its product (where all it holds have
/// the same), of its order, of its customer, of its route; the first of these that names one. A
/// unit that came back has the lane of its grade's route.
[[nodiscard]] std::optional<std::uint16_t> lane_for(const Facts& facts,
                                                    const StationPolicy& policy);

struct LaneChoice {
    std::uint16_t lane = 0;
    std::string_view did;  ///< "routed", "recirculated", "sent_to_exception_lane", …
};

/// Blocked goods go to the reject lane (held, expired) or the exception lane; a carton whose lane
/// is full goes round again, as often as the policy lets it, and then to the overflow lane. What is
/// not configured falls back to the exception lane.
[[nodiscard]] LaneChoice choose_lane(const Facts& facts,
                                     const Attempt& attempt,
                                     const Verdict& verdict);

}  // namespace lotgate::rules
