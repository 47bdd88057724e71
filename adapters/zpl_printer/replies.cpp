#include "adapters/zpl_printer/replies.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <vector>

namespace lotgate::adapters {

namespace {

constexpr std::size_t bytes_max = 4096;
constexpr char stx = '\x02';
constexpr char etx = '\x03';

constexpr std::size_t first_line_fields = 12;
constexpr std::size_t second_line_fields = 11;

using Fields = std::vector<std::string_view>;

Fields fields_of(std::string_view line) {
    Fields fields;
    for (;;) {
        const auto comma = line.find(',');
        fields.push_back(line.substr(0, comma));
        if (comma == std::string_view::npos) return fields;
        line.remove_prefix(comma + 1);
    }
}

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<bool> flag_in(std::string_view text) {
    const auto value = number_in(text);
    if (!value || *value > 1) return std::nullopt;
    return *value == 1;
}

/// All or nothing: a flag that is neither 0 nor 1 makes the whole line unreadable.
bool read_flags(const Fields& fields, std::initializer_list<std::pair<std::size_t, bool*>> flags) {
    for (const auto& [at, flag] : flags) {
        const auto value = flag_in(fields[at]);
        if (!value) return false;
        *flag = *value;
    }
    return true;
}

bool read_first(const Fields& fields, HostStatus& status) {
    const auto formats = number_in(fields[4]);
    if (!formats) return false;
    status.formats_waiting = static_cast<unsigned>(std::min<std::uint64_t>(*formats, 999));
    return read_flags(fields,
                      {{1, &status.is_paper_out},
                       {2, &status.is_paused},
                       {5, &status.is_buffer_full},
                       {6, &status.is_in_diagnostics},
                       {7, &status.has_partial_format},
                       {9, &status.has_corrupt_ram},
                       {10, &status.is_too_cold},
                       {11, &status.is_too_hot}});
}

bool read_second(const Fields& fields, HostStatus& status) {
    const auto left = number_in(fields[8]);
    if (!left) return false;
    status.labels_left = *left;
    return read_flags(
        fields,
        {{2, &status.is_head_open}, {3, &status.is_ribbon_out}, {7, &status.has_label_to_take}});
}

std::string_view trimmed(std::string_view line) {
    const auto is_frame = [](char c) { return c == stx || c == etx || c == '\r' || c == ' '; };
    while (!line.empty() && is_frame(line.front())) line.remove_prefix(1);
    while (!line.empty() && is_frame(line.back())) line.remove_suffix(1);
    return line;
}

/// Words of the errors line after its label: flag, high, low.
std::optional<std::uint32_t> low_word_after(std::string_view text, std::string_view label) {
    const auto at = text.find(label);
    if (at == std::string_view::npos) return std::nullopt;
    text = text.substr(at + label.size());
    std::array<std::string_view, 3> words;
    for (auto& word : words) {
        const auto begin = text.find_first_not_of(' ');
        if (begin == std::string_view::npos) return std::nullopt;
        const auto end = std::min(text.find_first_of(" \r\n\x03", begin), text.size());
        word = text.substr(begin, end - begin);
        text.remove_prefix(end);
    }
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(words[2].data(), words[2].data() + words[2].size(), value, 16);
    if (error != std::errc() || end != words[2].data() + words[2].size()) return std::nullopt;
    // The flag and the bits must agree: a set flag without a known bit is an error all the same.
    if (words[0] == "1" && value == 0) return 0x80000000U;
    return value;
}

HostStatus status_of_errors(std::uint32_t errors) {
    constexpr std::uint32_t media = 1;
    constexpr std::uint32_t ribbon = 2;
    constexpr std::uint32_t head = 4;
    constexpr std::uint32_t hot = 0x10;
    constexpr std::uint32_t paused = 0x10000;
    HostStatus status;
    status.tells_buffer = false;
    status.is_paper_out = (errors & media) != 0;
    status.is_ribbon_out = (errors & ribbon) != 0;
    status.is_head_open = (errors & head) != 0;
    status.is_too_hot = (errors & hot) != 0;
    status.is_paused = (errors & paused) != 0;
    status.has_other_error = (errors & ~(media | ribbon | head | hot | paused)) != 0;
    return status;
}

std::string upper(const std::string& text) {
    std::string upper = text;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return upper;
}

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

void PrinterReplies::feed(std::string_view bytes) {
    bytes_ += bytes;
    bound();
}

void PrinterReplies::bound() {
    if (bytes_.size() <= bytes_max) return;
    unread_bytes_ += bytes_.size() - bytes_max;
    bytes_.erase(0, bytes_.size() - bytes_max);
}

void PrinterReplies::forget() {
    unread_bytes_ += bytes_.size();
    bytes_.clear();
}

// The third string (password, memory) tells nothing that matters here; where it comes later it is
// passed over by the next question.
std::optional<HostStatus> PrinterReplies::take_host_status() {
    std::optional<HostStatus> half;
    for (std::size_t from = 0;;) {
        const auto end = bytes_.find_first_of("\n\x03", from);
        if (end == std::string::npos) return std::nullopt;
        const auto line = trimmed(std::string_view(bytes_).substr(from, end - from));
        from = end + 1;
        const auto fields = fields_of(line);
        HostStatus status = half.value_or(HostStatus{});
        if (fields.size() >= second_line_fields && half && read_second(fields, status)) {
            bytes_.erase(0, from);
            return status;
        }
        if (line.empty()) continue;
        half.reset();
        if (fields.size() == first_line_fields && read_first(fields, status = HostStatus{}))
            half = status;
    }
}

std::optional<HostStatus> PrinterReplies::take_error_status() {
    const auto warnings = bytes_.find("WARNINGS:");
    if (warnings == std::string::npos) return std::nullopt;
    const auto end = bytes_.find(etx, warnings);
    if (end == std::string::npos) return std::nullopt;
    const auto errors = low_word_after(std::string_view(bytes_).substr(0, warnings), "ERRORS:");
    bytes_.erase(0, end + 1);
    if (!errors) return std::nullopt;
    return status_of_errors(*errors);
}

std::optional<std::string> PrinterReplies::take_value() {
    const auto begin = bytes_.find('"');
    if (begin == std::string::npos) return std::nullopt;
    const auto end = bytes_.find('"', begin + 1);
    if (end == std::string::npos) return std::nullopt;
    std::string value = bytes_.substr(begin + 1, end - begin - 1);
    bytes_.erase(0, end + 1);
    return value;
}

std::optional<std::uint64_t> counter_in(std::string_view value) {
    return number_in(value);
}

Result<std::string> one_label(const std::string& bytes) {
    constexpr std::size_t label_bytes_max = 1024 * 1024;
    const auto text = upper(bytes);
    const auto start = text.find("^XA");
    const auto end = text.find("^XZ");
    const bool is_one = count_of(text, "^XA") == 1 && count_of(text, "^XZ") == 1 && start < end;
    if (!is_one) return fail(FaultCode::invalid_input, "not one label: it needs one ^XA … ^XZ");
    if (bytes.find('~') != std::string::npos)
        return fail(FaultCode::invalid_input, "an immediate command (~) has no place in a label");
    if (bytes.size() > label_bytes_max)
        return fail(FaultCode::invalid_input, "a label of more than 1 MiB");
    std::string label = bytes.substr(start, end + 3 - start);
    if (text.find("^PQ") == std::string::npos) label.insert(label.size() - 3, "^PQ1");
    if (text.find("^JZ") == std::string::npos) label.insert(3, "^JZN");
    return label;
}

namespace {

class ZplDialogue final : public PrinterDialogue {
public:
    void feed(std::string_view bytes) override { replies_.feed(bytes); }

