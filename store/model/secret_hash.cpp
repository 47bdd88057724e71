#include "store/model/secret_hash.hpp"

#include "store/model/ledger_row.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace lotgate {

namespace {

constexpr unsigned cost_now = 14;
constexpr unsigned cost_max = 17;  // 128 MiB with r = 8
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;
constexpr std::uint64_t memory_max = 256ULL * 1024 * 1024;

struct Parts {
    unsigned cost = 0;
    unsigned block = 0;
    unsigned lanes = 0;
    std::vector<std::uint8_t> salt;
    std::vector<std::uint8_t> hash;
};

std::string_view take_field(std::string_view& text) {
    const std::size_t end = text.find('$');
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return field;
}

std::optional<unsigned> number_in(std::string_view text, unsigned most) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number == 0 || number > most)
        return std::nullopt;
    return number;
}

std::vector<std::uint8_t> bytes_in(std::string_view hex) {
    std::vector<std::uint8_t> bytes;
    if (hex.size() % 2 != 0) return bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        std::uint8_t byte = 0;
        const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
        if (error != std::errc() || end != hex.data() + i + 2) return {};
        bytes.push_back(byte);
    }
    return bytes;
}

std::optional<Parts> parts_of(std::string_view text) {
    if (take_field(text) != "scrypt") return std::nullopt;
    const auto cost = number_in(take_field(text), cost_max);
    const auto block = number_in(take_field(text), 16);
    const auto lanes = number_in(take_field(text), 4);
    Parts parts;
    parts.salt = bytes_in(take_field(text));
    parts.hash = bytes_in(take_field(text));
    if (!cost || !block || !lanes || !text.empty()) return std::nullopt;
    if (parts.salt.size() < 8 || parts.salt.size() > 64 || parts.hash.size() != hash_bytes)
        return std::nullopt;
    parts.cost = *cost;
    parts.block = *block;
    parts.lanes = *lanes;
    return parts;
}

bool derive(std::string_view secret,
            const Parts& parts,
            std::array<std::uint8_t, hash_bytes>& out) {
    return EVP_PBE_scrypt(secret.data(),
                          secret.size(),
                          parts.salt.data(),
                          parts.salt.size(),
                          std::uint64_t{1} << parts.cost,
                          parts.block,
                          parts.lanes,
                          memory_max,
                          out.data(),
                          out.size()) == 1;
}

}  // namespace

Result<std::string> hash_secret(std::string_view secret) {
    Parts parts;
    parts.cost = cost_now;
    parts.block = 8;
    parts.lanes = 1;
    parts.salt.resize(salt_bytes);
    std::array<std::uint8_t, hash_bytes> hash{};
    if (RAND_bytes(parts.salt.data(), static_cast<int>(salt_bytes)) != 1 ||
        !derive(secret, parts, hash))
        return fail(FaultCode::unavailable, "the system gave no random bytes or memory for a hash");
    return fmt::format(
        "scrypt${}$8$1${}${}", cost_now, to_hex(parts.salt), to_hex({hash.data(), hash.size()}));
}

bool is_secret(std::string_view secret, std::string_view hash) {
    const auto parts = parts_of(hash);
    std::array<std::uint8_t, hash_bytes> own{};
    if (!parts || !derive(secret, *parts, own)) return false;
    return CRYPTO_memcmp(own.data(), parts->hash.data(), own.size()) == 0;
}

bool is_secret_hash(std::string_view text) {
    return parts_of(text).has_value();
}

}  // namespace lotgate
