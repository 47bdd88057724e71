#pragma once

// Ledger rows on the wire and in the cloud's table: each row a protobuf message, a batch of them a
// message with one repeated field, compressed with zstd at level 1 (29 bytes a row; level 3 costs
// more time and saves nothing here).

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::sync::wire {

inline constexpr std::size_t rows_max = 2000;                   ///< in one batch
inline constexpr std::size_t rows_bytes_max = 8 * 1024 * 1024;  ///< of one batch, unpacked

/// A row with whatever else a newer writer put into it. `row.hash` does not travel.
struct WireRow {
    LedgerRow row;
    std::string unknown;  ///< fields we do not know, as they stood
};

[[nodiscard]] std::string pack_rows(std::span<const LedgerRow> rows);
/// Fault corrupt or invalid_input: not zstd, too large, too many, or not rows.
[[nodiscard]] Result<std::vector<WireRow>> unpack_rows(std::string_view packed);

/// A row without its body: what the cloud keeps beside the body, so that the row can be made again
/// exactly (the chain is verified over stored rows).
[[nodiscard]] std::string encode_without_body(const WireRow& row);
[[nodiscard]] Result<WireRow> decode_row(std::string_view bytes);

}  // namespace lotgate::sync::wire
