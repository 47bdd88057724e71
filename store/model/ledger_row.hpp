#pragma once

// One row of the ledger, and the hash chain over rows. The site writes rows, the cloud stores them
// and recomputes the chain, so the canonical form below is a wire format (docs/DATA.md, "Chain").
//
//   canonical = u64 seq, u64 hlc, text kind, u16 kind_ver, text station, text actor,
//               text request_id, u64 known_cursor, text body
//   text      = u32 length, bytes;   all numbers big-endian
//   hash_n    = SHA-256(hash_{n-1} || canonical(row_n))
//   hash_0    = SHA-256("lotgate" || text site || u64 epoch || 16 bytes instance)

#include "store/model/identity.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lotgate {

using Hash = std::array<std::uint8_t, 32>;
using InstanceId = std::array<std::uint8_t, 16>;

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);
[[nodiscard]] Hash sha256(std::string_view bytes);

struct LedgerRow {
    Seq seq{};
    std::uint64_t hlc = 0;  ///< 48 bits of milliseconds, 16 bits of counter; strictly increasing
    std::string kind;       ///< docs/DATA.md, "Events"
    std::uint16_t kind_ver = 1;
    std::string station;
    std::string actor;
    std::string request_id;          ///< empty where nobody asked; else unique in the ledger
    std::uint64_t known_cursor = 0;  ///< the cloud feed's cursor this was decided under
    std::string body;                ///< JSON, exactly as written
    Hash hash{};                     ///< of the chain up to and with this row
};

/// Who wrote the chain: it starts anew with each epoch, which only the cloud grants.
struct ChainStart {
    std::string site;
    std::uint64_t epoch = 0;
    InstanceId instance{};
};

[[nodiscard]] Hash chain_start(const ChainStart& start);
[[nodiscard]] Hash chain_next(const Hash& previous, const LedgerRow& row);

}  // namespace lotgate
