#pragma once

// Sheets for quality and regulators, page by page from the ledger (docs/data/answers.md,
// "Exports").

#include "store/answers/export_pages.hpp"
#include "store/model/result.hpp"
#include "store/queries.hpp"
#include "store/sqlite/database.hpp"

#include <boost/json/object.hpp>

namespace lotgate::store {

/// One page. Fault invalid_input: no such sheet, or nothing here has the name of that lot.
[[nodiscard]] Result<boost::json::object> export_of(sqlite::Database& database,
                                                    const ExportTerms& terms);

/// "columns" and "rows" of the sheets of the food rule.
void add_sheet(sqlite::Database& database, const ExportPage& page, boost::json::object& answer);

/// "exceptions": reports of the receipts, each of one ASN.
void add_exceptions(sqlite::Database& database,
                    const ExportPage& page,
                    boost::json::object& answer);

}  // namespace lotgate::store
