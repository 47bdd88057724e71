#pragma once

// Element strings and texts as ZPL field data: what stands between ^FD and ^FS. Whatever the
// values hold, the result starts no ZPL command. A refused value is a Fault, never a near miss.

#include "store/model/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace lotgate::barcode {

/// An application identifier and its value, to be printed.
struct LabelElement {
    std::string_view ai;
    std::string_view value;
};

/// The element string as bytes: fixed-length elements first as given, GS (0x1D) where the table
/// asks for a separator. Checks identifiers, linters and exclusive pairs. No leading FNC1.
[[nodiscard]] Result<std::string> element_string(std::span<const LabelElement> elements);

/// Human readable: "(01)06141412345212(10)LOT42".
[[nodiscard]] std::string bracketed_string(std::span<const LabelElement> elements);

/// For `^BCN,h,N,N,N,N^FH\^FD…^FS`, mode N (devices.md 2.7). At most 48 data characters
/// (GS1 General Specifications 5.4.1). Use ^FH with a backslash, which no GS1 value holds.
[[nodiscard]] Result<std::string> code128_field(std::span<const LabelElement> elements);

/// For `^BXN,h,200,,,,@,1^FD…^FS`: `escape` is the character that stands in the template as the
/// symbol's escape (parameter g). It must be one that no GS1 value holds, so that nothing ever
/// needs doubling, which not every program that reads ZPL undoes: @ $ | [ ] { } or a backslash.
[[nodiscard]] Result<std::string> datamatrix_field(std::span<const LabelElement> elements,
                                                   char escape = '@');

/// Plain text (UTF-8) for `^FH_^FD…^FS` with ^CI28: every byte that is not a harmless printable
/// ASCII character becomes _HH. Control characters become spaces.
[[nodiscard]] std::string text_field(std::string_view utf8);

/// Plain Code 128 (subset B) for `^FH_^BC…^FD…^FS`: printable ASCII only.
[[nodiscard]] Result<std::string> code128_plain_field(std::string_view ascii);

/// `^FH_^BQN,2,6^FD…^FS`: a QR code with the given bytes (a Digital Link URI), correction M.
[[nodiscard]] Result<std::string> qr_field(std::string_view bytes);

}  // namespace lotgate::barcode
