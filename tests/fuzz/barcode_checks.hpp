#pragma once

// What must hold of every answer, whatever the bytes were. A broken promise ends the process, so
// that the fuzzer keeps the input.

#include "adapters/barcode/decode.hpp"

#include <string_view>

namespace lotgate::fuzz {

/// Decodes with these options and checks the answer: borders, positions, texts, identity; and
/// that what was read is read the same when it is written again.
void check_decoding(std::string_view bytes, const barcode::DecodeOptions& options);

}  // namespace lotgate::fuzz
