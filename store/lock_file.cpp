#include "store/lock_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace lotgate::store {

Result<LockFile> LockFile::take(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0)
        return fail(FaultCode::unavailable,
                    fmt::format("{} cannot be written: {}; make its directory and give it to the "
                                "user that runs lotgated",
                                path,
                                std::generic_category().message(errno)));
    LockFile lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return fail(
            FaultCode::conflict,
            fmt::format("another lotgated has the database open ({}); stop it first", path));
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(descriptor, 0) == 0 && ::write(descriptor, pid.data(), pid.size()) < 0)
        return fail(FaultCode::unavailable, fmt::format("{} cannot be written", path));
    return lock;
}

LockFile::~LockFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace lotgate::store
