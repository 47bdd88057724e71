#include "store/model/ledger_row.hpp"

#include "store/model/assert.hpp"

#include <array>

#include <openssl/evp.h>

namespace lotgate {

namespace {

// Big-endian.
template <class Number>
void put_number(std::string& out, Number value) {
    std::array<char, sizeof value> bytes{};
    // No std::views::reverse: clang 14, which builds the fuzzers, cannot read libstdc++ 12's.
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
        *byte = static_cast<char>(value & 0xffU);
        value = static_cast<Number>(value >> 8U);
    }
    out.append(bytes.data(), bytes.size());
}

void put_text(std::string& out, std::string_view text) {
    put_number(out, static_cast<std::uint32_t>(text.size()));
    out.append(text);
}

void put_bytes(std::string& out, std::span<const std::uint8_t> bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// The algorithm, looked up once: EVP_sha256() would look it up for each digest.
const EVP_MD* algorithm() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched == nullptr ? EVP_sha256() : fetched;
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        hex.push_back(digits[byte >> 4U]);
        hex.push_back(digits[byte & 0x0fU]);
    }
    return hex;
}

Hash sha256(std::string_view bytes) {
    Hash hash{};
    unsigned length = 0;
    const int done =
        EVP_Digest(bytes.data(), bytes.size(), hash.data(), &length, algorithm(), nullptr);
    LG_ASSERT(done == 1 && length == hash.size());
    return hash;
}

Hash chain_start(const ChainStart& start) {
    std::string bytes = "lotgate";
    put_text(bytes, start.site);
    put_number(bytes, start.epoch);
    put_bytes(bytes, start.instance);
    return sha256(bytes);
}

Hash chain_next(const Hash& previous, const LedgerRow& row) {
    std::string bytes;
    bytes.reserve(previous.size() + row.body.size() + 160);
    put_bytes(bytes, previous);
    put_number(bytes, number_of(row.seq));
    put_number(bytes, row.hlc);
    put_text(bytes, row.kind);
    put_number(bytes, row.kind_ver);
    put_text(bytes, row.station);
    put_text(bytes, row.actor);
    put_text(bytes, row.request_id);
    put_number(bytes, row.known_cursor);
    put_text(bytes, row.body);
    return sha256(bytes);
}

}  // namespace lotgate
