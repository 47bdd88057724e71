#pragma once

// A label printer on TCP 9100 that speaks ZPL or TSPL: receives formats, prints them one after the
// other, each label as a file, and answers questions for its state and its counter as
// docs/data/simulators.md describes. What it does when paper runs out, the power goes or the line
// drops is set by faults.

#include "adapters/sim/device.hpp"
#include "adapters/sim/loop.hpp"
#include "adapters/sim/tspl_stream.hpp"
#include "adapters/sim/zpl_stream.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace lotgate::sim {

class Fields;

struct PrinterConfig {
    std::uint16_t port = 9100;
    std::string labels_dir;
    Duration per_label{std::chrono::milliseconds(150)};
    unsigned dots_per_mm = 8;
    unsigned buffer_formats = 1000;  ///< more than this and the printer stops reading
    bool is_single_client = true;
    bool speaks_tspl = false;
};

struct PrintedLabel {
    std::string file;
    std::size_t bytes;
    bool is_duplicate;  ///< printed again by the printer itself, after a loss of power
};

class LabelPrinter final : public Device {
public:
    LabelPrinter(Loop& loop, std::string id, PrinterConfig config);

    [[nodiscard]] std::string_view kind() const override {
        return config_.speaks_tspl ? "printer_tspl" : "printer_zpl";
    }

    Result<> open() override;
    void unplug() override;
    [[nodiscard]] json::object report() const override;

    [[nodiscard]] std::uint16_t listens_on() const override { return config_.port; }

    /// Sets a fault from a request: its members are in docs/data/simulators.md.
    Result<> set_fault(Fields& request);

    [[nodiscard]] const std::vector<PrintedLabel>& labels() const { return labels_; }

private:
    struct PrintJob {
        std::string format;
        unsigned left = 1;  ///< labels still to come of this format
        bool is_duplicate = false;
        std::string question;  ///< TSPL: asked in the stream, answered when its turn is
        std::weak_ptr<Stream> asked_by;
    };

    /// What the lifetime counter does with a label.
    struct Odometer {
        bool is_absent = false;
        bool is_stale = false;
        std::uint64_t step = 1;
        std::int64_t offset = 0;  ///< of what it shows to what it should
    };

    struct Faults {
        bool paper_out = false;
        bool ribbon_out = false;
        bool head_open = false;
        bool head_hot = false;
        bool paused = false;
        bool stalled = false;
        bool silent = false;
        bool silent_hs = false;
        bool silent_in_fault = false;
        bool garbled_hs = false;
        Duration late_hs{0};
        std::optional<std::uint64_t> paper_left;  ///< labels until the roll ends
        std::optional<std::uint64_t> drop_after_bytes;
        unsigned drop_before_print = 0;           ///< formats
        unsigned drop_unanswered = 0;             ///< formats
        std::optional<std::uint64_t> power_left;  ///< labels until the power goes
        Duration boot{std::chrono::seconds(1)};
        bool prints_again = false;
    };

    struct Counts {
        std::uint64_t connects = 0;
        std::uint64_t bytes_in = 0;
        std::uint64_t bytes_out = 0;
        std::uint64_t formats_received = 0;
        std::uint64_t formats_without_label = 0;
        std::uint64_t formats_dropped = 0;
        std::uint64_t labels_printed = 0;
        std::uint64_t labels_duplicated = 0;
        std::uint64_t labels_spoiled = 0;
        std::uint64_t status_answers = 0;
        std::uint64_t status_silences = 0;
        std::uint64_t cancels = 0;
        std::uint64_t power_losses = 0;
        std::uint64_t connections_dropped = 0;
    };

    void accepted(const StreamPtr& stream);
    void client_gone(const StreamPtr& stream);
    void drop_connections();
    void heard(const StreamPtr& stream, std::string_view bytes);
    void act_on(const StreamPtr& stream, const ZplPiece& piece);
    void take_format(const std::string& format);
    void immediate(const StreamPtr& stream, const std::string& command);
    void answer_sgd(const StreamPtr& stream, const std::string& line);
    void obey_escape(const StreamPtr& stream, const std::string& order);
    void answer_question(const PrintJob& job);
    void answer(const StreamPtr& stream, std::string text);
    [[nodiscard]] std::string tspl_status() const;
    [[nodiscard]] std::string odometer_text() const;
    [[nodiscard]] bool is_in_format() const;
    [[nodiscard]] std::size_t format_size() const;
    void forget_partial();
    [[nodiscard]] bool stays_silent(bool is_host_status) const;
    [[nodiscard]] std::string host_status(bool is_framed) const;
    [[nodiscard]] std::string error_status() const;
    [[nodiscard]] std::string value_of(const std::string& name) const;

    void cancel_all();
    void cancel_partial();
    void pause();
    void resume();

    Result<> set_paper(const std::string& name, Fields& request);
    Result<> set_open(const std::string& name, Fields& request);
    Result<> set_switch(const std::string& name, Fields& request);
    Result<> set_counter(const std::string& name, Fields& request);
    Result<> set_pace(const std::string& name, Fields& request);
    Result<> set_single_client(const std::string& name, Fields& request);
    Result<> set_drop(const std::string& name, Fields& request);
    Result<> set_power(const std::string& name, Fields& request);
    void lose_power();
    void power_back();

    [[nodiscard]] bool is_blocked() const;
    void run_engine();
    void label_done();
    void interrupt_label();
    void save_label(const PrintJob& job);

    Loop& loop_;
    PrinterConfig config_;
    ListenerPtr listener_;
    std::vector<StreamPtr> clients_;
    ZplStream zpl_;
    TsplStream tspl_;
    Odometer odometer_;
    std::deque<PrintJob> buffer_;
    std::optional<PrintJob> current_;
    std::optional<PrintJob> last_;
    bool is_printing_ = false;
    bool reprints_after_error_ = true;  ///< ^JZ; Y is taken to be the default
    bool is_powered_ = true;
    unsigned length_dots_ = 0;
    Duration per_label_;
    std::uint64_t next_number_ = 1;
    Faults faults_;
    Counts counts_;
    std::vector<PrintedLabel> labels_;
    Timer engine_;
    Timer boot_;
};

}  // namespace lotgate::sim
