#pragma once

// A label printer, whatever its language, on TCP, a serial line or USB: supervised, one label in
// flight (or a window of a few), each followed until the printer has proved what became of it.
// What the states mean: adapters/zpl_printer/README.md.

#include "adapters/adapter.hpp"
#include "adapters/label_printer/label_follower.hpp"
#include "adapters/label_printer/printer_language.hpp"
#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/health_keeper.hpp"
#include "adapters/transport/loop_event.hpp"
#include "adapters/transport/supervision.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lotgate::adapters {

struct LabelPrinterConfig {
    std::variant<TcpConfig, SerialConfig, CharDeviceConfig> line;
    std::size_t queue_max = 500;                     ///< 1 to 100000 labels
    std::size_t window = 1;                          ///< 1 to 16 labels sent together
    std::chrono::milliseconds answer_within{2'000};  ///< 100 ms to 1 min, for status and counters
    std::chrono::milliseconds write_within{10'000};  ///< 1 s to 2 min, for one label
    std::chrono::milliseconds look_every{5'000};     ///< 1 s to 5 min, with nothing to print
    bool has_counter = true;  ///< ask for the label counter; models without are noticed
    FollowTimes follow;
    FailOverPolicy fail_over;
};

class LabelPrinter : public Printer {
public:
    /// Everything but id, kind and at. Opens nothing; records all problems.
    [[nodiscard]] static LabelPrinterConfig parse(SettingsTable& table);

    boost::asio::awaitable<void> run() override;
    void stop() override;

    [[nodiscard]] const DeviceId& id() const override { return is_.id; }

    [[nodiscard]] Health health() const override { return health_.health(); }

    [[nodiscard]] std::vector<Counter> counters() const override;
    [[nodiscard]] std::string describe() const override;

    /// Fault also for bytes that are not one label (invalid_input), or after stop() (closed).
    [[nodiscard]] Result<> enqueue(PrintOrder order) override;
    [[nodiscard]] std::size_t waiting() const override;
    [[nodiscard]] std::vector<QueuedLabel> queue() const override;
    [[nodiscard]] std::optional<PrintOrder> withdraw(std::int64_t effect_id) override;
    void resume() override;

    [[nodiscard]] std::string_view language() const override { return is_.language.name; }

    [[nodiscard]] std::string test_label(const std::string& text) const override;

    [[nodiscard]] const FailOverPolicy& fail_over() const override { return config_.fail_over; }

protected:
    struct Identity {
        DeviceId id;
        const PrinterLanguage& language;
    };

    LabelPrinter(Identity is, const LabelPrinterConfig& config, OnPrint on_print, World world);
    /// With a line of one's own (tests).
    LabelPrinter(
        Identity is, LabelPrinterConfig config, OnPrint on_print, World world, OpenStream open);

private:
    static constexpr std::size_t read_bytes_max = 1024;

    /// One opened line and how far question and answer are in step on it.
    struct Talk {
        Talk(std::shared_ptr<ByteStream> line_, std::unique_ptr<PrinterDialogue> replies_)
            : line(std::move(line_)), replies(std::move(replies_)) {}

        std::shared_ptr<ByteStream> line;
        std::unique_ptr<PrinterDialogue> replies;
        std::uint64_t asked = 0;          ///< for its status
        std::uint64_t answered = 0;       ///< at most asked; less after a silence
        std::optional<HostStatus> fresh;  ///< got just now, nothing sent since
        bool has_counter = true;
        bool is_counter_known = false;
    };

    /// What is asked of a printer's counter before and after.
    struct Followed {
        std::optional<std::uint64_t> before;
        std::uint64_t asked_before = 0;
    };

    struct Counts {
        std::uint64_t printed = 0;
        std::uint64_t printed_by_counter = 0;
        std::uint64_t failed = 0;
        std::uint64_t too_old = 0;
        std::uint64_t in_doubt = 0;
        std::uint64_t withdrawn = 0;
        std::uint64_t silences = 0;
        std::uint64_t links = 0;
        std::uint64_t refused = 0;  ///< queue full, or not a label
    };

    using MaybeStatus = Result<std::optional<HostStatus>>;
    using MaybeCounter = Result<std::optional<std::uint64_t>>;
    using Tick = LabelFollower::Tick;

    [[nodiscard]] Tick now() const;

    boost::asio::awaitable<Fault> serve(std::shared_ptr<ByteStream> line);
    boost::asio::awaitable<Result<>> rest(Talk& talk, bool can_print);
    [[nodiscard]] std::chrono::milliseconds pause_before_look(const Talk& talk, bool can_print);
    boost::asio::awaitable<Result<>> unpause(Talk& talk);
    boost::asio::awaitable<Result<>> print(Talk& talk);
    boost::asio::awaitable<bool> record_sent();
    boost::asio::awaitable<Result<>> send(Talk& talk, std::optional<std::uint64_t> before);
    void put_back();
    boost::asio::awaitable<Result<LabelFollower::Verdict>> follow(Talk& talk, Followed from);
    boost::asio::awaitable<void> conclude(LabelFollower::Verdict verdict);
    boost::asio::awaitable<void> watch_age();
    /// Until it is recorded, however long the store takes.
    boost::asio::awaitable<void> report(PrintReport report);

    // ---- questions.cpp
    boost::asio::awaitable<MaybeStatus> ask_status(Talk& talk);
    boost::asio::awaitable<MaybeStatus> ask_errors(Talk& talk);
    boost::asio::awaitable<MaybeCounter> ask_counter(Talk& talk);
    boost::asio::awaitable<Result<bool>> listen(Talk& talk, LabelFollower::Tick until);

    void show(const HostStatus& status);
    [[nodiscard]] std::string labels_wait() const;

    const Identity is_;
    const LabelPrinterConfig config_;
    const OnPrint on_print_;
    const World world_;
    const OpenStream open_;
    HealthKeeper health_;
    Backoff backoff_;
    std::deque<PrintOrder> orders_;
    std::vector<PrintOrder> in_flight_;    ///< at most the window
    std::unique_ptr<LoopEvent> has_work_;  ///< from run() on
    std::unique_ptr<LoopEvent> stopped_;
    bool is_stopping_ = false;
    bool wants_resume_ = false;
    bool has_counter_moved_ = false;  ///< since the start
    unsigned looks_in_vain_ = 0;      ///< at a printer that a person has to mend
    Counts counts_;
};

}  // namespace lotgate::adapters
