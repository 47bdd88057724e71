// GS1 element strings as scanned and as typed.

#include "tests/fuzz/barcode_checks.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    lotgate::barcode::DecodeOptions options;
    options.aim = "]d2";
    lotgate::fuzz::check_decoding(bytes, options);
    options.permit_unknown_ais = true;
    lotgate::fuzz::check_decoding(bytes, options);
    options.form = lotgate::barcode::Form::bracketed;
    lotgate::fuzz::check_decoding(bytes, options);
    return 0;
}
