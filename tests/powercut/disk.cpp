#include "tests/powercut/disk.hpp"

#include <algorithm>

namespace lotgate::powercut {

namespace {

constexpr std::size_t sector = 512;

void write_into(Bytes& image, std::size_t at, std::span<const std::uint8_t> bytes) {
    if (image.size() < at + bytes.size()) image.resize(at + bytes.size());
    std::copy(bytes.begin(), bytes.end(), image.begin() + static_cast<std::ptrdiff_t>(at));
}

void carry_out(Bytes& image, const Change& change) {
    if (change.is_truncation)
        image.resize(change.at);
    else
        write_into(image, change.at, change.bytes);
}

bool coin(std::mt19937_64& random) {
    return (random() & 1U) != 0;
}

/// Some of its sectors arrive, others do not.
void tear(Bytes& image, const Change& change, std::mt19937_64& random) {
    std::size_t done = 0;
    while (done < change.bytes.size()) {
        const std::size_t at = change.at + done;
        const std::size_t length = std::min(sector - at % sector, change.bytes.size() - done);
        if (coin(random)) write_into(image, at, std::span(change.bytes).subspan(done, length));
        done += length;
    }
}

/// How many of the first changes arrive for certain. A cache that is written back in order keeps
/// all, or all up to some point; one that is not keeps anything.
std::size_t certain_ones(std::size_t count, std::mt19937_64& random) {
    const auto manner = random() % 4;
    if (manner == 0) return count;
    return manner == 1 ? random() % (count + 1) : 0;
}

/// What the platter holds after the cut.
Bytes settle(const File& file, std::mt19937_64& random) {
    Bytes image = file.durable;
    std::size_t certain = certain_ones(file.pending.size(), random);
    for (const auto& change : file.pending) {
        const auto fate = certain > 0 ? 1 : random() % 3;
        if (certain > 0) --certain;
        if (fate == 0) continue;
        if (fate == 1 || change.is_truncation)
            carry_out(image, change);
        else
            tear(image, change, random);
    }
    return image;
}

}  // namespace

void Disk::set_faults(const Faults& faults) {
    const Guard guard(mutex_);
    faults_ = faults;
    counters_ = {};
}

Counters Disk::counters() const {
    const Guard guard(mutex_);
    return counters_;
}

bool Disk::has_power() const {
    const Guard guard(mutex_);
    return has_power_;
}

void Disk::freeze() {
    const Guard guard(mutex_);
    has_power_ = false;
}

void Disk::thaw() {
    const Guard guard(mutex_);
    faults_ = {};
    counters_ = {};
    has_power_ = true;
}

void Disk::cut_and_restart(std::uint64_t seed) {
    const Guard guard(mutex_);
    std::mt19937_64 random(seed);
    std::map<std::string, std::shared_ptr<File>> after;
    for (const auto& [name, file] : files_) {
        Bytes image = settle(*file, random);
        if (!file->is_named && coin(random)) continue;
        auto restarted = std::make_shared<File>();
        restarted->now = image;
        restarted->durable = std::move(image);
        restarted->is_named = true;
        after.emplace(name, std::move(restarted));
    }
    for (auto& [name, image] : removed_) {
        if (!coin(random) || after.contains(name)) continue;
        auto back = std::make_shared<File>();
        back->now = image;
        back->durable = std::move(image);
        back->is_named = true;
        after.emplace(name, std::move(back));
    }
    files_ = std::move(after);
    removed_.clear();
    faults_ = {};
    counters_ = {};
    has_power_ = true;
}

std::map<std::string, Bytes> Disk::image() const {
    const Guard guard(mutex_);
    std::map<std::string, Bytes> image;
    for (const auto& [name, file] : files_) image.emplace(name, file->durable);
    return image;
}

void Disk::load(std::map<std::string, Bytes> image) {
    const Guard guard(mutex_);
    files_.clear();
    removed_.clear();
    for (auto& [name, bytes] : image) {
        auto file = std::make_shared<File>();
        file->now = bytes;
        file->durable = std::move(bytes);
        file->is_named = true;
        files_.emplace(name, std::move(file));
    }
    faults_ = {};
    counters_ = {};
    has_power_ = true;
}

bool Disk::exists(const std::string& name) const {
    const Guard guard(mutex_);
    return files_.contains(name);
}

std::shared_ptr<File> Disk::open(const std::string& name, bool make) {
    const Guard guard(mutex_);
    if (!has_power_) return nullptr;
    if (const auto it = files_.find(name); it != files_.end()) return it->second;
    if (!make || power_goes_now()) return nullptr;
    auto file = std::make_shared<File>();
    files_.emplace(name, file);
    return file;
}

std::shared_ptr<File> Disk::temporary() {
    auto file = std::make_shared<File>();
    file->is_temporary = true;
    return file;
}

/// Counts an operation that changes the disk; the one at which power goes still leaves its change
/// behind as one that was not synced.
bool Disk::power_goes_now() {
    if (counters_.operations++ == faults_.power_goes_at) has_power_ = false;
    return !has_power_;
}

Io Disk::remove(const std::string& name, bool is_durable_at_once) {
    const Guard guard(mutex_);
    if (!has_power_) return Io::no_power;
    const auto it = files_.find(name);
    if (it == files_.end()) return Io::ok;
    const bool is_last = power_goes_now();
    if (it->second->is_named && (!is_durable_at_once || is_last))
        removed_.insert_or_assign(name, it->second->durable);
    files_.erase(it);
    return is_last ? Io::no_power : Io::ok;
}

Io Disk::read(const File& file,
              std::size_t at,
              std::span<std::uint8_t> into,
              std::size_t& got) const {
    const Guard guard(mutex_);
    got = 0;
    if (!has_power_ && !file.is_temporary) return Io::no_power;
    if (at < file.now.size()) {
        got = std::min(into.size(), file.now.size() - at);
        std::copy_n(file.now.begin() + static_cast<std::ptrdiff_t>(at), got, into.begin());
    }
    return Io::ok;
}

Io Disk::write(File& file, std::size_t at, std::span<const std::uint8_t> bytes) {
    const Guard guard(mutex_);
    if (file.is_temporary) {
        write_into(file.now, at, bytes);
        return Io::ok;
    }
    if (!has_power_) return Io::no_power;
    if (counters_.writes++ >= faults_.space_ends_at) {
        ++counters_.full;
        return Io::no_space;
    }
    const bool is_last = power_goes_now();
    write_into(file.now, at, bytes);
    file.pending.push_back({false, at, Bytes(bytes.begin(), bytes.end())});
    return is_last ? Io::no_power : Io::ok;
}

Io Disk::truncate(File& file, std::size_t size) {
    const Guard guard(mutex_);
    if (file.is_temporary) {
        file.now.resize(size);
        return Io::ok;
    }
    if (!has_power_) return Io::no_power;
    const bool is_last = power_goes_now();
    file.now.resize(size);
    file.pending.push_back({true, size, {}});
    return is_last ? Io::no_power : Io::ok;
}

Io Disk::sync(File& file) {
    const Guard guard(mutex_);
    if (file.is_temporary) return Io::ok;
    if (!has_power_ || power_goes_now()) return Io::no_power;
    if (counters_.syncs++ == faults_.sync_fails_at) {
        ++counters_.syncs_failed;
        std::mt19937_64 random(faults_.seed);
        file.durable = settle(file, random);
        file.pending.clear();
        return Io::sync_failed;
    }
    if (faults_.syncs_are_lies) return Io::ok;
    for (const auto& change : file.pending) carry_out(file.durable, change);
    file.pending.clear();
    if (!file.is_named) sync_folder();
    return Io::ok;
}

/// SQLite syncs the folder with the first sync of a new journal or log, and ext4 commits all that
/// was done to the folder before.
void Disk::sync_folder() {
    removed_.clear();
    for (const auto& [name, file] : files_) file->is_named = true;
}

std::size_t Disk::size(const File& file) const {
    const Guard guard(mutex_);
    return file.now.size();
}

}  // namespace lotgate::powercut
