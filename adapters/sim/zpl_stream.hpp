#pragma once

// Cuts what a ZPL printer receives into what it acts on. No I/O, no clock.
//
// As in a printer, `^` and `~` begin a command wherever they stand, inside field data too: text
// that was not escaped therefore shows up here as commands, formats and labels of its own.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lotgate::sim {

/// What a simulated printer takes of one format, and copies of it, in either language.
constexpr std::size_t format_bytes_max = 4 * 1024 * 1024;
constexpr unsigned quantity_max = 99'999'999;

struct ZplPiece {
    enum class Kind {
        format,   ///< ^XA to ^XZ, both included, immediate commands taken out
        command,  ///< an immediate command, upper case: "~HS", "~HQES", "~JA"
        sgd,      ///< a "! U1 ..." line
    };

    Kind kind;
    std::string text;
};

class ZplStream {
public:
    using OnPiece = std::function<void(const ZplPiece&)>;

    void feed(char byte, const OnPiece& on_piece);

    /// Inside ^XA .. ^XZ.
    [[nodiscard]] bool is_in_format() const { return is_in_format_; }

    /// Bytes of the unfinished format, its ^XA included.
    [[nodiscard]] std::size_t format_size() const { return format_.size(); }

    /// A format over the limit was thrown away (the printer's buffer was full).
    [[nodiscard]] std::size_t overflows() const { return overflows_; }

    void forget_partial();

private:
    void plain(char byte, const OnPiece& on_piece);
    void grow_command(char byte, const OnPiece& on_piece);
    void caret_command(const OnPiece& on_piece);
    void keep(std::string_view bytes);

    std::string format_;
    std::string command_;  ///< "^", "~" and what followed, while its name is not yet whole
    std::string sgd_;
    bool is_in_format_ = false;
    bool is_skipping_line_ = false;
    std::size_t overflows_ = 0;
};

/// What a format asks of the print engine.
struct ZplLabel {
    bool is_printing = false;  ///< has something to print; a format of settings only has not
    unsigned quantity = 1;     ///< ^PQ
    unsigned length_dots = 0;  ///< ^LL, 0 where not given
    std::optional<bool> reprint_after_error;  ///< ^JZ
};

[[nodiscard]] ZplLabel read_label(std::string_view format);

}  // namespace lotgate::sim
