#include "tests/powercut/locks.hpp"

namespace lotgate::powercut {

bool Locks::raise(Level held, Level wanted) {
    const Guard guard(mutex_);
    if (wanted == Level::shared) {
        if (is_exclusive_) return false;
        ++readers_;
        return true;
    }
    if (held < Level::reserved && is_reserved_) return false;
    if (wanted == Level::exclusive && readers_ > 1) return false;
    is_reserved_ = true;
    if (wanted != Level::exclusive) return true;
    is_exclusive_ = true;
    return true;
}

void Locks::lower(Level held, Level wanted) {
    const Guard guard(mutex_);
    if (held > Level::shared) {
        is_reserved_ = false;
        is_exclusive_ = false;
    }
    if (held >= Level::shared && wanted == Level::none) --readers_;
}

bool Locks::is_reserved() const {
    const Guard guard(mutex_);
    return is_reserved_;
}

bool Locks::lock_slots(HeldSlots& held, std::uint32_t mask, bool exclusively) {
    const Guard guard(mutex_);
    for (std::size_t slot = 0; slot < shared_memory_locks; ++slot) {
        const std::uint32_t bit = 1U << slot;
        if ((mask & bit) == 0) continue;
        const int others = slot_readers_[slot] - ((held.shared & bit) != 0 ? 1 : 0);
        const bool taken_by_other = slot_taken_[slot] && (held.exclusive & bit) == 0;
        if (taken_by_other || (exclusively && others > 0)) return false;
    }
    for (std::size_t slot = 0; slot < shared_memory_locks; ++slot) {
        const std::uint32_t bit = 1U << slot;
        if ((mask & bit) == 0) continue;
        if (exclusively) {
            slot_taken_[slot] = true;
            held.exclusive |= bit;
        } else if ((held.shared & bit) == 0) {
            ++slot_readers_[slot];
            held.shared |= bit;
        }
    }
    return true;
}

void Locks::unlock_slots(HeldSlots& held, std::uint32_t mask) {
    const Guard guard(mutex_);
    for (std::size_t slot = 0; slot < shared_memory_locks; ++slot) {
        const std::uint32_t bit = 1U << slot;
        if ((mask & bit) == 0) continue;
        if ((held.exclusive & bit) != 0) slot_taken_[slot] = false;
        if ((held.shared & bit) != 0) --slot_readers_[slot];
        held.exclusive &= ~bit;
        held.shared &= ~bit;
    }
}

std::uint8_t* Locks::region(std::size_t number, std::size_t size, bool make) {
    const Guard guard(mutex_);
    if (number >= regions_.size() && !make) return nullptr;
    while (regions_.size() <= number) regions_.push_back(std::make_unique<std::uint8_t[]>(size));
    return regions_[number].get();
}

void Locks::drop_memory() {
    const Guard guard(mutex_);
    regions_.clear();
}

}  // namespace lotgate::powercut
