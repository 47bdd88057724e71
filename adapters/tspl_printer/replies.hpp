#pragma once

// What a TSPL printer answers, as meaning. No I/O and no clock. What cannot be read is silence,
// and silence is unknown, never "ready".
//
//   ESC ! S       STX b1 b2 b3 b4 ETX CR LF, answered at any time, also in a fault
//     b1  one letter: @ normal, ` paused, B backing, C cutting, E error, F feeding, K waits for its
//         print key, L label to be taken, P printing, W imaging
//     b2  40 (hex) with 1 labels low, 2 ribbon low, 8 receive buffer full
//     b3  40 with 1 head too hot, 2 motor too hot, 4 head, 8 cutter jam, 10 memory
//     b4  40 with 1 out of labels, 2 jam, 4 out of ribbon, 8 ribbon jam, 20 head open
//   OUT "…",@LABEL    the text, then the number of labels printed, then a line end

#include "adapters/label_printer/printer_language.hpp"
#include "store/model/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lotgate::adapters {

/// The four bytes as a status; nothing where one of them is none that is known to be a status.
[[nodiscard]] std::optional<HostStatus> tspl_status(std::string_view four_bytes);

/// Collects bytes and gives out the answers in them. Bounded: what is no answer is forgotten.
class TsplReplies final : public PrinterDialogue {
public:
    void feed(std::string_view bytes) override;
    [[nodiscard]] std::optional<HostStatus> take_status() override;

    [[nodiscard]] std::optional<HostStatus> take_errors() override { return std::nullopt; }

    [[nodiscard]] std::optional<CounterAnswer> take_counter() override;

private:
    std::string bytes_;
};

/// The bytes to send for one label: one PRINT of one label as the last line, without commands that
/// store, run or ask, with SET REPRINT OFF before it where it is missing (the printer must not
/// print it again by itself).
[[nodiscard]] Result<std::string> one_tspl_label(const std::string& bytes);

/// TSPL, as the supervised printer needs it.
[[nodiscard]] const PrinterLanguage& tspl_language();

}  // namespace lotgate::adapters
