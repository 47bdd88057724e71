#include "adapters/transport/dmcc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lotgate::adapters {

namespace {

constexpr int self_initiated_read = 1;

std::string told_of(int status) {
    switch (status) {
        case 101:
            return "it does not know the command";
        case 102:
            return "it refuses a parameter of the command";
        case 103:
            return "the checksum of the command was wrong";
        case 104:
            return "it refuses the command in its present state";
        case 105:
            return "it is not available (another host, or set-up mode)";
        default:
            return fmt::format("it reports error {}", status);
    }
}

bool has_good_check_byte(std::string_view frame) {
    unsigned check = 0;
    for (const char byte : frame.substr(0, frame.size() - 1)) {
        check ^= static_cast<unsigned char>(byte);
    }
    return check == static_cast<unsigned char>(frame.back());
}

std::optional<unsigned> value_of(char letter) {
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t at = letters.find(letter);
    return at == std::string_view::npos ? std::nullopt
                                        : std::optional<unsigned>(static_cast<unsigned>(at));
}

bool is_option(std::string_view text) {
    return text.find_first_not_of("0123456789:") == std::string_view::npos;
}

}  // namespace

std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes;
    unsigned held = 0;
    unsigned bits = 0;
    std::size_t letters = 0;
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    for (const char letter : text) {
        if (letter == '\r' || letter == '\n') continue;
        const auto value = value_of(letter);
        if (!value) return std::nullopt;
        ++letters;
        held = (held << 6U | *value) & 0xFFFFU;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<char>(static_cast<unsigned char>(held >> bits & 0xFFU)));
    }
    // One letter alone carries no byte.
    if (letters % 4 == 1) return std::nullopt;
    return bytes;
}

std::optional<DmccAnswer> read_dmcc(std::string_view frame) {
    if (!frame.starts_with("||")) return std::nullopt;
    const std::size_t open = frame.find('[');
    const std::size_t close = frame.find(']');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
        !is_option(frame.substr(2, open - 2))) {
        return std::nullopt;
    }
    DmccAnswer answer;
    const std::string_view number = frame.substr(open + 1, close - open - 1);
    const char* const end = number.data() + number.size();
    const auto [stopped, error] = std::from_chars(number.data(), end, answer.status);
    if (error != std::errc{} || stopped != end) return std::nullopt;
    std::string_view data = frame.substr(close + 1);
    if (frame.substr(2).starts_with('1')) {
        if (data.empty() || !has_good_check_byte(frame)) {
            answer.fault = "an answer came with a wrong checksum: noise on the line?";
            return answer;
        }
        data.remove_suffix(1);
    }
    if (answer.status != 0 && answer.status != self_initiated_read) {
        answer.fault = told_of(answer.status);
    }
    if (answer.status != self_initiated_read) return answer;
    auto read = from_base64(data);
    answer.is_read = read.has_value();
    if (read) answer.data = std::move(*read);
    if (!read) answer.fault = "a read in extended response mode is not base64";
    return answer;
}

}  // namespace lotgate::adapters
