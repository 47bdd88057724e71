#pragma once

// Plays a folder of three readable files against a device with a byte link, in virtual time:
//
//   device.toml   its settings
//   wire.txt      what happens on the wire: "10ms <- "]C1..." CR", "410ms line drops"
//   expect.txt    what the device makes of it: scans, answers, health, dropped frames
//
// Words of wire.txt, after a time since the start ("10ms", "2s"):
//   line opens | line drops | line pulled | line stalls | line flows
//   <- BYTES             BYTES: "text", STX ETX CR LF GS NUL ESC TAB, xHH; each may have "* 300"
//   object here           a photo-eye edge, for devices that are told of one
//   verdict LIGHT CODE [takes 50ms]     what the scans from now on are answered
//   clock jumps 1h | clock falls 1h     the wall clock
//   end                                 (or a second after the last line)

#include "adapters/adapter.hpp"
#include "adapters/scan.hpp"
#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/supervision.hpp"
#include "store/model/settings.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::kit {

struct ScriptedWorld {
    adapters::OpenStream open;
    adapters::OnScan on_scan;
    adapters::World world;
};

using MakeDevice = std::function<std::unique_ptr<adapters::Adapter>(SettingsTable&, ScriptedWorld)>;

/// Folders below `folder` that hold a wire.txt, by name.
[[nodiscard]] std::vector<std::filesystem::path> cases_in(const std::filesystem::path& folder);

/// What happened, in the form of expect.txt.
[[nodiscard]] std::string play(const std::filesystem::path& folder, const MakeDevice& make);

/// expect.txt without comments, runs of spaces made one.
[[nodiscard]] std::string expected_in(const std::filesystem::path& folder);

/// The bytes of BYTES above.
[[nodiscard]] std::string bytes_of(const std::string& words);

}  // namespace lotgate::kit
