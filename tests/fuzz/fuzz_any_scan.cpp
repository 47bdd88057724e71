// Anything a scanner or a person may send, identifier included.

#include "tests/fuzz/barcode_checks.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    lotgate::barcode::DecodeOptions options;
    using namespace std::string_view_literals;
    lotgate::fuzz::check_decoding(bytes, options);
    constexpr std::string_view separators[] = {"<GS>"sv, "{GS}"sv};
    constexpr std::string_view identifiers[] = {"S"sv, "1T"sv, "Q"sv};
    options.separators = separators;
    options.plain.data_identifiers = identifiers;
    options.plain.prefix = "*";
    options.plain.suffix = "*";
    options.gs1_expected = true;
    options.capture = true;
    lotgate::fuzz::check_decoding(bytes, options);
    return 0;
}
