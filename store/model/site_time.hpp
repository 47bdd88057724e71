#pragma once

// The site's civil time of day, for cut-offs. Dates alone are in time.hpp.

#include "store/model/time.hpp"

#include <string>

namespace lotgate {

/// Minutes since midnight on the site's clock, 0 to 1439.
[[nodiscard]] int site_minute(Instant instant, const std::string& zone);

}  // namespace lotgate
