#pragma once

// [retention] of the configuration, and the little of the rest that `lotgate archive` needs.

#include "store/model/settings.hpp"
#include "store/retention/retention.hpp"

#include <optional>
#include <string>

namespace lotgate::config {

/// The defaults where there is no such table.
[[nodiscard]] store::RetentionSettings parse_retention(SettingsTable& root);

struct ArchiveConfig {
    store::RetentionSettings retention;
    bool has_cloud = false;
    std::string store_path;  ///< or empty
};

/// Problems of other tables are for others to tell.
[[nodiscard]] std::optional<ArchiveConfig> load_archive_config(const std::string& path,
                                                               SettingsProblems& problems);

}  // namespace lotgate::config
