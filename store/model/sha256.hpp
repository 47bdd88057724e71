#pragma once

// SHA-256 over what comes piece by piece; for one text there is sha256() in ledger_row.hpp.

#include "store/model/ledger_row.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace lotgate {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::string_view bytes);
    /// Of all that was added so far.
    [[nodiscard]] Hash digest() const;

private:
    struct State;

    std::unique_ptr<State> state_;
};

/// 64 digits; nothing where the text is not of the form.
[[nodiscard]] std::optional<Hash> hash_from_hex(std::string_view hex);

}  // namespace lotgate
