#pragma once

// What a ZPL printer answers, as meaning. No I/O and no clock. Tolerant of what models differ in
// (a missing STX, extra fields), and of nothing else: what cannot be read is silence, and silence
// is unknown, never "ready".
//
//   ~HS     STX 12 fields ETX CR LF  STX 11 fields ETX CR LF  STX 2 fields ETX CR LF
//   ~HQES   STX … "ERRORS:" flag high low … "WARNINGS:" flag high low … ETX
//   getvar  a text in double quotes; "?" where the printer does not know the name

#include "adapters/label_printer/printer_language.hpp"
#include "adapters/label_printer/printer_status.hpp"
#include "store/model/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lotgate::adapters {

/// Collects bytes and gives out the answers in them. Bounded: what is no answer is forgotten.
class PrinterReplies {
public:
    void feed(std::string_view bytes);

    [[nodiscard]] std::optional<HostStatus> take_host_status();
    [[nodiscard]] std::optional<HostStatus> take_error_status();
    /// The text between the quotes.
    [[nodiscard]] std::optional<std::string> take_value();
    void forget();

    [[nodiscard]] std::uint64_t unread_bytes() const { return unread_bytes_; }

private:
    void bound();

    std::string bytes_;
    std::uint64_t unread_bytes_ = 0;  ///< that were no part of any answer
};

/// A counter's value; nothing for "?" and what is no number.
[[nodiscard]] std::optional<std::uint64_t> counter_in(std::string_view value);

/// The bytes to send for one label: exactly one ^XA … ^XZ without immediate commands, with ^JZN
/// (the printer must not print it again by itself) and ^PQ1 where they are missing.
[[nodiscard]] Result<std::string> one_label(const std::string& bytes);

/// ZPL, as the supervised printer needs it.
[[nodiscard]] const PrinterLanguage& zpl_language();

}  // namespace lotgate::adapters
