// HIBC labels; the right check character is put behind each input too.

#include "adapters/barcode/hibc.hpp"
#include "tests/fuzz/barcode_checks.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    lotgate::barcode::DecodeOptions options;
    options.aim = "]C0";
    lotgate::fuzz::check_decoding(bytes, options);
    const char check = lotgate::barcode::hibc_check_character(bytes);
    lotgate::fuzz::check_decoding(bytes + check, options);
    return 0;
}
