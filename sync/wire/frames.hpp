#pragma once

// The frames that a site and the cloud exchange (docs/data/sync.md has the table of fields).
// A payload is one Frame: a version and one message. A message or field that is not known is
// ignored, so either side may be the newer one. Parsing is bounded: by frame_bytes_max for the
// payload and by rows_bytes_max for what a batch unpacks to.

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lotgate::sync::wire {

inline constexpr std::uint32_t protocol_version = 1;
inline constexpr std::size_t frame_bytes_max = 1024 * 1024;
inline constexpr std::size_t feed_items_max = 1000;

/// Site: here I am, and this is what I have. Answered by WELCOME or FENCED.
struct Hello {
    std::uint64_t nonce = 0;  ///< chosen anew for each HELLO; WELCOME repeats it
    InstanceId instance{};
    std::uint64_t epoch = 0;
    Seq head_seq{};  ///< last durable row
    Hash head_hash{};
    Seq acked{};  ///< last row known to be committed in the cloud
    std::uint32_t version_min = protocol_version;
    std::uint32_t version_max = protocol_version;
    std::uint64_t cursor_main = 0;
    std::uint64_t cursor_urgent = 0;
};

/// Cloud: go on after last_seq. With nonce 0 it is a call to say HELLO (a hub has started).
struct Welcome {
    std::uint64_t nonce = 0;
    InstanceId instance{};  ///< whom it is for
    std::uint64_t epoch = 0;
    Seq last_seq{};
    Hash last_hash{};  ///< of last_seq; the chain's start where that is 0
    std::uint32_t window = 0;
    std::uint32_t rows_max = 0;
    std::uint64_t server_time_us = 0;
    std::uint64_t feed_main = 0;  ///< last dseq of the lane
    std::uint64_t feed_urgent = 0;
};

/// Site: rows first_seq … first_seq + count - 1. Hashes of rows do not travel.
struct Batch {
    std::uint64_t epoch = 0;
    InstanceId instance{};
    Seq first_seq{};
    Hash prev_hash{};
    std::uint32_t count = 0;
    Hash head_hash{};           ///< of the last row
    std::string rows;           ///< rows.hpp
    std::uint32_t attempt = 0;  ///< rises each time the site starts over; answers repeat it
};

/// Cloud: everything up to last_seq is committed in the cloud database. Cumulative.
struct Ack {
    InstanceId instance{};
    std::uint64_t epoch = 0;
    Seq last_seq{};
    Hash last_hash{};
    std::uint32_t attempt = 0;
};

enum class NackReason : std::uint32_t {
    gap = 1,        ///< rows before these are missing: go back to last_seq
    malformed = 2,  ///< cannot be unpacked, or the chain inside does not add up
    busy = 3,       ///< not now (database away, queue full): pause, then HELLO
};

struct Nack {
    InstanceId instance{};
    std::uint64_t epoch = 0;
    Seq last_seq{};
    Hash last_hash{};
    std::uint32_t reason = 0;  ///< NackReason; unknown ones are treated as busy
    std::uint32_t attempt = 0;
    Seq first_seq{};  ///< of the batch refused
    std::string told;
};

enum class Lane : std::uint32_t { main = 1, urgent = 2 };

[[nodiscard]] std::string_view name_of(Lane lane);

struct FeedPull {
    std::uint32_t lane = 0;
    std::uint64_t after = 0;
    std::uint32_t items_max = 0;
};

struct FeedEntry {
    std::uint64_t dseq = 0;
    std::string kind;
    std::string body;  ///< JSON, docs/data/feed.md
};

/// Cloud: the items after a cursor; without items, the news that the lane's head is now `head`.
struct Feed {
    std::uint32_t lane = 0;
    std::uint64_t after = 0;
    std::vector<FeedEntry> items;
    std::uint64_t head = 0;
};

enum class FenceReason : std::uint32_t {
    other_instance = 1,  ///< another gateway, or another copy of the disk, has the site
    other_epoch = 2,     ///< the branch was closed
    unknown_site = 3,    ///< nobody has registered it yet
    fork = 4,            ///< same branch, different history
    version = 5,         ///< no protocol version in common
};

/// Cloud: do not send; go on recording. Where two copies of one disk are at work, both hear every
/// frame for their instance, so only the one whose HELLO it answers (nonce) is meant; a fence
/// against an instance as such has nonce 0.
struct Fenced {
    InstanceId instance{};    ///< whom it is for
    std::uint64_t epoch = 0;  ///< the open one
    std::uint32_t reason = 0;
    Seq last_seq{};  ///< where the cloud stands
    std::string told;
    std::uint64_t nonce = 0;
};

/// Site: sign of life. Answered with an ACK that repeats where the cloud stands.
struct Status {
    InstanceId instance{};
    std::uint64_t epoch = 0;
    Seq head_seq{};
    Seq acked{};
    Hash acked_hash{};
    std::uint64_t cursor_main = 0;
    std::uint64_t cursor_urgent = 0;
    std::uint64_t oldest_unacked_ms = 0;
    std::string state;
};

/// A frame of a newer version, or of a kind we do not know.
struct Unknown {};

using Message =
    std::variant<Unknown, Hello, Welcome, Batch, Ack, Nack, FeedPull, Feed, Fenced, Status>;

[[nodiscard]] std::string encode(const Message& message);
/// Fault corrupt or invalid_input. A well-formed frame of an unknown kind is Unknown.
[[nodiscard]] Result<Message> decode(std::string_view payload);

}  // namespace lotgate::sync::wire
