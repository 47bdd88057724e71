#pragma once

// What the columns of each kind of file mean (docs/DATA.md, "Import"), and one row made into the
// item that the store takes. A name in the file is the name of the field in the feed.

#include "daemon/import/csv_reader.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::import {

enum class ColumnKind {
    text,
    gtin,
    serial,
    lot,
    sscc,
    date,
    flag,
    number,
    quantity,
    word,
    words,
    codes,  ///< product codes, separated by spaces
    pattern
};

struct Column {
    std::string_view name;
    ColumnKind kind = ColumnKind::text;
    bool is_required = false;
    bool is_of_line = false;  ///< of a document's line, not of the document
    std::string_view words = {};
};

struct Table {
    std::string_view kind;  ///< "products": as it is typed
    std::string_view item;  ///< "product": as the store takes it
    std::span<const Column> columns;
    std::vector<std::string_view> key;  ///< columns that together stand once in a file
    bool is_document = false;           ///< rows of one id make one item
};

[[nodiscard]] const Table* table_named(std::string_view kind);
[[nodiscard]] std::string table_names();

/// What is wrong with a file: where, what, and what to do.
struct Problem {
    std::int64_t line = 0;
    std::string column;
    std::string value;
    std::string code;  ///< IMPORT_NUMERIC_MANGLED, …
    std::string told;
};

using Tell = std::function<void(Problem)>;

/// The columns of a file, matched with the table.
class Header {
public:
    /// False where the file cannot be read with these names; each is told.
    [[nodiscard]] bool match(const Table& table, const CsvRow& row, const Tell& tell);

    /// Values of one row as an item's fields, those of a document's line apart. Problems are told.
    struct Fields {
        boost::json::object item;
        boost::json::object line;
        std::string key;
    };

    [[nodiscard]] Fields read(const CsvRow& row, const Tell& tell) const;

private:
    const Table* table_ = nullptr;
    std::vector<const Column*> columns_;  ///< of the file, in its order; nullptr: custom
    std::vector<std::string> names_;
};

}  // namespace lotgate::import
