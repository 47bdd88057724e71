#pragma once

// What the operations on cartons and picks need (OperationRow::read_more).

#include "store/operations/draft.hpp"

namespace lotgate::store::sqlite {
class Database;
}

namespace lotgate::store {

void read_carton(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_pallet(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_picked(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_promises(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);

}  // namespace lotgate::store
