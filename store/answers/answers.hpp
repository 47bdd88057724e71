#pragma once

// The questions people ask, as JSON objects (docs/data/answers.md). Each is one short read
// transaction on the reader's own connection.

#include "store/ledger.hpp"
#include "store/model/result.hpp"
#include "store/queries.hpp"
#include "store/sqlite/database.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>

namespace lotgate::store {

namespace json = boost::json;

[[nodiscard]] json::object summary_of(sqlite::Database& database, Instant now);
[[nodiscard]] json::object recent_of(sqlite::Database& database, std::size_t count);
[[nodiscard]] json::object cases_of(sqlite::Database& database, bool open_only, Instant now);
/// Those in doubt, a hundred at most, oldest first; and the last twenty, newest first.
[[nodiscard]] json::object labels_of(sqlite::Database& database, const std::string& printer);
[[nodiscard]] Result<json::object> trace_of(sqlite::Database& database, const std::string& what);
[[nodiscard]] Result<json::object> why_of(sqlite::Database& database, const std::string& what);
[[nodiscard]] json::object chain_of(sqlite::Database& database);
[[nodiscard]] Result<json::object> rebuild_of(sqlite::Database& database);

/// Of a case: what each of its decisions does, and what was read and found when it was opened.
[[nodiscard]] json::object effects_of_decisions(const json::array& decisions);
[[nodiscard]] json::object evidence_of(sqlite::Database& database, std::int64_t seq);
[[nodiscard]] Result<json::object> picks_of(sqlite::Database& database,
                                            const std::string& id,
                                            const PickTerms& terms);
/// Which subjects a person may mean by a text: "unit:…", "lot:…", "container:…", "document:…".
[[nodiscard]] std::vector<std::string> subjects_named(sqlite::Database& database,
                                                      const std::string& what);
/// One decision as a line of a list.
[[nodiscard]] json::object decision_line(const LedgerRow& row);
/// Up to which row and time the answer is complete, and what the cloud knows of it.
[[nodiscard]] json::object completeness_of(sqlite::Database& database);
/// Every row of a query as an object, by column name.
[[nodiscard]] json::array rows_of(sqlite::Rows rows, std::initializer_list<const char*> names);
/// The first row of the ledger at or after that time; the one behind the last where there is none.
[[nodiscard]] std::int64_t first_seq_at(sqlite::Database& database, std::int64_t ms);
/// The milliseconds of a hybrid clock as a time.
[[nodiscard]] std::string time_of_hlc(std::uint64_t hlc);
[[nodiscard]] ChainStart chain_origin_of(sqlite::Database& database);

}  // namespace lotgate::store
