#pragma once

// Cuts what a TSPL printer receives into what it acts on. No I/O, no clock.
//
// As in a printer, a line end ends a command wherever it stands, inside a quoted text too, and
// ESC ! orders are taken at once wherever they stand: text that was not escaped therefore shows up
// here as commands of its own.

#include "adapters/sim/zpl_stream.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace lotgate::sim {

class TsplStream {
public:
    using OnPiece = std::function<void(const ZplPiece&)>;

    /// Pieces: format = all lines since the last PRINT, that PRINT included; command = "ESC!S" and
    /// such; sgd = an OUT line, which waits its turn behind the labels before it.
    void feed(char byte, const OnPiece& on_piece);

    [[nodiscard]] bool is_in_format() const { return !format_.empty() || !line_.empty(); }

    [[nodiscard]] std::size_t format_size() const { return format_.size() + line_.size(); }

    [[nodiscard]] std::size_t overflows() const { return overflows_; }

    void forget_partial();

private:
    void end_line(const OnPiece& on_piece);

    std::string format_;
    std::string line_;
    std::string escape_;  ///< ESC and what followed
    std::size_t overflows_ = 0;
};

/// What a TSPL job asks of the print engine.
[[nodiscard]] ZplLabel read_tspl_label(std::string_view format);

}  // namespace lotgate::sim
