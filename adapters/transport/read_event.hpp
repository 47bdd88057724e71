#pragma once

// When reads make one event. A scanner may report each code by itself, all codes of one frame, or
// everything it sees while one object stands before it; and it may be told by the gateway that an
// object is there. No I/O, no clock: times are given.
//
//   object here -> [ window: read, read, ... ] -> one event of 0 to n codes
//
// A window opens with an object (a photo-eye edge, a carton the PLC announced) or, where nobody
// announces objects, with the first read. It ends when its time is over, when as many different
// codes have come as are expected, when the scanner itself says that it saw none, when the next
// object comes, or when the link is lost. An announced object without a read is a no-read.

#include "adapters/scan.hpp"
#include "store/model/settings.hpp"
#include "store/model/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lotgate::adapters {

struct ScannerProfile;

enum class Gather { each_code, frame, window };

struct ReadEventConfig {
    Gather gather = Gather::each_code;
    std::chrono::milliseconds window{500};  ///< 10 ms to 1 min
    /// So many different codes end a window early; 0 = it lasts its whole time.
    std::size_t codes_expected = 0;
    bool is_triggered = false;  ///< the gateway says when an object is there
    std::string trigger_on;     ///< what the scanner is sent then; empty = it sees for itself
    std::string trigger_off;    ///< and when the window ends
};

/// Keys reads ("each", "frame", "window"), read_window, codes_expected, triggered_by ("itself",
/// "gateway"), trigger_on, trigger_off.
[[nodiscard]] ReadEventConfig parse_read_event(SettingsTable& table, const ScannerProfile& profile);

/// "each code is a read", for Adapter::describe.
[[nodiscard]] std::string describe(const ReadEventConfig& config);

/// What was read of one object.
struct ReadEvent {
    std::vector<std::string> codes;  ///< different ones, in the order of reading
    std::string told;                ///< without codes: the scanner's own words, or empty
    Instant received;                ///< of the first read; of the end where there was none
    std::chrono::milliseconds age{0};
};

class ReadWindow {
public:
    explicit ReadWindow(ReadEventConfig config) : config_(std::move(config)) {}

    /// An object is there. The window before must have been taken.
    void open(std::chrono::nanoseconds now, bool is_announced);
    void add(ReadEvent read);

    [[nodiscard]] bool is_open() const { return is_open_; }

    /// Opened by an object that somebody announced, so that nothing read is a no-read.
    [[nodiscard]] bool is_announced() const { return is_announced_; }

    [[nodiscard]] bool has_codes() const { return !event_.codes.empty(); }

    /// As many different codes as are expected.
    [[nodiscard]] bool is_complete() const;
    [[nodiscard]] std::chrono::milliseconds left(std::chrono::nanoseconds now) const;
    /// Ends it. `at` is the time of an event without reads.
    [[nodiscard]] ReadEvent take(Instant at);

private:
    const ReadEventConfig config_;
    bool is_open_ = false;
    bool is_announced_ = false;
    bool has_read_ = false;
    std::chrono::nanoseconds ends_at_{0};
    ReadEvent event_;
};

}  // namespace lotgate::adapters
