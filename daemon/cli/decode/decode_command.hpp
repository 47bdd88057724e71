#pragma once

// `lotgate decode`: what a scan says, for people, for scripts and for tests. Needs no daemon.
//   lotgate decode 'TEXT'            a page for a person
//   lotgate decode --json 'TEXT'     one JSON object
//   lotgate decode --jsonl < FILE    one scan a line in, one JSON object a line out
// TEXT may hold \x1d, <GS> or {GS} where the scan holds the separator.

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/identity.hpp"
#include "store/model/time.hpp"

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::cli {

/// Exit status 0: decoded; 1: refused (some line, with --jsonl, only with --strict); 2: usage.
/// `arguments` are those after the word "decode". Streams are the caller's.
[[nodiscard]] int decode_command(std::span<const std::string> arguments,
                                 std::istream& in,
                                 std::ostream& out,
                                 std::ostream& err,
                                 Date today);

/// The same on standard input and output, today by the machine's clock in UTC.
[[nodiscard]] int decode_command(std::span<const std::string> arguments);

/// \x1d, \xHH, <GS>, {GS}, <RS>, {RS}, <EOT>, {EOT}, <CR> and <LF> as the bytes they name; "\\x"
/// is a backslash and an x. All else stands for itself.
[[nodiscard]] std::string unescaped_argument(std::string_view text);

/// All warnings of a scan with their places: the decoder's, and those found in what it means.
[[nodiscard]] std::vector<barcode::Warning> warnings_of(const barcode::Decoded& decoded,
                                                        const barcode::Identity& identity);

/// One JSON object on one line: input (raw_hex too, where it is no UTF-8), kind, aim, ok, full_ok,
/// error or full_error with position and message, elements, identity, warnings (their classes) and
/// warning_details (class, position, message).
[[nodiscard]] std::string decoded_as_json(const barcode::Decoded& decoded, Date today);

/// The page for a person.
[[nodiscard]] std::string decoded_as_text(const barcode::Decoded& decoded, Date today);

}  // namespace lotgate::cli
