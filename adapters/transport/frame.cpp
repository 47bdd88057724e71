#include "adapters/transport/frame.hpp"

#include <algorithm>
#include <utility>

namespace lotgate::adapters {

namespace {

constexpr char stx = '\x02';
constexpr char etx = '\x03';
constexpr char gs = '\x1D';

bool is_line_end(char byte) {
    return byte == '\r' || byte == '\n';
}

int hex_digit(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
    return -1;
}

/// The byte of one escape, `at` moved behind it; -1 where it is none.
int escaped_byte(const std::string& text, std::size_t& at) {
    const char letter = at < text.size() ? text[at++] : '\0';
    switch (letter) {
        case 'r':
            return '\r';
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case '\\':
            return '\\';
        case 'x':
            break;
        default:
            return -1;
    }
    if (at + 2 > text.size()) return -1;
    const int high = hex_digit(text[at]);
    const int low = hex_digit(text[at + 1]);
    at += 2;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

}  // namespace

bool unescape(std::string& text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const char letter = text[at++];
        if (letter != '\\') {
            plain.push_back(letter);
            continue;
        }
        const int byte = escaped_byte(text, at);
        if (byte < 0) return false;
        plain.push_back(static_cast<char>(byte));
    }
    text = std::move(plain);
    return true;
}

FrameConfig parse_frame(SettingsTable& table, const std::string& usual) {
    using namespace std::chrono_literals;
    FrameConfig config;
    std::vector<std::string> words{"line", "stx_etx", "silence", "custom"};
    const auto first = std::find(words.begin(), words.end(), usual);
    if (first != words.end()) std::rotate(words.begin(), first, first + 1);
    const std::string framing = table.one_of("framing", words);
    if (framing == "stx_etx") {
        config.shape = FrameConfig::Shape::start_end;
        config.start = std::string(1, stx);
        config.end = std::string(1, etx);
    } else if (framing == "silence") {
        config.shape = FrameConfig::Shape::silence;
    } else if (framing == "custom") {
        config.start = table.text("frame_start", "");
        config.end = table.required_text("frame_end");
        if (!unescape(config.start)) {
            table.problem("frame_start", "an escape is not \\r, \\n, \\t, \\\\ or \\xHH");
        }
        if (!unescape(config.end)) {
            table.problem("frame_end", "an escape is not \\r, \\n, \\t, \\\\ or \\xHH");
        }
        if (config.end.find(gs) != std::string::npos) {
            table.problem("frame_end", "GS (1D) is part of GS1 codes and cannot end a frame");
        }
        if (!config.start.empty()) config.shape = FrameConfig::Shape::start_end;
    }
    config.frame_bytes_max = static_cast<std::size_t>(table.integer(
        "frame_bytes_max", static_cast<std::int64_t>(config.frame_bytes_max), {16, 65'536}));
    config.idle_gap = table.duration("idle_gap", config.idle_gap, {5ms, 10s});
    return config;
}

FrameCutter::FrameCutter(FrameConfig config) : config_(std::move(config)) {}

std::vector<std::string> FrameCutter::feed(std::string_view bytes) {
    std::vector<std::string> frames;
    for (const char byte : bytes) take(byte, frames);
    return frames;
}

void FrameCutter::take(char byte, std::vector<std::string>& frames) {
    if (state_ == State::outside && config_.shape == FrameConfig::Shape::start_end) {
        take_outside(byte);
    } else {
        take_inside(byte, frames);
    }
}

void FrameCutter::take_outside(char byte) {
    pending_.push_back(byte);
    while (!pending_.empty() && config_.start.compare(0, pending_.size(), pending_) != 0) {
        // CR LF after ETX is how many scanners end their frames: not noise.
        if (!is_line_end(pending_.front())) ++drops_.noise_bytes;
        pending_.erase(0, 1);
    }
    if (pending_.size() < config_.start.size()) return;
    pending_.clear();
    frame_.clear();
    state_ = State::inside;
}

bool FrameCutter::ends_with_start() const {
    return config_.shape == FrameConfig::Shape::start_end && frame_.ends_with(config_.start);
}

/// How many of the last bytes are an end; 0 = none.
std::size_t FrameCutter::end_size() const {
    if (config_.shape == FrameConfig::Shape::silence) return 0;
    if (config_.end.empty()) return is_line_end(frame_.back()) ? 1 : 0;
    return frame_.ends_with(config_.end) ? config_.end.size() : 0;
}

void FrameCutter::take_inside(char byte, std::vector<std::string>& frames) {
    frame_.push_back(byte);
    if (const std::size_t ending = end_size(); ending > 0) {
        frame_.resize(frame_.size() - ending);
        finish(frames);
    } else if (ends_with_start()) {
        if (state_ == State::inside) ++drops_.restarted;
        frame_.clear();
        state_ = State::inside;
    } else if (state_ == State::skipping || state_ == State::tail) {
        // Only as much as is needed to find an end or a start.
        if (frame_.size() > 64) frame_.erase(0, frame_.size() - 32);
    } else if (frame_.size() > config_.frame_bytes_max + config_.end.size()) {
        ++drops_.too_long;
        state_ = State::skipping;
        frame_.clear();
    }
}

void FrameCutter::finish(std::vector<std::string>& frames) {
    std::string frame = std::exchange(frame_, {});
    const State was = std::exchange(state_, State::outside);
    if (was == State::tail && !frame.empty()) ++drops_.headless;
    if (was == State::skipping || was == State::tail) return;
    if (frame.size() > config_.frame_bytes_max) {
        ++drops_.too_long;
        return;
    }
    // Between two line ends there is nothing, between a start and an end there is an empty read.
    if (frame.empty() && config_.shape == FrameConfig::Shape::line) return;
    frames.push_back(std::move(frame));
}

std::vector<std::string> FrameCutter::silent() {
    std::vector<std::string> frames;
    pending_.clear();
    if (!is_inside()) return frames;
    if (config_.shape == FrameConfig::Shape::silence) {
        finish(frames);
        return frames;
    }
    const bool is_fresh = state_ == State::outside || state_ == State::inside;
    if (is_fresh) ++drops_.unfinished;
    const bool may_have_tail = is_fresh && config_.shape == FrameConfig::Shape::line;
    if (state_ == State::tail && !frame_.empty()) ++drops_.headless;
    state_ = may_have_tail ? State::tail : State::outside;
    frame_.clear();
    return frames;
}

void FrameCutter::joined_midway() {
    if (config_.shape != FrameConfig::Shape::start_end) state_ = State::tail;
}

void FrameCutter::cut_off() {
    const bool is_fresh = state_ == State::outside || state_ == State::inside;
    if (is_fresh && is_inside()) ++drops_.cut_off;
    frame_.clear();
    pending_.clear();
    state_ = State::outside;
}

bool FrameCutter::is_inside() const {
    if (state_ != State::outside) return true;
    return config_.shape != FrameConfig::Shape::start_end && !frame_.empty();
}

}  // namespace lotgate::adapters
