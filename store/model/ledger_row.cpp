#include "store/model/ledger_row.hpp"

#include "store/model/assert.hpp"

#include <openssl/evp.h>

namespace lotgate {

namespace {

void put_u64(std::string& out, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xffU));
}

void put_u32(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xffU));
}

void put_text(std::string& out, std::string_view text) {
    put_u32(out, static_cast<std::uint32_t>(text.size()));
    out.append(text);
}

void put_bytes(std::string& out, std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) out.push_back(static_cast<char>(byte));
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
        EVP_Digest(bytes.data(), bytes.size(), hash.data(), &length, EVP_sha256(), nullptr);
    LG_ASSERT(done == 1 && length == hash.size());
    return hash;
}

Hash chain_start(const ChainStart& start) {
    std::string bytes = "lotgate";
    put_text(bytes, start.site);
    put_u64(bytes, start.epoch);
    put_bytes(bytes, start.instance);
    return sha256(bytes);
}

Hash chain_next(const Hash& previous, const LedgerRow& row) {
    std::string bytes;
    bytes.reserve(previous.size() + row.body.size() + 160);
    put_bytes(bytes, previous);
    put_u64(bytes, number_of(row.seq));
    put_u64(bytes, row.hlc);
    put_text(bytes, row.kind);
    bytes.push_back(static_cast<char>(row.kind_ver >> 8U));
    bytes.push_back(static_cast<char>(row.kind_ver & 0xffU));
    put_text(bytes, row.station);
    put_text(bytes, row.actor);
    put_text(bytes, row.request_id);
    put_u64(bytes, row.known_cursor);
    put_text(bytes, row.body);
    return sha256(bytes);
}

}  // namespace lotgate
