#include "store/model/sha256.hpp"

#include "store/model/assert.hpp"

#include <openssl/evp.h>

namespace lotgate {

struct Sha256::State {
    State() : context(EVP_MD_CTX_new()) { LG_ASSERT(context != nullptr); }

    State(const State&) = delete;
    State& operator=(const State&) = delete;

    ~State() { EVP_MD_CTX_free(context); }

    EVP_MD_CTX* context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    LG_ASSERT(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
    LG_ASSERT(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

Hash Sha256::digest() const {
    const State copy;
    LG_ASSERT(EVP_MD_CTX_copy_ex(copy.context, state_->context) == 1);
    Hash hash{};
    unsigned length = 0;
    LG_ASSERT(EVP_DigestFinal_ex(copy.context, hash.data(), &length) == 1);
    LG_ASSERT(length == hash.size());
    return hash;
}

std::optional<Hash> hash_from_hex(std::string_view hex) {
    Hash hash{};
    if (hex.size() != hash.size() * 2) return std::nullopt;
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const int high = digit(hex[2 * i]);
        const int low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        hash[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return hash;
}

}  // namespace lotgate
