#pragma once

// A read becomes an attempt: decode, identify, and say who, where and when. Pure: no I/O, no
// clock; the same scan gives the same attempt.

#include "adapters/scan.hpp"
#include "daemon/config/site_config.hpp"
#include "store/rules/attempt.hpp"

#include <optional>
#include <string>

namespace lotgate::barcode {
class Dictionary;
}

namespace lotgate::site {

struct Moment {
    Instant now;
    Date site_date;
    std::string clock_quality;           ///< "synced", "holdover" or "unset"
    std::optional<Date> ship_date = {};  ///< on which what is packed now leaves
};

/// `request_id` is the identity of the device's request. The divert context, where there is one,
/// is the caller's to add.
[[nodiscard]] rules::Attempt attempt_of(const adapters::Scan& scan,
                                        const config::StationConfig& station,
                                        const Moment& moment,
                                        std::string request_id,
                                        const barcode::Dictionary* dictionary = nullptr);

}  // namespace lotgate::site
