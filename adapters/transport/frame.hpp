#pragma once

// Cuts codes out of a stream of bytes. No I/O, no clock: the caller says when the line has been
// silent. Every byte is hostile; what cannot be part of a frame is dropped and counted by cause.
//
//   framed by start and end     start frame end [CR LF]      a new start drops the unfinished frame
//   framed by end only          frame end                    CR, LF and CR LF count as one end
//   framed by silence           frame <idle gap>
//
// GS (1D) is never a separator: GS1 element strings carry it between their elements. NUL and all
// other bytes inside a frame are kept; the decoder judges them.

#include "store/model/settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

struct FrameConfig {
    enum class Shape { line, start_end, silence };

    Shape shape = Shape::line;
    std::string start;  ///< with start_end only; "\x02"
    std::string end;    ///< with start_end: "\x03"; with line: empty = CR, LF or CR LF
    std::size_t frame_bytes_max = 4096;       ///< 16 to 65536; longer frames are dropped
    std::chrono::milliseconds idle_gap{200};  ///< an unfinished frame this old is dropped
};

/// Keys framing ("line", "stx_etx", "silence" or "custom" with frame_start and frame_end),
/// frame_bytes_max, idle_gap. `usual` is the framing where none is written.
[[nodiscard]] FrameConfig parse_frame(SettingsTable& table, const std::string& usual = "line");

/// "\x02", "\r", "\n", "\t", "\\" in configuration texts become the bytes; false if not
/// well-formed.
[[nodiscard]] bool unescape(std::string& text);

struct FrameDrops {
    std::uint64_t too_long = 0;     ///< frames over frame_bytes_max
    std::uint64_t unfinished = 0;   ///< the line fell silent inside a frame
    std::uint64_t headless = 0;     ///< the tail of a frame whose beginning is not known
    std::uint64_t restarted = 0;    ///< a second start inside a frame
    std::uint64_t cut_off = 0;      ///< the link went away inside a frame
    std::uint64_t noise_bytes = 0;  ///< bytes outside of any frame

    [[nodiscard]] std::uint64_t frames() const {
        return too_long + unfinished + headless + restarted + cut_off;
    }
};

class FrameCutter {
public:
    explicit FrameCutter(FrameConfig config);

    /// The frames that end in these bytes, without their framing; empty frames too, where the
    /// framing can tell them (start and end).
    [[nodiscard]] std::vector<std::string> feed(std::string_view bytes);
    /// The line was silent for idle_gap: the frame framed by silence, or nothing and a drop. What
    /// comes then is taken for the tail of the dropped frame, up to its end or to another silence.
    [[nodiscard]] std::vector<std::string> silent();
    /// The stream was joined at any point: what comes before the next end, or before silence, may
    /// be the tail of a frame and is dropped. (A frame found by its start needs none of this.)
    void joined_midway();
    /// The link is gone: what was unfinished is dropped.
    void cut_off();

    /// Whether silence matters now.
    [[nodiscard]] bool is_inside() const;

    [[nodiscard]] std::size_t unfinished_bytes() const { return frame_.size(); }

    [[nodiscard]] const FrameDrops& drops() const { return drops_; }

    [[nodiscard]] const FrameConfig& config() const { return config_; }

private:
    enum class State { outside, inside, skipping, tail };

    void take(char byte, std::vector<std::string>& frames);
    void take_outside(char byte);
    void take_inside(char byte, std::vector<std::string>& frames);
    void finish(std::vector<std::string>& frames);
    [[nodiscard]] bool ends_with_start() const;
    [[nodiscard]] std::size_t end_size() const;

    const FrameConfig config_;
    State state_ = State::outside;
    std::string frame_;    ///< inside: what came; skipping, tail: the last bytes, to find an end
    std::string pending_;  ///< outside: the part of `start` seen so far
    FrameDrops drops_;
};

}  // namespace lotgate::adapters
