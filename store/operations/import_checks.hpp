#pragma once

// What is looked at before rows of a file are taken in, at once or staged: that they are rows, that
// the site's profile allows them, and that the file does not change suspiciously much (rule R-58).

#include "store/operations/draft.hpp"

namespace lotgate::store::sqlite {
class Database;
}

namespace lotgate::store {

/// How many of that kind are here; 0 for another kind.
[[nodiscard]] std::int64_t existing_rows(sqlite::Database& database, std::string_view kind);

/// How many items the argument "items" has, where all is right with them; else the draft is
/// refused.
[[nodiscard]] std::size_t checked_items(OperationDraft& draft);

struct FileSize {
    std::string kind;
    std::int64_t rows = 0;
    StockChange change;
};

/// Refuses what one person alone may not import.
void judge_size(OperationDraft& draft, const FileSize& size);

}  // namespace lotgate::store
