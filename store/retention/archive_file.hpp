#pragma once

// An archive file: a run of the ledger's rows, and the state that all rows up to its end had made.
// Lines of JSON in one zstd frame, so that it can be read when nothing of this program is left
// (docs/data/tables.md, "Archive files"):
//
//   file    = head row* state* end
//   head    = {"lotgate":"archive","format":1,"site","epoch","instance","schema","first","last",
//              "opening","closing","until","chain"}
//   row     = {"seq","hlc","kind","kind_ver","station","actor","request_id","known_cursor","body"}
//   state   = {"table","columns"} values*        values = [number | text | null …]
//   end     = {"end":1,"rows","lines","sha256"}
//
// `opening` and `closing` are the chain's hashes before the first and after the last row, `until`
// the clock of the last row; `body` is a text, as it was hashed. `lines` counts the lines before
// the end, and `sha256` is of those lines. Numbers of 64 bits are whole numbers.

#include "store/ledger.hpp"
#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace lotgate::store {

struct ArchiveHead {
    ChainStart start;
    int schema = 0;  ///< of the state
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    Hash opening{};
    Hash closing{};
    std::uint64_t until = 0;
};

/// A file that was read to its end and found right.
struct CheckedArchive {
    ArchiveHead head;
    Hash digest{};  ///< of the file as it is
};

/// What stands in it, in order. Any may be empty.
struct ArchiveHearer {
    std::function<void(const LedgerRow&)> row;
    std::function<void(const ArchiveHead&, const std::string& table, const std::string& columns)>
        table;
    std::function<void(const std::string& values)> values;
    /// Asked at times; false: it is to be broken off (Fault closed).
    std::function<bool(std::uint64_t rows)> goes_on;
};

[[nodiscard]] std::string head_line(const ArchiveHead& head);
[[nodiscard]] std::string row_line(const LedgerRow& row);
[[nodiscard]] std::string end_line(std::uint64_t rows, std::uint64_t lines, const Hash& digest);

/// Reads all of it: the frame's checksum, the lines' digest, that the rows are numbered without
/// gaps from first to last and chained from opening to closing, and that a file which begins the
/// ledger begins its chain. corrupt: one of these is not so; says which.
[[nodiscard]] Result<CheckedArchive> check_archive_file(const std::string& path,
                                                        const ArchiveHearer& hearer = {});

/// Writes every projection as lines of state; `line` is called for each.
[[nodiscard]] Result<> write_state(sqlite::Database& database,
                                   const std::function<void(const std::string&)>& line);
/// Makes an empty scratch database hold the state of a file, in this program's schema.
[[nodiscard]] Result<CheckedArchive> load_state(const std::string& path, sqlite::Database& scratch);

}  // namespace lotgate::store
