#pragma once
// Bytes and words as Modbus and MQTT put them on a wire: the high byte first.

#include <cstdint>
#include <string>
#include <string_view>

namespace lotgate::sim {

/// `at` and, of a word, the byte after it are within `bytes`.
[[nodiscard]] inline unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

[[nodiscard]] inline std::uint16_t word_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(byte_at(bytes, at) << 8U | byte_at(bytes, at + 1));
}

/// Its low sixteen bits.
inline void put_word(std::string& bytes, std::size_t word) {
    bytes.push_back(static_cast<char>(word >> 8U & 0xffU));
    bytes.push_back(static_cast<char>(word & 0xffU));
}

}  // namespace lotgate::sim
