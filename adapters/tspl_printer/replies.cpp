#include "adapters/tspl_printer/replies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <vector>

namespace lotgate::adapters {

namespace {

constexpr std::size_t bytes_max = 4096;
constexpr std::size_t label_bytes_max = 1024 * 1024;
constexpr std::size_t counter_digits_max = 18;
constexpr char stx = '\x02';
constexpr char etx = '\x03';
constexpr std::string_view counter_mark = "LOTGATE-LABELS ";
constexpr std::string_view keep_it_single = "SET REPRINT OFF\r\n";

/// The flags of a status byte (40 hex and some bits); nothing for another byte.
std::optional<unsigned> flags_of(char byte, unsigned known) {
    const auto value = static_cast<unsigned char>(byte);
    if ((value & 0xC0U) != 0x40U) return std::nullopt;
    const unsigned flags = value & 0x3FU;
    // A bit that is not known is an error all the same.
    return (flags & ~known) == 0 ? flags : flags | 0x80U;
}

bool set_state(char state, HostStatus& status) {
    static constexpr std::string_view working = "BCFPW";
    if (state == '@') return true;
    if (state == '`') {
        status.is_paused = true;
    } else if (state == 'E' || state == 'K') {
        status.has_other_error = true;
    } else if (state == 'L') {
        status.has_label_to_take = true;
    } else if (working.find(state) != std::string_view::npos) {
        status.is_working = true;
    } else {
        return false;
    }
    return true;
}

/// Words of a line's command, upper case: "SET", "PRINT", …
std::string first_word(std::string_view line) {
    const auto begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    line.remove_prefix(begin);
    std::string word;
    for (const char c : line) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (upper < 'A' || upper > 'Z') break;
        word += upper;
    }
    return word;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\r\n"), text.size());
        if (end > 0) lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string without_spaces(std::string_view line) {
    std::string text(line);
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    return text;
}

bool may_stand_in_label(const std::string& word) {
    // What draws, and what describes the label. Nothing that stores, runs, asks or counts.
    static constexpr std::array words{
        "SIZE",      "GAP",   "BLINE",   "OFFSET",   "SPEED",    "DENSITY", "DIRECTION",
        "REFERENCE", "SHIFT", "CLS",     "CODEPAGE", "SET",      "BAR",     "BARCODE",
        "BLOCK",     "BOX",   "CIRCLE",  "TEXT",     "DIAGONAL", "DMATRIX", "QRCODE",
        "ELLIPSE",   "ERASE", "REVERSE", "COUNTRY",  "PRINT"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string tspl_test_label(const std::string& text) {
    return "SIZE 50 mm,25 mm\r\nCLS\r\nTEXT 20,20,\"2\",0,1,1,\"" + text + "\"\r\nPRINT 1\r\n";
}

std::unique_ptr<PrinterDialogue> tspl_dialogue() {
    return std::make_unique<TsplReplies>();
}

}  // namespace

std::optional<HostStatus> tspl_status(std::string_view four_bytes) {
    constexpr unsigned unknown = 0x80;
    if (four_bytes.size() != 4) return std::nullopt;
    HostStatus status;
    const auto warnings = flags_of(four_bytes[1], 0x0F);
    const auto heat = flags_of(four_bytes[2], 0x1F);
    const auto media = flags_of(four_bytes[3], 0x2F);
    if (!set_state(four_bytes[0], status) || !warnings || !heat || !media) return std::nullopt;
    const auto has = [](unsigned flags, unsigned bit) { return (flags & bit) != 0; };
    status.is_paper_low = has(*warnings, 1);
    status.is_buffer_full = has(*warnings, 8);
    status.is_too_hot = has(*heat, 1) || has(*heat, 2);
    status.is_paper_out = has(*media, 1);
    status.is_ribbon_out = has(*media, 4);
    status.is_head_open = has(*media, 0x20);
    status.is_jammed = has(*heat, 8) || has(*media, 2) || has(*media, 8);
    const bool is_odd =
        has(*heat, 4) || has(*heat, 0x10) || has(*heat, unknown) || has(*media, unknown);
    status.has_other_error = status.has_other_error || is_odd;
    return status;
}

void TsplReplies::feed(std::string_view bytes) {
    bytes_ += bytes;
    if (bytes_.size() > bytes_max) bytes_.erase(0, bytes_.size() - bytes_max);
}

std::optional<HostStatus> TsplReplies::take_status() {
    for (auto at = bytes_.find(stx); at != std::string::npos; at = bytes_.find(stx, at + 1)) {
        if (at + 6 > bytes_.size()) return std::nullopt;
        if (bytes_[at + 5] != etx) continue;
        const auto status = tspl_status(std::string_view(bytes_).substr(at + 1, 4));
        if (!status) continue;
        bytes_.erase(at, 6);  // what stands before it may be another answer
        return status;
    }
    return std::nullopt;
}

std::optional<CounterAnswer> TsplReplies::take_counter() {
    const auto at = bytes_.find(counter_mark);
    if (at == std::string::npos) return std::nullopt;
    const auto from = at + counter_mark.size();
    const auto end = bytes_.find_first_of(std::string_view("\r\n\0", 3), from);
    if (end == std::string::npos) return std::nullopt;
    std::string_view digits = std::string_view(bytes_).substr(from, end - from);
    while (!digits.empty() && digits.front() == ' ') digits.remove_prefix(1);
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool is_number = error == std::errc() && stop == digits.data() + digits.size() &&
                           digits.size() <= counter_digits_max;
    bytes_.erase(0, end);
    return is_number ? CounterAnswer{value} : CounterAnswer{};
}

Result<std::string> one_tspl_label(const std::string& bytes) {
    if (bytes.size() > label_bytes_max)
        return fail(FaultCode::invalid_input, "a label of more than 1 MiB");
    const auto is_control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\r' && c != '\n') || byte == 0x7f;
    };
    if (std::any_of(bytes.begin(), bytes.end(), is_control))
        return fail(FaultCode::invalid_input, "a control byte has no place in a label");
    std::string label;
    std::size_t prints = 0;
    bool is_kept_single = false;
    for (const auto line : lines_of(bytes)) {
        const std::string word = first_word(line);
        if (!may_stand_in_label(word))
            return fail(FaultCode::invalid_input,
                        fmt::format("\"{}\" has no place in a label", word));
        if (prints > 0)
            return fail(FaultCode::invalid_input, "not one label: something follows its PRINT");
        const std::string packed = without_spaces(line);
        if (word == "SET") is_kept_single = is_kept_single || packed == "SETREPRINTOFF";
        if (word == "PRINT") {
            ++prints;
            if (packed != "PRINT1" && packed != "PRINT1,1")
                return fail(FaultCode::invalid_input, "not one label: it needs PRINT 1");
            if (!is_kept_single) label.insert(0, keep_it_single);
        }
        label += std::string(line) + "\r\n";
    }
    if (prints != 1)
        return fail(FaultCode::invalid_input, "not one label: it needs one PRINT 1 as its end");
    return label;
}

const PrinterLanguage& tspl_language() {
    static const PrinterLanguage language{
        "tspl",
        "TSPL",
        "\x1b!S",
        "",
        "OUT \"LOTGATE-LABELS \",@LABEL\r\n",
        "\x1b!O",
        "the printer does not answer: is it switched on, is it a TSPL printer, does its link carry "
        "answers?",
        true,
        one_tspl_label,
        tspl_test_label,
        tspl_dialogue};
    return language;
}

}  // namespace lotgate::adapters
