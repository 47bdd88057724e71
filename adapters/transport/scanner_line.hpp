#pragma once

// A scanner on a byte link, whatever the link is: bytes to codes, codes to the station in order,
// verdicts back to the scanner. Shared by the serial and the TCP scanner.
//
// What makes one event (a code, a frame, or all that is read of one object) is read_event.hpp's.
//
// Reading goes on while a verdict is awaited, up to ScannerConfig::waiting_max codes; then it
// stops, and the scanner is held back by its own link. Codes read before the link was lost are
// still decided; their answers go nowhere.

#include "adapters/scan.hpp"
#include "adapters/transport/code_reading.hpp"
#include "adapters/transport/flight_recorder.hpp"
#include "adapters/transport/frame.hpp"
#include "adapters/transport/loop_event.hpp"
#include "adapters/transport/read_event.hpp"
#include "adapters/transport/read_rate.hpp"
#include "adapters/transport/scan_feedback.hpp"
#include "adapters/transport/scan_policy.hpp"
#include "adapters/transport/scanner_profile.hpp"
#include "adapters/transport/supervision.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::adapters {

struct ScannerConfig {
    FrameConfig frame;
    ScanPolicyConfig policy;
    ReadEventConfig event;
    ScanFeedback feedback;
    std::shared_ptr<const CodeReading> reading;  ///< given to the station by the registry
    /// Without a byte for this long the link is taken for dead and opened again (1 s to 1 h; for
    /// scanners that send heartbeats). 0 = silence is no fault.
    std::chrono::milliseconds silent_max{0};
    std::size_t waiting_max = 16;  ///< 1 to 1000 codes read and not yet decided
    /// What comes this soon after a link came back may have been read while it was away: its age
    /// is that of the loss (0 to 1 min; 0 = the scanner keeps nothing, or dials for every read).
    std::chrono::milliseconds stale_window{250};
    /// Opening may fall into the middle of a frame (serial ports): what comes within 20 ms of it
    /// is dropped up to the next frame end.
    bool joins_midway = false;
};

/// Keys of parse_frame, parse_scan_policy, parse_read_event, parse_scan_feedback and
/// parse_code_reading, silent_max,
/// waiting_max, stale_window.
[[nodiscard]] ScannerConfig parse_scanner(SettingsTable& table, const ScannerProfile& profile);

/// "frames by stx_etx, ...", for Adapter::describe.
[[nodiscard]] std::string describe(const ScannerConfig& config);

class ScannerLine {
public:
    struct Parts {
        DeviceId device;
        ScannerConfig config;
        OpenStream open;
        OnScan on_scan;
        World world;
        Wait pause = {};  ///< between two attempts to open; empty = world.wait
    };

    explicit ScannerLine(Parts parts);

    /// Until stop() or cancelled. Never throws.
    [[nodiscard]] boost::asio::awaitable<void> run();
    /// Reading ends when what has been read is decided and answered.
    void stop();

    [[nodiscard]] const DeviceId& device() const { return parts_.device; }

    [[nodiscard]] const Health& health() const { return health_.health(); }

    [[nodiscard]] std::vector<Counter> counters() const;

    [[nodiscard]] const FlightRecorder& recorder() const { return recorder_; }

    /// The link is still to be made by the other side: said as health, not as a fault.
    void not_there_yet(std::string because);
    /// Gives the present link up, since there is a better one.
    void drop_link();

    /// Triggered::object_here.
    void object_here();

private:
    struct Waiting {
        Waiting(Scan scan_, std::uint64_t link_) : scan(std::move(scan_)), link(link_) {}

        Scan scan;
        std::uint64_t link;
    };

    struct Command {
        Command(std::string text_, std::uint64_t link_) : text(std::move(text_)), link(link_) {}

        std::string text;
        std::uint64_t link;
    };

    boost::asio::awaitable<void> supervised();
    boost::asio::awaitable<void> reading();
    boost::asio::awaitable<Fault> serve(std::shared_ptr<ByteStream> stream);
    boost::asio::awaitable<Fault> read_until_broken(std::shared_ptr<ByteStream> stream);
    boost::asio::awaitable<void> deciding();
    boost::asio::awaitable<void> decide(Waiting next);
    boost::asio::awaitable<void> say(Command command);

    // ---- scanner_line_reads.cpp: from frames to events
    boost::asio::awaitable<void> take(std::vector<std::string> frames);
    boost::asio::awaitable<void> take_reads(ScanReads reads, std::string frame);
    boost::asio::awaitable<void> wait_for_room();
    boost::asio::awaitable<void> watching_window();
    boost::asio::awaitable<void> commanding();
    void collect(ReadEvent read);
    void finish_window();
    void command(const std::string& text);
    void emit(ReadEvent event);
    [[nodiscard]] ReadEvent read_of(std::vector<std::string> codes, const std::string& frame) const;

    [[nodiscard]] std::chrono::milliseconds read_limit() const;
    [[nodiscard]] std::chrono::nanoseconds now() const;
    [[nodiscard]] std::chrono::milliseconds age_now() const;
    void judge_line_quality();
    void judge_read_rate();
    void opened(const std::shared_ptr<ByteStream>& stream);
    void ended(const Fault& fault);

    const Parts parts_;
    FrameCutter cutter_;
    ScanPolicy policy_;
    HealthKeeper health_;
    Backoff backoff_;
    FlightRecorder recorder_;

    ReadWindow window_;
    std::deque<Waiting> waiting_;
    std::deque<Command> commands_;
    std::optional<LoopEvent> arrived_;  ///< a code, or the end of reading
    std::optional<LoopEvent> room_;     ///< a code was taken for decision
    std::optional<LoopEvent> stopped_;
    std::optional<LoopEvent> window_changed_;
    std::optional<LoopEvent> commanded_;
    std::optional<LoopEvent> can_write_;
    bool is_stopping_ = false;
    bool is_deciding_ = false;
    bool is_writing_ = false;
    bool is_reading_over_ = false;

    std::shared_ptr<ByteStream> link_;  ///< null while there is none
    std::uint64_t link_number_ = 0;
    std::chrono::nanoseconds opened_at_{0};
    std::chrono::nanoseconds heard_at_{0};
    std::optional<std::chrono::nanoseconds> lost_at_;
    std::chrono::nanoseconds read_at_{0};  ///< the bytes in hand
    std::chrono::nanoseconds waited_{0};   ///< how long they may have waited for us before
    bool is_joining_ = false;              ///< opened just now, nothing read yet
    std::optional<Fault> write_fault_;     ///< why the link is being given up

    std::optional<std::chrono::nanoseconds> last_read_at_;

    ReadRate read_rate_;
    ScanRate scan_rate_;
    bool is_reading_badly_ = false;
    std::uint64_t scans_ = 0;
    std::uint64_t no_reads_ = 0;
    std::uint64_t heartbeats_ = 0;
    std::uint64_t bytes_in_ = 0;
    std::uint64_t held_back_times_ = 0;
    std::uint64_t answers_failed_ = 0;
    std::uint64_t losses_ = 0;
    std::uint64_t device_faults_ = 0;
    std::uint64_t objects_ = 0;
    std::uint64_t objects_refused_ = 0;
    std::uint64_t drops_at_last_good_ = 0;
};

}  // namespace lotgate::adapters
