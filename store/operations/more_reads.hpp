#pragma once

// What single operations need beyond what every one of them reads (OperationRow::read_more).

#include "store/operations/draft.hpp"

namespace lotgate::store::sqlite {
class Database;
}

namespace lotgate::store {

void read_vendor(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_new_serial(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_missed(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_other_lot(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_count(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_expired(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_overdue(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_broken(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);
void read_reach(sqlite::Database& db, const OperationCall& call, OperationFacts& facts);

}  // namespace lotgate::store
