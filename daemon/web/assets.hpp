#pragma once

// The page's files, linked into the daemon: it is served by the daemon alone, with no directory to
// install and no path to traverse.

#include <string_view>

namespace lotgate::web {

struct Asset {
    std::string_view path;  ///< "/app.js"; the first page is "/index.html"
    std::string_view content_type;
    std::string_view etag;  ///< strong, in quotes: SHA-256 of the file
    std::string_view body;
};

/// Exact match only; "/" is "/index.html". Null where there is no such file.
[[nodiscard]] const Asset* find_asset(std::string_view path);

}  // namespace lotgate::web
