#pragma once

// What a ZPL printer answers, as meaning. No I/O and no clock. Tolerant of what models differ in
// (a missing STX, extra fields), and of nothing else: what cannot be read is silence, and silence
// is unknown, never "ready".
//
//   ~HS     STX 12 fields ETX CR LF  STX 11 fields ETX CR LF  STX 2 fields ETX CR LF
//   ~HQES   STX … "ERRORS:" flag high low … "WARNINGS:" flag high low … ETX
//   getvar  a text in double quotes; "?" where the printer does not know the name

#include "store/model/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lotgate::adapters {

/// ~HS (ZPL II Programming Guide 45541L-004, p. 171), as far as it matters for one label.
struct HostStatus {
    bool is_paper_out = false;
    bool is_ribbon_out = false;
    bool is_head_open = false;
    bool is_paused = false;
    bool is_buffer_full = false;
    bool is_in_diagnostics = false;
    bool has_corrupt_ram = false;
    bool is_too_cold = false;
    bool is_too_hot = false;
    bool has_other_error = false;  ///< from ~HQES: a bit that is none of the above
    bool has_partial_format = false;
    bool has_label_to_take = false;  ///< peel-off: a label waits to be taken
    unsigned formats_waiting = 0;    ///< in the receive buffer
    std::uint64_t labels_left = 0;   ///< of the present batch
    bool tells_buffer = true;        ///< false for ~HQES, which knows faults only

    /// Why it cannot print until a person has been there; empty if it can.
    [[nodiscard]] std::string hindrance() const;

    /// Nothing is being received or printed, as far as it tells.
    [[nodiscard]] bool is_idle() const {
        return tells_buffer && formats_waiting == 0 && !is_buffer_full && !has_partial_format &&
               labels_left == 0;
    }

    friend bool operator==(const HostStatus&, const HostStatus&) = default;
};

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

}  // namespace lotgate::adapters
