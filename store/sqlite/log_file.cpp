#include "store/sqlite/log_file.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace lotgate::store::sqlite {

namespace {

// Through SQLite's own file system layer, so that it is the same file on every one of them.
int rewrite(sqlite3_file* log) {
    // os_unix.c takes at most 128 KiB - 1 in one write, and takes more for a full disk.
    constexpr sqlite3_int64 piece_max = 64 * 1024;
    sqlite3_int64 size = 0;
    int code = log->pMethods->xFileSize(log, &size);
    std::vector<unsigned char> piece(static_cast<std::size_t>(std::min(size, piece_max)));
    for (sqlite3_int64 at = 0; at < size && code == SQLITE_OK;) {
        const int length = static_cast<int>(std::min(size - at, piece_max));
        code = log->pMethods->xRead(log, piece.data(), length, at);
        if (code == SQLITE_OK) code = log->pMethods->xWrite(log, piece.data(), length, at);
        at += length;
    }
    return code == SQLITE_OK ? log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) : code;
}

}  // namespace

Result<> renew_log(const std::string& path) {
    sqlite3_vfs* files = sqlite3_vfs_find(nullptr);
    // SQLite hands names to its files in a form of its own, with the related names behind.
    const auto free_name = [](const char* name) { sqlite3_free_filename(const_cast<char*>(name)); };
    const std::unique_ptr<const char, decltype(free_name)> names(
        sqlite3_create_filename(
            path.c_str(), (path + "-journal").c_str(), (path + "-wal").c_str(), 0, nullptr),
        free_name);
    const char* name = sqlite3_filename_wal(names.get());
    int is_there = 0;
    files->xAccess(files, name, SQLITE_ACCESS_EXISTS, &is_there);
    if (is_there == 0) return {};
    std::vector<unsigned char> room(static_cast<std::size_t>(files->szOsFile));
    auto* log = reinterpret_cast<sqlite3_file*>(room.data());
    int code = files->xOpen(files, name, log, SQLITE_OPEN_WAL | SQLITE_OPEN_READWRITE, nullptr);
    if (code == SQLITE_OK) code = rewrite(log);
    if (log->pMethods != nullptr) log->pMethods->xClose(log);
    if (code == SQLITE_OK) return {};
    return fail(FaultCode::store_unsafe,
                fmt::format("{}-wal cannot be written: {}; free the disk, or put in a good one",
                            path,
                            sqlite3_errstr(code)));
}

}  // namespace lotgate::store::sqlite
