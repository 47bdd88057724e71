#pragma once

// One lotgated per database: an advisory lock on a file beside it, gone with the process.

#include "store/model/result.hpp"

#include <string>
#include <utility>

namespace lotgate::store {

class LockFile {
public:
    /// conflict: another process holds it; unavailable: the directory cannot be written.
    [[nodiscard]] static Result<LockFile> take(const std::string& path);

    LockFile(LockFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;
    LockFile& operator=(LockFile&&) = delete;
    ~LockFile();

private:
    explicit LockFile(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace lotgate::store
