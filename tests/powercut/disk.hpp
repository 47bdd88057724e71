#pragma once

// A disk in memory that can lose power. Each file has two images: what programs read (volatile)
// and what is on the platter (durable). When power goes, every change that was not synced is kept,
// dropped or torn on sectors of 512 bytes, each by the seed's choice and independent of the others.
// Locked inside: any thread.
//
// Modelled as ext4 behaves: the first sync of a new file makes its name, and all that was done to
// the folder before, durable; until then a new file may vanish and a removed one come back. What
// a failed sync left behind counts as clean: some of it arrived, no later sync brings the rest,
// and programs go on reading all of it until power goes.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace lotgate::powercut {

using Bytes = std::vector<std::uint8_t>;

/// One write or truncation that has not been synced.
struct Change {
    bool is_truncation = false;
    std::size_t at = 0;  ///< offset, or the new size
    Bytes bytes;
};

struct File {
    Bytes now;
    Bytes durable;
    std::vector<Change> pending;
    bool is_named = false;      ///< the name is durable
    bool is_temporary = false;  ///< counts for no fault, survives nothing
};

enum class Io { ok, no_power, no_space, sync_failed };

/// Which operation fails, counted from the call of Disk::set_faults(); never by default.
struct Faults {
    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    std::uint64_t power_goes_at = never;  ///< of writes, truncations, syncs, creations, removals
    std::uint64_t space_ends_at = never;  ///< of writes: this one and all after it
    std::uint64_t sync_fails_at = never;  ///< of syncs: this one alone
    bool syncs_are_lies = false;          ///< a sync says yes and does nothing
    std::uint64_t seed = 0;               ///< what of a failed sync arrives
};

struct Counters {
    std::uint64_t operations = 0;
    std::uint64_t writes = 0;
    std::uint64_t syncs = 0;
    std::uint64_t full = 0;  ///< writes refused for want of space
    std::uint64_t syncs_failed = 0;
};

class Disk {
public:
    /// Counters start anew.
    void set_faults(const Faults& faults);
    [[nodiscard]] Counters counters() const;
    /// False from the cut on: every operation fails, and nothing changes any more.
    [[nodiscard]] bool has_power() const;
    /// From here on every operation fails. What was written stays as it is: thaw() goes on with
    /// it, as after a killed program; cut_and_restart() with what a power cut leaves of it.
    void freeze();
    void thaw();
    /// Cuts power if it is still there, settles what survived by `seed`, and starts again without
    /// faults. No file may be open.
    void cut_and_restart(std::uint64_t seed);
    /// A copy of the durable images, as a disk image would be taken: for a quick start.
    [[nodiscard]] std::map<std::string, Bytes> image() const;
    void load(std::map<std::string, Bytes> image);

    // ---- what a file system does
    [[nodiscard]] bool exists(const std::string& name) const;
    /// Null where there is none and it is not to be made, or without power.
    [[nodiscard]] std::shared_ptr<File> open(const std::string& name, bool make);
    [[nodiscard]] static std::shared_ptr<File> temporary();
    [[nodiscard]] Io remove(const std::string& name, bool is_durable_at_once);
    /// Bytes read; fewer than asked at the end of the file.
    [[nodiscard]] Io read(const File& file,
                          std::size_t at,
                          std::span<std::uint8_t> into,
                          std::size_t& got) const;
    [[nodiscard]] Io write(File& file, std::size_t at, std::span<const std::uint8_t> bytes);
    [[nodiscard]] Io truncate(File& file, std::size_t size);
    [[nodiscard]] Io sync(File& file);
    [[nodiscard]] std::size_t size(const File& file) const;

private:
    using Guard = std::lock_guard<std::mutex>;

    [[nodiscard]] bool power_goes_now();
    void sync_folder();

    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<File>> files_;
    std::map<std::string, Bytes> removed_;  ///< a name whose removal is not durable yet
    Faults faults_;
    Counters counters_;
    bool has_power_ = true;
};

}  // namespace lotgate::powercut
