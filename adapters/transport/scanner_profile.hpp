#pragma once

// What is usual for one maker's fixed scanners: framing, no-read texts, ports, trigger words, and
// what they say besides codes. A profile only changes defaults: every key written in the
// configuration wins. Sources and how far each is to be trusted: docs/data/devices_scanners.md.

#include "adapters/transport/scan_feedback.hpp"
#include "store/model/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lotgate::adapters {

struct ScannerProfile {
    std::string name;
    std::string framing;                ///< as the key `framing`
    std::vector<std::string> no_reads;  ///< besides those of every scanner
    std::uint16_t tcp_port = 2112;
    std::string line = "8N1";
    std::string trigger_on;  ///< opens a read window; empty = not known
    std::string trigger_off;
    std::vector<std::string> device_answers;  ///< how its answers to commands begin
    std::vector<std::string> device_errors;   ///< how it says that it failed
    bool speaks_dmcc = false;
    std::string heartbeat;
    std::string code_separator;
    ScanFeedback feedback;
};

/// Key profile: "generic", "cognex", "sick", "keyence", "datalogic", "honeywell", "zebra". Asked
/// again it answers the same.
[[nodiscard]] const ScannerProfile& parse_profile(SettingsTable& table);

}  // namespace lotgate::adapters
