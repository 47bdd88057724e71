#include "adapters/sim/tspl_stream.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace lotgate::sim {

namespace {

constexpr char escape = '\x1b';

std::string upper_without_spaces(std::string_view line) {
    std::string text;
    for (const char c : line)
        if (c != ' ') text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

bool begins(std::string_view line, std::string_view word) {
    return upper_without_spaces(line).starts_with(word);
}

}  // namespace

void TsplStream::feed(char byte, const OnPiece& on_piece) {
    if (byte == escape) {
        escape_.assign(1, byte);
        return;
    }
    if (!escape_.empty()) {
        escape_.push_back(byte);
        if (escape_.size() < 3) return;
        const std::string order = "ESC" + escape_.substr(1);
        escape_.clear();
        on_piece({ZplPiece::Kind::command, order});
        return;
    }
    if (byte == '\r' || byte == '\n') {
        end_line(on_piece);
        return;
    }
    if (format_size() >= format_bytes_max) {
        ++overflows_;
        forget_partial();
        return;
    }
    line_.push_back(byte);
}

void TsplStream::end_line(const OnPiece& on_piece) {
    if (line_.empty()) return;
    const std::string line = std::move(line_);
    line_.clear();
    if (begins(line, "OUT")) {
        on_piece({ZplPiece::Kind::sgd, line});
        return;
    }
    format_ += line + "\r\n";
    if (!begins(line, "PRINT")) return;
    const std::string format = std::move(format_);
    format_.clear();
    on_piece({ZplPiece::Kind::format, format});
}

void TsplStream::forget_partial() {
    format_.clear();
    line_.clear();
    escape_.clear();
}

ZplLabel read_tspl_label(std::string_view format) {
    static constexpr std::array drawing = {"TEXT", "BLOCK", "BARCODE", "DMATRIX", "QRCODE", "BAR"};
    ZplLabel label;
    while (!format.empty()) {
        const auto end = std::min(format.find_first_of("\r\n"), format.size());
        const std::string line = upper_without_spaces(format.substr(0, end));
        format.remove_prefix(std::min(end + 1, format.size()));
        label.is_printing =
            label.is_printing || std::any_of(drawing.begin(), drawing.end(), [&](const char* word) {
                return line.starts_with(word);
            });
        if (line.starts_with("SETREPRINT")) label.reprint_after_error = line == "SETREPRINTON";
        if (!line.starts_with("PRINT")) continue;
        unsigned sets = 0;
        for (std::size_t at = 5; at < line.size() && line[at] >= '0' && line[at] <= '9'; ++at)
            sets = std::min(sets * 10 + static_cast<unsigned>(line[at] - '0'), quantity_max);
        label.quantity = std::max(sets, 1U);
    }
    return label;
}

}  // namespace lotgate::sim
