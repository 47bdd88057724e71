#pragma once

// `lotgate recall`: everything a recall has to answer, as one JSON object (docs/data/answers.md).

#include "store/model/result.hpp"
#include "store/sqlite/database.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace lotgate::store {

[[nodiscard]] Result<boost::json::object> recall_of(sqlite::Database& database,
                                                    const std::string& what);

}  // namespace lotgate::store
