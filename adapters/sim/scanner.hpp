#pragma once

// A scanner as the daemon sees it from the other end: it emits codes and is told a verdict.
//
// Line scanners (pty, TCP) have no identity in their answers: the answer line that comes next
// belongs to the oldest scan that still waits. A scan that waited its time is given up and no
// longer takes part, so an answer later than the wait is counted as "answers_unasked".

#include "adapters/sim/device.hpp"
#include "adapters/sim/loop.hpp"
#include "adapters/sim/nasty_line.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace lotgate::sim {

/// What goes with a code besides its bytes; only the MQTT scanner sends it.
struct ScanExtras {
    std::string message_id;  ///< empty: the scanner makes one
    std::string step;
    std::string badge;
};

struct ScanOutcome {
    bool is_delivered = false;          ///< somebody was connected to take the bytes
    std::optional<std::string> answer;  ///< nothing: not answered within the wait
    SteadyClock::time_point sent_at;
    Duration took{0};  ///< scan bytes out to answer bytes in
};

using OnOutcome = std::function<void(const ScanOutcome&)>;

/// Bytes on the line, cut into `chunks` (0: one for each byte) with a gap between them.
struct RawBytes {
    std::string bytes;
    std::size_t chunks = 1;
    Duration gap{0};
};

struct ScannerCounts {
    std::uint64_t scans_sent = 0;
    std::uint64_t scans_undelivered = 0;  ///< nobody was connected
    std::uint64_t scans_unanswered = 0;   ///< given up after the wait
    std::uint64_t answers_unasked = 0;    ///< no scan was waiting
    std::map<std::string, std::uint64_t> answers;
    std::uint64_t connects = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t bytes_in = 0;

    void answered(const std::string& text);
    void add_to(json::object& report) const;
};

class Scanner : public Device {
public:
    using Device::Device;

    /// Emits one code. `done` is called exactly once, from the loop, never from inside scan().
    virtual void scan(const std::string& data,
                      const ScanExtras& extras,
                      Duration wait,
                      OnOutcome done) = 0;
    /// The no-read the scanner reports; false where it stays silent instead.
    virtual bool report_no_read() = 0;
    /// False where nobody is connected or the device has no byte line.
    virtual bool send_raw(RawBytes raw, Job done) = 0;

    [[nodiscard]] virtual bool is_connected() const = 0;
};

struct Framing {
    std::string prefix;
    std::string suffix = "\r";
    std::string no_read;  ///< empty: a no-read is silence
    /// The line on which it looks ("LON"), and sends what it was aimed at; empty: it is not
    /// triggered. The line that ends it is counted alone.
    std::string trigger_on;
    std::string trigger_off;
};

/// The common part of the scanners that speak in bytes.
class LineScanner : public Scanner {
public:
    LineScanner(Loop& loop, std::string id, Framing framing);

    void scan(const std::string& data,
              const ScanExtras& extras,
              Duration wait,
              OnOutcome done) override;
    bool report_no_read() override;
    bool send_raw(RawBytes raw, Job done) override;

    /// What it sees at its next trigger; nothing = no code, which it says as a no-read.
    void aim(std::optional<std::string> data);

    /// See nasty_line.hpp; "split" spreads the bytes over "gap_ms".
    Result<> set_quirk(Fields& request) { return nasty_.set(request); }

    [[nodiscard]] json::object report() const override;

protected:
    /// The daemon's end is there: from now on its bytes are answers.
    void connected(StreamPtr stream);
    void disconnect();
    /// The daemon ended the link.
    virtual void lost() = 0;
    /// Where it is, for the report.
    virtual void describe(json::object& report) const = 0;

    [[nodiscard]] bool is_connected() const override;

    [[nodiscard]] Loop& loop() { return loop_; }

private:
    struct Waiting;
    struct Trickle;

    void heard(std::string_view bytes);
    void heard_line(const std::string& line);
    void looked();
    void emit(const std::string& data);
    void settle(std::shared_ptr<Waiting> waiting, std::optional<std::string> answer);
    void trickle(std::shared_ptr<Trickle> raw);

    Loop& loop_;
    const Framing framing_;
    StreamPtr stream_;
    std::string partial_line_;
    std::deque<std::shared_ptr<Waiting>> waiting_;
    ScannerCounts counts_;
    NastyLine nasty_;
    std::shared_ptr<Trickle> trickling_;
    std::deque<std::optional<std::string>> aimed_;
    std::uint64_t triggers_on_ = 0;
    std::uint64_t triggers_off_ = 0;
};

/// A serial scanner: both ends of a pty pair, raw, with a link to the slave that the daemon opens.
class PtyScanner final : public LineScanner {
public:
    PtyScanner(Loop& loop, std::string id, Framing framing, std::string link);
    PtyScanner(const PtyScanner&) = delete;
    PtyScanner& operator=(const PtyScanner&) = delete;
    ~PtyScanner() override;

    [[nodiscard]] std::string_view kind() const override { return "scanner_pty"; }

    Result<> open() override;
    void unplug() override;
    Result<> replug(const std::string& link) override;

private:
    void lost() override;
    void describe(json::object& report) const override;
    void share_again();

    std::string link_;
    std::string slave_path_;
    int slave_ = -1;
    Timer sharing_;
};

/// A TCP scanner that listens: the daemon dials it.
class TcpListenScanner final : public LineScanner {
public:
    TcpListenScanner(Loop& loop, std::string id, Framing framing, std::uint16_t port);

    [[nodiscard]] std::string_view kind() const override { return "scanner_tcp_listen"; }

    [[nodiscard]] std::uint16_t listens_on() const override { return port_; }

    Result<> open() override;
    void unplug() override;

private:
    void lost() override;
    void describe(json::object& report) const override;

    std::uint16_t port_;
    ListenerPtr listener_;
};

/// A TCP scanner that dials the daemon, and dials again 200 ms after it lost it.
class TcpDialScanner final : public LineScanner {
public:
    struct Target {
        std::string host;
        std::uint16_t port = 0;
    };

    TcpDialScanner(Loop& loop, std::string id, Framing framing, Target target);

    [[nodiscard]] std::string_view kind() const override { return "scanner_tcp_dial"; }

    Result<> open() override;
    void unplug() override;

private:
    void lost() override;
    void describe(json::object& report) const override;
    void dial();

    const Target target_;
    std::unique_ptr<Dial> dial_;
    Timer again_;
};

}  // namespace lotgate::sim
