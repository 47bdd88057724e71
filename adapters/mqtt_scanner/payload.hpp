#pragma once

// What an MQTT message from a scanner says. No I/O, no clock. Three shapes:
//
//   json   {"id": "...", "ts": "2026-11-22T01:44:09Z", "code": "...", "step": "pack", "badge": "7"}
//          and, where somebody overrules: "override": {"badge", "pin", "reason", "second_badge",
//          "second_pin", "code"}
//          with the paths of the members as configuration ("data.idHex"); an array of such objects
//          is as many reads
//   zebra  the Zebra IoT Connector's data events: {"timestamp", "data": {"idHex", ...}}
//   text   the whole payload is the code, line ends at its end ignored

#include "adapters/scan.hpp"
#include "store/model/result.hpp"
#include "store/model/settings.hpp"
#include "store/model/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

struct PayloadConfig {
    bool is_text = false;
    std::string code_path = "code";
    std::string id_path = "id";
    std::string time_path = "ts";
    std::string step_path = "step";
    std::string badge_path = "badge";
    std::size_t reads_max = 64;  ///< of one message
};

/// Keys payload ("json", "text" or "zebra") and, for json, code_path, id_path, time_path,
/// step_path, badge_path.
[[nodiscard]] PayloadConfig parse_payload(SettingsTable& table);

struct PayloadRead {
    std::string code;
    /// The device's own identity of the read; where it gives none but a time, the digest of the
    /// message (the same message redelivered is then the same); else empty.
    std::string id;
    std::optional<Instant> made_at;  ///< by the device's clock
    std::string step;
    std::string badge;
    std::optional<OverrideFields> overriding;
    std::string serial;  ///< keyed in beside a code that lacks it
    std::string lot;
};

/// Fault invalid_input, with the device's text only in untrusted().
[[nodiscard]] Result<std::vector<PayloadRead>> read_payload(const PayloadConfig& config,
                                                            std::string_view payload);

/// {"id","light","code","told"}: what the device is answered.
[[nodiscard]] std::string answer_payload(std::string_view id,
                                         std::string_view light,
                                         std::string_view code,
                                         std::string_view told);

}  // namespace lotgate::adapters
