#include "sync/hub/decide.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::hub {

using namespace sync::wire;  // the frames are this file's subject

namespace {

BatchDecision plain(BatchVerdict verdict) {
    BatchDecision decision;
    decision.verdict = verdict;
    return decision;
}

BatchDecision malformed(std::string told) {
    BatchDecision decision;
    decision.told = std::move(told);
    return decision;
}

BatchDecision fence(FenceReason reason, std::string told) {
    BatchDecision decision;
    decision.verdict = BatchVerdict::fenced;
    decision.fence_reason = reason;
    decision.told = std::move(told);
    return decision;
}

std::string told_fork(Seq seq) {
    return fmt::format(
        "The cloud holds another history of this site at row {}. One of the two is "
        "an older copy or a clone; a person decides which one goes on.",
        number_of(seq));
}

std::string told_instance() {
    return "Another gateway, or another copy of this one's disk, writes this site's ledger in the "
           "cloud. Recording goes on here; decide which one is the real one.";
}

std::string told_epoch(std::uint64_t theirs, std::uint64_t open) {
    return fmt::format("This gateway writes epoch {}, the cloud has epoch {} open.", theirs, open);
}

}  // namespace

std::optional<BatchDecision> decide_unread(const Cursor& cursor, const Batch& batch) {
    if (batch.instance != cursor.instance)
        return fence(FenceReason::other_instance, told_instance());
    if (batch.epoch != cursor.epoch)
        return fence(FenceReason::other_epoch, told_epoch(batch.epoch, cursor.epoch));
    const std::uint64_t first = number_of(batch.first_seq);
    const std::uint64_t last = number_of(cursor.last_seq);
    if (first == 0 || batch.count == 0 || batch.count > rows_max)
        return malformed("a batch without rows, or with too many");
    if (first > last + 1) return plain(BatchVerdict::gap);
    const std::uint64_t end = first - 1 + batch.count;
    if (end > last) return std::nullopt;
    if (end == last && batch.head_hash != cursor.last_hash)
        return fence(FenceReason::fork, told_fork(cursor.last_seq));
    return plain(BatchVerdict::duplicate);
}

BatchDecision decide_rows(const Cursor& cursor, const Batch& batch, std::span<const WireRow> rows) {
    if (const auto early = decide_unread(cursor, batch)) return *early;
    if (rows.size() != batch.count) return malformed("the batch does not hold what it says");
    const bool starts_at_cursor = number_of(batch.first_seq) == number_of(cursor.last_seq) + 1;
    if (starts_at_cursor && batch.prev_hash != cursor.last_hash)
        return fence(FenceReason::fork, told_fork(cursor.last_seq));

    BatchDecision decision = plain(BatchVerdict::append);
    Hash hash = batch.prev_hash;
    Seq expected = batch.first_seq;
    for (const WireRow& one : rows) {
        if (one.row.seq != expected) return malformed("the rows of the batch are not in order");
        hash = chain_next(hash, one.row);
        if (one.row.seq == cursor.last_seq && hash != cursor.last_hash)
            return fence(FenceReason::fork, told_fork(cursor.last_seq));
        if (one.row.seq <= cursor.last_seq) ++decision.skip;
        expected = next(expected);
    }
    if (hash != batch.head_hash) return malformed("the chain of the batch does not add up");
    return decision;
}

std::optional<HelloRefusal> refuse_hello(const Cursor& cursor, const Hello& hello) {
    if (hello.version_min > protocol_version || hello.version_max < protocol_version)
        return HelloRefusal{FenceReason::version,
                            fmt::format("The cloud speaks protocol {}, this gateway {} to {}.",
                                        protocol_version,
                                        hello.version_min,
                                        hello.version_max)};
    if (hello.instance != cursor.instance)
        return HelloRefusal{FenceReason::other_instance, told_instance()};
    // Epoch 0 is "never granted": the rows written so far are chained anew under the grant, which
    // may come for the second time (the first was lost, or the disk is of the day before it).
    const bool can_be_granted = hello.epoch == 0 || number_of(hello.head_seq) == 0;
    if (hello.epoch != cursor.epoch && !can_be_granted)
        return HelloRefusal{FenceReason::other_epoch, told_epoch(hello.epoch, cursor.epoch)};
    if (hello.head_seq < cursor.last_seq)
        return HelloRefusal{FenceReason::fork, told_fork(cursor.last_seq)};
    const bool is_same_row = hello.epoch == cursor.epoch && hello.head_seq == cursor.last_seq &&
                             number_of(cursor.last_seq) != 0;
    if (is_same_row && hello.head_hash != cursor.last_hash)
        return HelloRefusal{FenceReason::fork, told_fork(cursor.last_seq)};
    return std::nullopt;
}

Cursor first_cursor(const std::string& site, const InstanceId& instance, std::uint64_t epoch) {
    Cursor cursor;
    cursor.epoch = epoch;
    cursor.instance = instance;
    cursor.last_hash = chain_start(ChainStart{site, epoch, instance});
    return cursor;
}

Ack ack_of(const Cursor& cursor, std::uint32_t attempt) {
    Ack ack;
    ack.instance = cursor.instance;
    ack.epoch = cursor.epoch;
    ack.last_seq = cursor.last_seq;
    ack.last_hash = cursor.last_hash;
    ack.attempt = attempt;
    return ack;
}

Nack nack_of(const Cursor& cursor, const Batch& batch, NackReason reason, std::string told) {
    Nack nack;
    nack.instance = batch.instance;
    nack.epoch = batch.epoch;
    nack.last_seq = cursor.last_seq;
    nack.last_hash = cursor.last_hash;
    nack.reason = static_cast<std::uint32_t>(reason);
    nack.attempt = batch.attempt;
    nack.first_seq = batch.first_seq;
    nack.told = std::move(told);
    return nack;
}

Fenced fenced_of(const Cursor& cursor,
                 const InstanceId& whom,
                 const HelloRefusal& refusal,
                 std::uint64_t nonce) {
    Fenced fenced;
    fenced.instance = whom;
    fenced.epoch = cursor.epoch;
    fenced.reason = static_cast<std::uint32_t>(refusal.reason);
    fenced.last_seq = cursor.last_seq;
    fenced.told = refusal.told;
    fenced.nonce = nonce;
    return fenced;
}

Message answer_to_fenced(const Cursor& cursor, const Batch& batch, const BatchDecision& decision) {
    if (decision.fence_reason == FenceReason::other_instance)
        return fenced_of(cursor, batch.instance, {decision.fence_reason, decision.told}, 0);
    return nack_of(cursor, batch, NackReason::busy, decision.told);
}

Message answer_to_status(const Cursor& cursor, const Status& status) {
    if (status.instance != cursor.instance)
        return fenced_of(
            cursor, status.instance, {FenceReason::other_instance, told_instance()}, 0);
    return ack_of(cursor, 0);
}

}  // namespace lotgate::hub
