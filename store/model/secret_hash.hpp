#pragma once

// PINs as salted hashes: "scrypt$<log2 N>$<r>$<p>$<salt, hex>$<hash, hex>". A short PIN falls to
// anybody who holds its hash and an afternoon; what protects it is that the hash is not shown, and
// that a badge is locked after a few wrong ones. Takes some 50 ms: not for the loop or the store
// thread.

#include "store/model/result.hpp"

#include <string>
#include <string_view>

namespace lotgate {

/// A new salt each time.
[[nodiscard]] Result<std::string> hash_secret(std::string_view secret);
/// False also for a text that is no such hash, or one that asks for unreasonable work.
[[nodiscard]] bool is_secret(std::string_view secret, std::string_view hash);
/// The form only.
[[nodiscard]] bool is_secret_hash(std::string_view text);

}  // namespace lotgate
