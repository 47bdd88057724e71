#pragma once

// One site through several power cuts, by a seed: the real store works on the disk of disk.hpp
// until power goes, is opened again, and everything it ever answered is asked for again. What must
// hold after each restart:
//   1. the file opens, with no hand needed;
//   2. every answered request is in the ledger: asked again, it gets the same answer, as a replay;
//   3. the chain verifies to the last row, and no answered row is missing at its end;
//   4. the projections equal those folded anew from the ledger;
//   5. SQLite's own integrity and foreign key checks find nothing.

#include "tests/powercut/disk.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace lotgate::powercut {

enum class Mode {
    cut,        ///< power goes at any operation, also while opening, stopping or recovering
    full,       ///< no space from some write on, later there is again; then power goes
    sync,       ///< one sync fails with an I/O error; then power goes
    sync_warm,  ///< one sync fails, only the program starts again, then power goes
    lies,       ///< negative control: the disk says yes to a sync and does nothing
};

[[nodiscard]] std::optional<Mode> mode_named(const std::string& name);

struct Tally {
    std::uint64_t lives = 0;
    std::uint64_t cuts = 0;                  ///< power went while the store was open
    std::uint64_t restarts = 0;              ///< times the ledger was opened and checked
    std::uint64_t answered = 0;              ///< requests with a good answer
    std::uint64_t unanswered = 0;            ///< requests that met the fault
    std::uint64_t committed_unanswered = 0;  ///< of those, found in the ledger afterwards
    std::uint64_t syncs_failed = 0;
    std::uint64_t writes_refused = 0;  ///< for want of space
    std::uint64_t digest = 0;          ///< the same for the same seeds
};

/// The disk of a site that has heard its first feed and was stopped in order.
class Ground {
public:
    explicit Ground(std::string folder);

    [[nodiscard]] const std::map<std::string, Bytes>& image() const { return image_; }

    /// The database's name; its folder is real, for the lock file beside it.
    [[nodiscard]] const std::string& path() const { return path_; }

    [[nodiscard]] Disk& disk() { return disk_; }

    /// Empty, or why not even this could be made.
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

private:
    std::string wrong_;
    std::string path_;
    Disk disk_;
    std::map<std::string, Bytes> image_;
};

/// Lives one life; empty, or what was wrong.
[[nodiscard]] std::string live(Ground& ground, Mode mode, std::uint64_t seed, Tally& tally);

}  // namespace lotgate::powercut
