#pragma once

// Moving the oldest rows of the ledger into a file. Anybody who can read the database writes the
// file (write_archive); the gateway looks at it again by itself (check_archive) and then records it
// with the operation "archive", whose event is what moves the ledger's beginning. The rows are
// taken out afterwards, some at a time. Each step may be broken off and done again:
//
//   broken off while                  what is left                       what the next run does
//   the file is written               FILE.part                          writes it anew
//   before the event is committed     a whole file, no row missing       checks it and records it
//   after it, before all rows went    rows that are in the file as well  the gateway takes them out
//
// Works on connections of its own, on the caller's thread; minutes for millions of rows.

#include "store/retention/archive_file.hpp"
#include "store/retention/archive_guard.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace lotgate::store {

/// How far the ledger may go, and what stops it there. Changes nothing.
[[nodiscard]] Result<ArchiveBorder> plan_archive(const std::string& database,
                                                 const ArchiveTerms& terms,
                                                 const ArchiveGuard::Progress& progress = {});

struct WrittenArchive {
    std::string file;
    CheckedArchive checked;
    bool was_there = false;  ///< whole, from a run that was broken off
};

/// Writes the rows of the plan into a file of the folder, with its digest in FILE.sha256, and reads
/// it back. Fault conflict: another file has its name; corrupt: the ledger's chain breaks.
[[nodiscard]] Result<WrittenArchive> write_archive(const std::string& database,
                                                   const ArchiveBorder& border,
                                                   const std::string& folder,
                                                   const ArchiveGuard::Progress& progress = {});

using Arguments = std::vector<std::pair<std::string, std::string>>;

/// What the gateway itself finds in a file and in its database, as the arguments of the operation
/// "archive". Faults: invalid_input (it is not the next run of this ledger, or goes further than
/// may be), corrupt.
[[nodiscard]] Result<Arguments> check_archive(const std::string& database,
                                              const ArchiveTerms& terms,
                                              const std::string& file,
                                              const ArchiveGuard::Progress& progress = {});

/// Makes an empty scratch database hold what the archived rows had made; how far they go. Fault
/// unavailable: the newest archive file is not where it was.
[[nodiscard]] Result<std::uint64_t> load_archived_state(sqlite::Database& live,
                                                        sqlite::Database& scratch);

}  // namespace lotgate::store
