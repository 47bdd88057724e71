#pragma once

// The only user of toml++: a file or text becomes a SettingsNode tree with the place of every key
// and value. Opens nothing but the file.

#include "store/model/settings.hpp"

#include <optional>
#include <string>

namespace lotgate::config {

/// The root table, or nothing and one problem (unreadable file, or what TOML expected and where).
[[nodiscard]] std::optional<SettingsNode> read_toml_file(const std::string& path,
                                                         SettingsProblems& problems);
/// `name` stands for the file in problems.
[[nodiscard]] std::optional<SettingsNode> read_toml_text(const std::string& text,
                                                         const std::string& name,
                                                         SettingsProblems& problems);

}  // namespace lotgate::config
