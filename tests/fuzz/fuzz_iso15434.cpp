// ISO/IEC 15434 messages, data identifiers, EPC URNs.

#include "tests/fuzz/barcode_checks.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    lotgate::barcode::DecodeOptions options;
    options.aim = "]d1";
    lotgate::fuzz::check_decoding(bytes, options);
    lotgate::fuzz::check_decoding("[)>\x1e" + bytes, options);
    lotgate::fuzz::check_decoding("urn:epc:" + bytes, options);
    return 0;
}
