// The ledger's beginning moves: what is in a checked file is no longer kept here. The gateway has
// read the file and looked at every row in it (store/retention/archiving.hpp); what may have
// changed since is looked at here, in the transaction that records it.

#include "store/answers/answers.hpp"
#include "store/operations/every_operation.hpp"
#include "store/retention/archive_guard.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace lotgate::store {

namespace {

std::int64_t number_in(const OperationCall& call, std::string_view name) {
    return std::strtoll(call.text(name).c_str(), nullptr, 10);
}

constexpr std::int64_t rows_looked_at_max = 500;  // some ten milliseconds of the writer's time
constexpr const char* run_again = "Run `lotgate archive` again.";

}  // namespace

void read_archive(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    const LedgerBase base = ledger_base(db, chain_origin_of(db));
    facts.archive.base = static_cast<std::int64_t>(base.seq);
    facts.archive.base_hash = to_hex(base.hash);
    const std::int64_t last = number_in(call, "last");
    sqlite::Statement hash(db, "SELECT hash FROM ledger WHERE seq=?");
    if (auto rows = hash(last); rows.next()) facts.archive.hash_at_last = to_hex(rows.blob(0));
    sqlite::Statement site(db, "SELECT acked_seq,epoch FROM site_identity");
    if (auto rows = site(); rows.next()) {
        facts.archive.acked = rows.integer(0);
        facts.archive.epoch = rows.integer(1);
    }
    facts.archive.touched = touched(db,
                                    static_cast<std::uint64_t>(number_in(call, "looked_at")),
                                    static_cast<std::uint64_t>(last),
                                    rows_looked_at_max)
                                .what;
}

void plan_archive(OperationDraft& draft) {
    const OperationCall& call = *draft.call;
    const ArchiveFacts& facts = draft.facts->archive;
    ArchiveMade made;
    made.first = number_in(call, "first");
    made.last = number_in(call, "last");
    made.opening = call.text("opening");
    made.closing = call.text("closing");
    made.until = number_in(call, "until");
    made.file = call.text("file");
    made.digest = call.text("digest");
    const std::string& clock = call.operation->clock_quality;
    if (clock == "unset" || clock == "suspect")
        return draft.refuse("ARCHIVE_CLOCK",
                            "The clock cannot be trusted now, so nobody can say how old an event "
                            "is. Set it, or give the machine a time server.");
    if (made.first != facts.base + 1 || made.opening != facts.base_hash)
        return draft.refuse("ARCHIVE_NOT_NEXT",
                            fmt::format("The ledger begins with row {}, the file with row {}. {}",
                                        facts.base + 1,
                                        made.first,
                                        run_again));
    if (facts.hash_at_last.empty() || facts.hash_at_last != made.closing)
        return draft.refuse("ARCHIVE_NOT_OURS",
                            "The file ends with another row than this ledger has. Keep both, and "
                            "ask for `lotgate chain verify`.");
    const bool has_cloud = facts.epoch != 0 || call.text("cloud") == "yes";
    if (has_cloud && made.last >= facts.acked)
        return draft.refuse(
            "UNACKNOWLEDGED",
            fmt::format("The cloud has rows up to {} only. Wait for it.", facts.acked));
    if (!facts.touched.empty())
        return draft.refuse(
            "ARCHIVE_TOUCHED",
            fmt::format("Something happened to {} meanwhile. {}", facts.touched, run_again));
    draft.body.did = "archived";
    draft.body.subject = fmt::format("rows {} to {}", made.first, made.last);
    draft.body.verdict.told =
        fmt::format("Rows {} to {} are in {}. Keep that file.", made.first, made.last, made.file);
    draft.body.changes.emplace_back(std::move(made));
}

}  // namespace lotgate::store
