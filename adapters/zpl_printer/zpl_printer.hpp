#pragma once

// A label printer that speaks ZPL, on TCP port 9100 or a serial line. What its states mean and
// how a label is proved to be printed: README.md beside this file.

#include "adapters/adapter.hpp"
#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/health_keeper.hpp"
#include "adapters/transport/loop_event.hpp"
#include "adapters/transport/supervision.hpp"
#include "adapters/zpl_printer/label_follower.hpp"
#include "adapters/zpl_printer/replies.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lotgate::adapters {

struct ZplPrinterConfig {
    std::variant<TcpConfig, SerialConfig> line;
    std::size_t queue_max = 500;                     ///< 1 to 100000 labels
    std::chrono::milliseconds answer_within{2'000};  ///< 100 ms to 1 min, for ~HS and counters
    std::chrono::milliseconds write_within{10'000};  ///< 1 s to 2 min, for one label
    std::chrono::milliseconds look_every{5'000};     ///< 1 s to 5 min, with nothing to print
    bool has_counter = true;  ///< ask for odometer.total_label_count; models without are noticed
    FollowTimes follow;
};

class ZplPrinter final : public Printer {
public:
    static constexpr std::string_view kind_name = "zpl_printer";

    /// Everything but id, kind and at. Opens nothing; records all problems.
    [[nodiscard]] static ZplPrinterConfig parse(SettingsTable& table);

    ZplPrinter(DeviceId id, ZplPrinterConfig config, OnPrint on_print, World world);
    /// With a line of one's own (tests).
    ZplPrinter(
        DeviceId id, ZplPrinterConfig config, OnPrint on_print, World world, OpenStream open);

    boost::asio::awaitable<void> run() override;
    void stop() override;

    [[nodiscard]] const DeviceId& id() const override { return id_; }

    [[nodiscard]] std::string_view kind() const override { return kind_name; }

    [[nodiscard]] Health health() const override { return health_.health(); }

    [[nodiscard]] std::vector<Counter> counters() const override;
    [[nodiscard]] std::string describe() const override;

    /// Fault also for bytes that are not one label (invalid_input), or after stop() (closed).
    [[nodiscard]] Result<> enqueue(PrintOrder order) override;
    [[nodiscard]] std::size_t waiting() const override;

private:
    /// One opened line and how far question and answer are in step on it.
    struct Talk {
        explicit Talk(std::shared_ptr<ByteStream> line_) : line(std::move(line_)) {}

        std::shared_ptr<ByteStream> line;
        PrinterReplies replies;
        std::uint64_t asked = 0;          ///< ~HS
        std::uint64_t answered = 0;       ///< at most asked; less after a silence
        std::optional<HostStatus> fresh;  ///< got just now, nothing sent since
        bool has_counter = true;
        bool is_counter_known = false;
    };

    struct Counts {
        std::uint64_t printed = 0;
        std::uint64_t printed_by_counter = 0;
        std::uint64_t failed = 0;
        std::uint64_t too_old = 0;
        std::uint64_t in_doubt = 0;
        std::uint64_t silences = 0;
        std::uint64_t links = 0;
        std::uint64_t refused = 0;  ///< queue full, or not a label
    };

    using MaybeStatus = Result<std::optional<HostStatus>>;
    using MaybeCounter = Result<std::optional<std::uint64_t>>;

    [[nodiscard]] LabelFollower::Tick now() const;

    boost::asio::awaitable<Fault> serve(std::shared_ptr<ByteStream> line);
    boost::asio::awaitable<Result<>> rest(Talk& talk, bool can_print);
    boost::asio::awaitable<Result<>> print(Talk& talk);
    boost::asio::awaitable<Result<LabelFollower::Verdict>> follow(
        Talk& talk, std::optional<std::uint64_t> before, std::uint64_t asked_before);
    boost::asio::awaitable<void> conclude(LabelFollower::Verdict verdict);
    boost::asio::awaitable<void> watch_age();
    /// Until it is recorded, however long the store takes.
    boost::asio::awaitable<void> report(PrintReport report);

    boost::asio::awaitable<MaybeStatus> ask_status(Talk& talk);
    boost::asio::awaitable<MaybeStatus> ask_errors(Talk& talk);
    boost::asio::awaitable<MaybeCounter> ask_counter(Talk& talk);
    boost::asio::awaitable<Result<bool>> listen(Talk& talk, LabelFollower::Tick until);

    void show(const HostStatus& status);
    [[nodiscard]] std::string labels_wait() const;

    const DeviceId id_;
    const ZplPrinterConfig config_;
    const OnPrint on_print_;
    const World world_;
    const OpenStream open_;
    HealthKeeper health_;
    Backoff backoff_;
    std::deque<PrintOrder> orders_;
    std::optional<PrintOrder> in_flight_;
    std::unique_ptr<LoopEvent> has_work_;  ///< from run() on
    std::unique_ptr<LoopEvent> stopped_;
    bool is_stopping_ = false;
    Counts counts_;
};

}  // namespace lotgate::adapters
