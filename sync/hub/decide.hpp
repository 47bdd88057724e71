#pragma once

// What the cloud says to a HELLO or a batch, given where it stands: pure, so that the simulation
// runs the very rules of the hub. Whether the cloud still stands there when it writes is the
// business of the compare-and-set in ingest.cpp.

#include "store/model/ledger_row.hpp"
#include "sync/wire/frames.hpp"
#include "sync/wire/rows.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace lotgate::hub {

/// Where the cloud stands with a site: its one open branch.
struct Cursor {
    std::uint64_t epoch = 0;
    InstanceId instance{};
    Seq last_seq{};
    Hash last_hash{};

    friend bool operator==(const Cursor&, const Cursor&) = default;
};

enum class BatchVerdict { append, duplicate, gap, malformed, fenced };

struct BatchDecision {
    BatchVerdict verdict = BatchVerdict::malformed;
    std::size_t skip = 0;                    ///< append: rows at the front that are stored already
    sync::wire::FenceReason fence_reason{};  ///< fenced
    std::string told;
};

/// Before the rows are unpacked: nothing where they must be looked at.
[[nodiscard]] std::optional<BatchDecision> decide_unread(const Cursor& cursor,
                                                         const sync::wire::Batch& batch);
/// Recomputes the chain over every row.
[[nodiscard]] BatchDecision decide_rows(const Cursor& cursor,
                                        const sync::wire::Batch& batch,
                                        std::span<const sync::wire::WireRow> rows);

/// Nothing: welcome. Else the reason to fence, told to a person.
struct HelloRefusal {
    sync::wire::FenceReason reason{};
    std::string told;
};

[[nodiscard]] std::optional<HelloRefusal> refuse_hello(const Cursor& cursor,
                                                       const sync::wire::Hello& hello);
/// The branch of a site that was never heard before, or whose last branch was closed.
[[nodiscard]] Cursor first_cursor(const std::string& site,
                                  const InstanceId& instance,
                                  std::uint64_t epoch);

// ---- frames that say where the cloud stands

[[nodiscard]] sync::wire::Ack ack_of(const Cursor& cursor, std::uint32_t attempt);
[[nodiscard]] sync::wire::Nack nack_of(const Cursor& cursor,
                                       const sync::wire::Batch& batch,
                                       sync::wire::NackReason reason,
                                       std::string told);
/// Answers a HELLO (its nonce), or with nonce 0 fences an instance as such.
[[nodiscard]] sync::wire::Fenced fenced_of(const Cursor& cursor,
                                           const InstanceId& whom,
                                           const HelloRefusal& refusal,
                                           std::uint64_t nonce);

/// A batch that must not be stored: only a HELLO can be fenced for good, since two copies of one
/// disk hear the same frames. So the site is made to say HELLO.
[[nodiscard]] sync::wire::Message answer_to_fenced(const Cursor& cursor,
                                                   const sync::wire::Batch& batch,
                                                   const BatchDecision& decision);
/// Where the cloud stands: from that a site sees by itself that it is an older copy.
[[nodiscard]] sync::wire::Message answer_to_status(const Cursor& cursor,
                                                   const sync::wire::Status& status);

}  // namespace lotgate::hub
