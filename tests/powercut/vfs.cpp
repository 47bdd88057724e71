#include "tests/powercut/vfs.hpp"

#include "tests/powercut/locks.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <new>

namespace lotgate::powercut {

namespace {

constexpr int name_max = 512;
constexpr int sector_bytes = 4096;  // what SQLite assumes on Linux

/// Everything the connections share. One process, one disk at a time.
struct Machine {
    Disk* disk = nullptr;
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<Locks>> locks;  ///< by file, while any is open
    std::atomic<int> open = 0;
    std::mt19937_64 random{1};
};

Machine& machine() {
    static Machine one;
    return one;
}

/// SQLite allocates szOsFile bytes, of which the first are its own.
struct OpenFile {
    sqlite3_file base;
    struct State* state;
};

struct State {
    std::shared_ptr<File> file;
    std::shared_ptr<Locks> locks;
    std::string name;
    Level level = Level::none;
    HeldSlots slots;
    bool is_removed_at_close = false;
};

State& state_of(sqlite3_file* file) {
    return *reinterpret_cast<OpenFile*>(file)->state;
}

Disk& disk() {
    return *machine().disk;
}

std::span<std::uint8_t> span_of(void* bytes, int length) {
    return {static_cast<std::uint8_t*>(bytes), static_cast<std::size_t>(length)};
}

int told(Io io, int otherwise) {
    switch (io) {
        case Io::ok:
            return SQLITE_OK;
        case Io::no_space:
            return SQLITE_FULL;
        case Io::sync_failed:
            return SQLITE_IOERR_FSYNC;
        case Io::no_power:
            break;
    }
    return otherwise;
}

int close_file(sqlite3_file* file) {
    State& state = state_of(file);
    state.locks->unlock_slots(state.slots, ~0U);
    state.locks->lower(state.level, Level::none);
    if (state.is_removed_at_close && !state.name.empty())
        static_cast<void>(disk().remove(state.name, false));
    {
        const std::lock_guard guard(machine().mutex);
        const auto it = machine().locks.find(state.name);
        // One for the map, one for this connection: the last one out forgets the shared memory.
        if (it != machine().locks.end() && it->second.use_count() == 2) machine().locks.erase(it);
    }
    if (!state.name.empty()) --machine().open;
    delete &state;
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* into, int length, sqlite3_int64 at) {
    const State& state = state_of(file);
    std::size_t got = 0;
    const auto bytes = span_of(into, length);
    const Io io = disk().read(*state.file, static_cast<std::size_t>(at), bytes, got);
    if (io != Io::ok) return SQLITE_IOERR_READ;
    if (got == bytes.size()) return SQLITE_OK;
    std::memset(bytes.data() + got, 0, bytes.size() - got);
    return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* from, int length, sqlite3_int64 at) {
    const std::span bytes(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(length));
    return told(disk().write(*state_of(file).file, static_cast<std::size_t>(at), bytes),
                SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return told(disk().truncate(*state_of(file).file, static_cast<std::size_t>(size)),
                SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* file, int) {
    return told(disk().sync(*state_of(file).file), SQLITE_IOERR_FSYNC);
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(disk().size(*state_of(file).file));
    return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) {
    State& state = state_of(file);
    const auto wanted = static_cast<Level>(level);
    if (wanted <= state.level) return SQLITE_OK;
    if (!state.locks->raise(state.level, wanted)) return SQLITE_BUSY;
    state.level = wanted;
    return SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int level) {
    State& state = state_of(file);
    const auto wanted = static_cast<Level>(level);
    if (wanted >= state.level) return SQLITE_OK;
    state.locks->lower(state.level, wanted);
    state.level = wanted;
    return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* is_reserved) {
    *is_reserved = state_of(file).locks->is_reserved() ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file*) {
    return sector_bytes;
}

/// As on Linux: a write does not harm the bytes beside it.
int characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int map_memory(sqlite3_file* file, int number, int size, int make, volatile void** memory) {
    *memory = state_of(file).locks->region(
        static_cast<std::size_t>(number), static_cast<std::size_t>(size), make != 0);
    return SQLITE_OK;
}

int lock_memory(sqlite3_file* file, int first, int count, int flags) {
    State& state = state_of(file);
    const std::uint32_t mask = ((1U << count) - 1U) << first;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        state.locks->unlock_slots(state.slots, mask);
        return SQLITE_OK;
    }
    const bool exclusively = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    return state.locks->lock_slots(state.slots, mask, exclusively) ? SQLITE_OK : SQLITE_BUSY;
}

void memory_barrier(sqlite3_file*) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

int unmap_memory(sqlite3_file* file, int is_last) {
    State& state = state_of(file);
    state.locks->unlock_slots(state.slots, ~0U);
    if (is_last != 0) state.locks->drop_memory();
    return SQLITE_OK;
}

const sqlite3_io_methods* io_methods() {
    static const sqlite3_io_methods methods = [] {
        sqlite3_io_methods made{};
        made.iVersion = 2;
        made.xClose = close_file;
        made.xRead = read_file;
        made.xWrite = write_file;
        made.xTruncate = truncate_file;
        made.xSync = sync_file;
        made.xFileSize = size_of_file;
        made.xLock = lock_file;
        made.xUnlock = unlock_file;
        made.xCheckReservedLock = check_reserved;
        made.xFileControl = file_control;
        made.xSectorSize = sector_size;
        made.xDeviceCharacteristics = characteristics;
        made.xShmMap = map_memory;
        made.xShmLock = lock_memory;
        made.xShmBarrier = memory_barrier;
        made.xShmUnmap = unmap_memory;
        return made;
    }();
    return &methods;
}

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* into, int flags, int* flags_out) {
    auto* opened = new (into) OpenFile{};
    auto file =
        name == nullptr ? Disk::temporary() : disk().open(name, (flags & SQLITE_OPEN_CREATE) != 0);
    if (!file) return SQLITE_CANTOPEN;
    opened->state = new State;
    opened->state->file = std::move(file);
    opened->state->is_removed_at_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    if (name == nullptr) {
        opened->state->locks = std::make_shared<Locks>();
    } else {
        opened->state->name = name;
        const std::lock_guard guard(machine().mutex);
        auto& locks = machine().locks[name];
        if (!locks) locks = std::make_shared<Locks>();
        opened->state->locks = locks;
        ++machine().open;
    }
    opened->base.pMethods = io_methods();
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
}

int remove_file(sqlite3_vfs*, const char* name, int sync_directory) {
    if (!disk().exists(name)) return SQLITE_IOERR_DELETE_NOENT;
    return told(disk().remove(name, sync_directory != 0), SQLITE_IOERR_DELETE);
}

int may_access(sqlite3_vfs*, const char* name, int, int* may) {
    *may = disk().exists(name) ? 1 : 0;
    return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int room, char* into) {
    const std::size_t length = std::strlen(name);
    if (length >= static_cast<std::size_t>(room)) return SQLITE_CANTOPEN;
    std::memcpy(into, name, length + 1);
    return SQLITE_OK;
}

/// The same seed shall write the same bytes, the log's salts included.
int randomness(sqlite3_vfs*, int length, char* into) {
    const std::lock_guard guard(machine().mutex);
    for (int i = 0; i < length; ++i) into[i] = static_cast<char>(machine().random());
    return length;
}

/// Waits for locks are over at once: the other side is a thread of this process.
int pause(sqlite3_vfs*, int microseconds) {
    return microseconds;
}

int current_time(sqlite3_vfs*, sqlite3_int64* milliseconds) {
    *milliseconds = 212'000'000'000'000;  // Julian, about the year 2004: nothing depends on it
    return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
    return 0;
}

}  // namespace

void use_disk(Disk& disk_to_use) {
    machine().disk = &disk_to_use;
    {
        const std::lock_guard guard(machine().mutex);
        machine().locks.clear();
        machine().random.seed(1);
    }
    static sqlite3_vfs vfs = [] {
        sqlite3_vfs made{};
        made.iVersion = 2;
        made.szOsFile = sizeof(OpenFile);
        made.mxPathname = name_max;
        made.zName = "powercut";
        made.xOpen = open_file;
        made.xDelete = remove_file;
        made.xAccess = may_access;
        made.xFullPathname = full_name;
        made.xRandomness = randomness;
        made.xSleep = pause;
        made.xGetLastError = last_error;
        made.xCurrentTimeInt64 = current_time;
        return made;
    }();
    sqlite3_vfs_register(&vfs, 1);
}

int open_files() {
    return machine().open;
}

}  // namespace lotgate::powercut
