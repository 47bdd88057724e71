#pragma once

// Reads a whole file as items of the store, in bounded memory: rows of one document become one
// item, keys that stand twice are found by their hashes.

#include "daemon/import/import_table.hpp"

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <string>

namespace lotgate::import {

struct Summary {
    std::int64_t rows = 0;
    std::int64_t items = 0;
    std::int64_t problems = 0;
    bool has_semicolons = false;
};

/// An item as JSON text, and the line on which it began.
using Take = std::function<Result<>(std::string item, std::int64_t line)>;
/// Bytes read so far.
using Progress = std::function<void(std::int64_t rows)>;

struct Hearers {
    Take take;
    Tell tell;
    Progress progress;
};

/// A Fault of `take` ends it. Problems are told; what they are about is not taken.
[[nodiscard]] Result<Summary> read_file(std::istream& in,
                                        const Table& table,
                                        const Hearers& hearers);

}  // namespace lotgate::import
