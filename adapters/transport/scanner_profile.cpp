#include "adapters/transport/scanner_profile.hpp"

#include "store/model/assert.hpp"

#include <algorithm>

namespace lotgate::adapters {

namespace {

// Devices page 1.3. Ports and serial lines are defaults of the makers' manuals as far as known;
// all of them can be set otherwise in the device, and here.
const std::vector<ScannerProfile>& profiles() {
    static const std::vector<ScannerProfile> all{
        {"generic", "line", {}, 2112, "8N1", "", ""},
        // DMCC: silent mode, result string ends with CR LF; the reader is the server, Telnet port.
        {"cognex", "line", {}, 23, "8N1", "||>trigger on\r\n", "||>trigger off\r\n"},
        // Host port framing STX ETX; CoLa-A telegrams open and close the reading gate.
        {"sick",
         "stx_etx",
         {"no code!"},
         2112,
         "8N1",
         "\x02sMN mTCgateon\x03",
         "\x02sMN mTCgateoff\x03"},
        // Terminator CR; "ERROR" for a read error, "OVER" for a full buffer.
        {"keyence", "line", {"ERROR", "OVER"}, 9004, "8E1", "LON\r", "LOFF\r"},
        {"datalogic", "line", {}, 51236, "8N1", "", ""},
        {"honeywell", "line", {"NR"}, 2112, "8N1", "\x16T\r", "\x16U\r"},
    };
    return all;
}

}  // namespace

const ScannerProfile& parse_profile(SettingsTable& table) {
    std::vector<std::string> names;
    for (const ScannerProfile& profile : profiles()) names.push_back(profile.name);
    const std::string name = table.one_of("profile", names);
    const auto found =
        std::find_if(profiles().begin(), profiles().end(), [&](const ScannerProfile& profile) {
            return profile.name == name;
        });
    LG_ASSERT(found != profiles().end());
    return *found;
}

}  // namespace lotgate::adapters
