#pragma once

// How a scanner's codes are to be read: the keys that every kind of scanner has, and their way to
// the station. What the decoder makes of them is its own business.

#include "adapters/scan.hpp"
#include "store/model/settings.hpp"

#include <memory>

namespace lotgate::adapters {

/// Keys gs_texts, data_identifiers, code_prefix, code_suffix, expects_gs1. Null where none is set.
[[nodiscard]] std::shared_ptr<const CodeReading> parse_code_reading(SettingsTable& table);

/// Every scan that passes says how its codes are to be read.
[[nodiscard]] OnScan with_reading(OnScan on_scan, std::shared_ptr<const CodeReading> reading);

}  // namespace lotgate::adapters
