#pragma once

// Reads CSV (RFC 4180) row by row from a stream, in memory bounded by one row. Strict: what a
// spreadsheet never writes is a problem with its line, not a guess.
//
//   file   = [BOM] row (end-of-line row)*            end-of-line = LF | CR LF
//   row    = field (separator field)*                separator = "," or ";" (told by the first row)
//   field  = *(not separator, quote, end-of-line) | '"' *(not quote | '""') '"'

#include "store/model/result.hpp"

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace lotgate::import {

struct CsvRow {
    std::int64_t line = 0;  ///< where it begins, from 1
    std::vector<std::string> fields;
};

class CsvReader {
public:
    explicit CsvReader(std::istream& in);

    /// True with the next row that is not empty; false at the end. A Fault names the line.
    [[nodiscard]] Result<bool> next(CsvRow& row);

    /// ',' or ';', after the first row.
    [[nodiscard]] char separator() const { return separator_; }

private:
    [[nodiscard]] Result<bool> read(CsvRow& row);
    /// The next one outside of quotes, a line's end as "\n"; what is quoted goes into the field.
    [[nodiscard]] Result<int> read_character(std::string& field);
    [[nodiscard]] Result<> read_quoted(std::string& field);
    [[nodiscard]] Result<> begin();
    [[nodiscard]] tl::unexpected<Fault> problem(const std::string& what) const;

    std::streambuf* in_;
    std::int64_t line_ = 1;
    char separator_ = 0;
};

}  // namespace lotgate::import
