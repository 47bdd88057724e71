#include "store/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

constexpr unsigned counter_bits = 16;

void copy_hash(std::span<const std::uint8_t> bytes, Hash& hash) {
    if (bytes.size() == hash.size()) std::copy(bytes.begin(), bytes.end(), hash.begin());
}

}  // namespace

std::uint64_t next_hlc(std::uint64_t last, Instant now) {
    const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(now.us, 0) / 1000);
    return std::max(last + 1, ms << counter_bits);
}

LedgerRow row_from(const sqlite::Rows& rows) {
    LedgerRow row;
    row.seq = static_cast<Seq>(rows.integer(0));
    row.hlc = static_cast<std::uint64_t>(rows.integer(1));
    row.kind = rows.text(2);
    row.kind_ver = static_cast<std::uint16_t>(rows.integer(3));
    row.station = rows.text(4);
    row.actor = rows.text(5);
    row.request_id = rows.text(6);
    row.known_cursor = static_cast<std::uint64_t>(rows.integer(7));
    row.body = rows.text(8);
    copy_hash(rows.blob(9), row.hash);
    return row;
}

Ledger::Ledger(sqlite::Database& database)
    : database_(&database),
      insert_(database,
              "INSERT INTO ledger(seq,hlc,kind,kind_ver,station,actor,request_id,known_cursor,"
              "body,hash) VALUES(?,?,?,?,?,?,nullif(?,''),?,?,?)") {}

Result<> Ledger::load(const ChainStart& start) {
    head_ = {Seq{0}, 0, chain_start(start)};
    sqlite::Statement last(*database_, "SELECT seq,hlc,hash FROM ledger ORDER BY seq DESC LIMIT 1");
    if (auto rows = last(); rows.next()) {
        head_.seq = static_cast<Seq>(rows.integer(0));
        head_.hlc = static_cast<std::uint64_t>(rows.integer(1));
        copy_hash(rows.blob(2), head_.hash);
    }
    if (database_->fault()) return fail(*database_->fault());
    return {};
}

const ChainHead& Ledger::append(LedgerRow& row, Instant now) {
    row.seq = next(head_.seq);
    row.hlc = next_hlc(head_.hlc, now);
    row.hash = chain_next(head_.hash, row);
    insert_.run(number_of(row.seq),
                row.hlc,
                row.kind,
                std::int64_t{row.kind_ver},
                row.station,
                row.actor,
                row.request_id,
                row.known_cursor,
                row.body,
                std::span<const std::uint8_t>(row.hash));
    head_ = {row.seq, row.hlc, row.hash};
    return head_;
}

Result<> Ledger::chain_anew(const ChainStart& start) {
    sqlite::Statement all(*database_,
                          fmt::format("SELECT {} FROM ledger ORDER BY seq", ledger_columns));
    sqlite::Statement update(*database_, "UPDATE ledger SET hash=? WHERE seq=?");
    Hash hash = chain_start(start);
    for (auto rows = all(); rows.next();) {
        const LedgerRow row = row_from(rows);
        hash = chain_next(hash, row);
        update.run(std::span<const std::uint8_t>(hash), number_of(row.seq));
    }
    if (database_->fault()) return fail(*database_->fault());
    head_.hash = hash;
    return {};
}

}  // namespace lotgate::store
