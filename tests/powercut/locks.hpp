#pragma once

// Who holds what on one database file: SQLite's file locks (sqlite.org/lockingv3.html) and the
// shared memory of its write-ahead log with its eight locks (sqlite.org/walformat.html, section
// 2.3). Memory of the machine: gone when power goes. Locked inside: any thread.

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace lotgate::powercut {

/// The states of a connection's lock, in SQLite's own order and numbers.
enum class Level { none = 0, shared = 1, reserved = 2, pending = 3, exclusive = 4 };

constexpr int shared_memory_locks = 8;

/// Which of the eight locks a connection holds, as bits.
struct HeldSlots {
    std::uint32_t shared = 0;
    std::uint32_t exclusive = 0;
};

class Locks {
public:
    /// False: somebody else is in the way. `held` is the caller's present level.
    [[nodiscard]] bool raise(Level held, Level wanted);
    void lower(Level held, Level wanted);
    [[nodiscard]] bool is_reserved() const;

    [[nodiscard]] bool lock_slots(HeldSlots& held, std::uint32_t mask, bool exclusively);
    void unlock_slots(HeldSlots& held, std::uint32_t mask);

    /// Null where the region does not exist and is not to be made.
    [[nodiscard]] std::uint8_t* region(std::size_t number, std::size_t size, bool make);
    void drop_memory();

private:
    using Guard = std::lock_guard<std::mutex>;

    mutable std::mutex mutex_;
    int readers_ = 0;
    bool is_reserved_ = false;
    bool is_exclusive_ = false;
    std::array<int, shared_memory_locks> slot_readers_{};
    std::array<bool, shared_memory_locks> slot_taken_{};
    std::vector<std::unique_ptr<std::uint8_t[]>> regions_;
};

}  // namespace lotgate::powercut
