#include "adapters/sim/zpl_stream.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace lotgate::sim {

namespace {

constexpr std::size_t sgd_bytes_max = 512;

char upper(char byte) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(byte)));
}

std::string upper(std::string_view text) {
    std::string all(text);
    for (char& byte : all) byte = upper(byte);
    return all;
}

bool is_line_end(char byte) {
    return byte == '\r' || byte == '\n';
}

std::optional<unsigned> number_after(std::string_view format, std::string_view command) {
    const std::size_t found = format.rfind(command);
    if (found == std::string_view::npos) return std::nullopt;
    std::optional<unsigned> number;
    for (const char byte : format.substr(found + command.size())) {
        if (byte < '0' || byte > '9') break;
        number =
            std::min(number.value_or(0) * 10 + static_cast<unsigned>(byte - '0'), quantity_max);
    }
    return number;
}

}  // namespace

void ZplStream::feed(char byte, const OnPiece& on_piece) {
    if (byte == '^' || byte == '~') {
        keep(command_);
        command_.assign(1, byte);
        is_skipping_line_ = false;
        return;
    }
    if (!command_.empty()) {
        grow_command(byte, on_piece);
        return;
    }
    plain(byte, on_piece);
}

void ZplStream::plain(char byte, const OnPiece& on_piece) {
    if (is_in_format_) {
        keep(std::string_view(&byte, 1));
        return;
    }
    if (is_skipping_line_) {
        is_skipping_line_ = !is_line_end(byte);
        return;
    }
    if (sgd_.empty() && byte != '!') return;
    if (!is_line_end(byte)) {
        if (sgd_.size() < sgd_bytes_max) sgd_.push_back(byte);
        return;
    }
    const std::string line = std::move(sgd_);
    sgd_.clear();
    on_piece({ZplPiece::Kind::sgd, line});
}

void ZplStream::grow_command(char byte, const OnPiece& on_piece) {
    command_.push_back(byte);
    if (command_.size() < 3) return;
    if (command_.front() == '^') {
        caret_command(on_piece);
        return;
    }
    // ~HQ has the two letters of its question as parameter, without a terminator of its own.
    const std::string name = upper(command_);
    if (name.starts_with("~HQ") && name.size() < 5) return;
    command_.clear();
    is_skipping_line_ = !is_in_format_;
    on_piece({ZplPiece::Kind::command, name});
}

void ZplStream::caret_command(const OnPiece& on_piece) {
    const std::string written = std::move(command_);
    const std::string name = upper(written);
    command_.clear();
    if (name == "^XA" && !is_in_format_) {
        is_in_format_ = true;
        sgd_.clear();
        keep(written);
    } else if (name == "^XZ" && is_in_format_) {
        keep(written);
        const std::string format = std::move(format_);
        forget_partial();
        on_piece({ZplPiece::Kind::format, format});
    } else {
        keep(written);
    }
}

void ZplStream::keep(std::string_view bytes) {
    if (!is_in_format_) return;
    if (format_.size() + bytes.size() > format_bytes_max) {
        ++overflows_;
        forget_partial();
        return;
    }
    format_.append(bytes);
}

void ZplStream::forget_partial() {
    format_.clear();
    command_.clear();
    sgd_.clear();
    is_in_format_ = false;
    is_skipping_line_ = false;
}

ZplLabel read_label(std::string_view format) {
    static constexpr std::array printing = {
        "^FD", "^FV", "^SN", "^SF", "^GB", "^GC", "^GD", "^GE", "^GF", "^GS", "^XG", "^IM"};
    const std::string text = upper(format);
    ZplLabel label;
    label.is_printing = std::any_of(printing.begin(), printing.end(), [&](const char* command) {
        return text.find(command) != std::string::npos;
    });
    label.quantity = std::max(number_after(text, "^PQ").value_or(1), 1U);
    label.length_dots = number_after(text, "^LL").value_or(0);
    const std::size_t reprint = text.rfind("^JZ");
    if (reprint != std::string::npos && reprint + 3 < text.size())
        label.reprint_after_error = text[reprint + 3] != 'N';
    return label;
}

}  // namespace lotgate::sim
