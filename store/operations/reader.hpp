#pragma once

// Reads what the arguments of an operation name, in the transaction that records it.

#include "store/operations/draft.hpp"

namespace lotgate::store::sqlite {
class Database;
}

namespace lotgate::store {

class FactsReader;

[[nodiscard]] OperationFacts read_operation_facts(sqlite::Database& database,
                                                  FactsReader& reader,
                                                  const OperationCall& call);

}  // namespace lotgate::store