    std::optional<HostStatus> take_status() override { return replies_.take_host_status(); }

    std::optional<HostStatus> take_errors() override { return replies_.take_error_status(); }

    std::optional<CounterAnswer> take_counter() override {
        const auto value = replies_.take_value();
        if (!value) return std::nullopt;
        return CounterAnswer{counter_in(*value)};
    }

private:
    PrinterReplies replies_;
};

std::string zpl_test_label(const std::string& text) {
    return "^XA^JZN^CI28^FO30,30^A0N,30,30^FD" + text + "^FS^PQ1^XZ";
}

std::unique_ptr<PrinterDialogue> zpl_dialogue() {
    return std::make_unique<ZplDialogue>();
}

}  // namespace

// The line end separates a question from one in the other language (! U1 …) that may follow.
const PrinterLanguage& zpl_language() {
    static const PrinterLanguage language{
        "zpl",
        "ZPL",
        "~HS\r\n",
        "~HQES\r\n",
        "! U1 getvar \"odometer.total_label_count\"\r\n",
        "~PS\r\n",
        "the printer does not answer: is it out of labels or ribbon, is its head open, is it a ZPL "
        "printer?",
        false,
        one_label,
        zpl_test_label,
        zpl_dialogue};
    return language;
}

}  // namespace lotgate::adapters
