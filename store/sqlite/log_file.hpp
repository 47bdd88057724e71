#pragma once

// The write-ahead log as a file, before SQLite opens it.

#include "store/model/result.hpp"

#include <string>

namespace lotgate::store::sqlite {

/// Writes what the log of the database `path` holds once more, in place, and syncs it. After a
/// sync that failed the kernel counts the pages as clean: a restarted program reads rows from
/// memory that the disk never got, and no sync of its own would bring them there. Call it with the
/// lock file held and before the first connection. Nothing to do where the last stop was orderly.
[[nodiscard]] Result<> renew_log(const std::string& path);

}  // namespace lotgate::store::sqlite
