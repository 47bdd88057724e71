// GS1 Digital Links, strict and tolerant.

#include "tests/fuzz/barcode_checks.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    lotgate::barcode::DecodeOptions options;
    options.form = lotgate::barcode::Form::digital_link;
    lotgate::fuzz::check_decoding(bytes, options);
    options.permit_zero_suppressed_gtin = true;
    options.permit_old_digital_link = true;
    options.permit_unknown_ais = true;
    lotgate::fuzz::check_decoding(bytes, options);
    return 0;
}
