#include "store/answers/voice_code.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace lotgate::store {

std::string voice_code(std::string_view gtin,
                       std::string_view lot,
                       const std::optional<Date>& packed_on) {
    if (lot.empty()) return {};
    std::string text = fmt::format("{}{}", gtin, lot);
    if (packed_on) text += yymmdd(*packed_on);
    constexpr std::uint32_t reflected = 0xA001;
    std::uint32_t crc = 0;
    for (const char c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            const bool is_set = (crc & 1U) != 0;
            crc >>= 1U;
            if (is_set) crc ^= reflected;
        }
    }
    return fmt::format("{:04}", crc % 10'000);
}

}  // namespace lotgate::store
