#pragma once

// A printer at the other end of a scripted line, and the adapter in front of it, in virtual time;
// in each language.

#include "adapters/tspl_printer/tspl_printer.hpp"
#include "adapters/zpl_printer/zpl_printer.hpp"
#include "tests/kit/scripted_line.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::test {

enum class Speaks { zpl, tspl };

struct PrinterBench {
    boost::asio::io_context loop;
    kit::VirtualTime time{loop};
    kit::ScriptedLine line{time, [this](const std::string& bytes) { hear(bytes); }};

    // the printer
    const Speaks speaks;
    bool is_counter_stale = false;
    unsigned counts_by = 1;
    bool works_unseen = false;  ///< TSPL: it is never seen working
    bool was_working = false;
    std::uint64_t counter = 100;
    bool has_counter = true;
    bool is_paper_out = false;
    bool is_head_open = false;
    bool is_silent = false;
    bool keeps_label = false;  ///< it stays in the buffer
    bool loses_label = false;  ///< taken, never printed
    bool paper_ends_in_label = false;
    unsigned in_buffer = 0;
    std::vector<std::string> labels;  ///< printed
    unsigned writes = 0;
    unsigned drop_before = 0;  ///< at this write, before it arrives
    unsigned drop_after = 0;   ///< at this write, answers lost
    unsigned cancel_at = 0;    ///< the adapter is cancelled at this write

    // the adapter
    std::map<std::int64_t, std::vector<adapters::PrintState>> told;
    std::map<std::int64_t, std::string> because;
    std::size_t labels_when_sent_was_told = 0;
    bool is_store_up = true;
    std::unique_ptr<adapters::LabelPrinter> printer;
    bool has_ended = false;
    boost::asio::cancellation_signal cancel;

    explicit PrinterBench(adapters::LabelPrinterConfig config = {}, Speaks language = Speaks::zpl)
        : speaks(language) {
        line.plug_in();
        const auto id = *DeviceId::parse("P1");
        adapters::OnPrint told_of = [this](adapters::PrintReport report) {
            return record(std::move(report));
        };
        if (speaks == Speaks::zpl)
            printer = std::make_unique<adapters::ZplPrinter>(
                id, std::move(config), told_of, time.world(), line.open());
        else
            printer = std::make_unique<adapters::TsplPrinter>(
                id, std::move(config), told_of, time.world(), line.open());
        auto ended = [this](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
            has_ended = true;
        };
        boost::asio::co_spawn(
            loop, printer->run(), boost::asio::bind_cancellation_slot(cancel.slot(), ended));
    }

    ~PrinterBench() {
        printer->stop();
        runs(std::chrono::milliseconds(10));
        CHECK(has_ended);
    }

    void runs(std::chrono::milliseconds for_time) { time.run_until(time.elapsed() + for_time); }

    void order(std::int64_t id, std::chrono::minutes good_for = std::chrono::minutes(10)) {
        const Instant stale{time.now().us + std::chrono::microseconds(good_for).count()};
        REQUIRE(printer->enqueue(adapters::PrintOrder(id, label_of(id), stale)));
    }

    [[nodiscard]] std::string label_of(std::int64_t id) const {
        if (speaks == Speaks::zpl) return fmt::format("^XA^FO1,1^FD{}^FS^XZ", id);
        return fmt::format("SIZE 50 mm,25 mm\r\nCLS\r\nTEXT 1,1,\"2\",0,1,1,\"{}\"\r\nPRINT 1\r\n",
                           id);
    }

    /// The n-th label that was printed, from 0, is that of the order.
    [[nodiscard]] bool holds(std::size_t n, std::int64_t id) const {
        const std::string text =
            speaks == Speaks::zpl ? fmt::format("^FD{}^FS", id) : fmt::format(",\"{}\"\r\n", id);
        return labels.at(n).find(text) != std::string::npos;
    }

    [[nodiscard]] std::vector<adapters::PrintState> states(std::int64_t id) { return told[id]; }

    boost::asio::awaitable<bool> record(adapters::PrintReport report) {
        if (!is_store_up) co_return false;
        if (report.state == adapters::PrintState::sent) labels_when_sent_was_told = labels.size();
        told[report.effect_id].push_back(report.state);
        because[report.effect_id] = report.because;
        co_return true;
    }

    void hear(const std::string& bytes) {
        ++writes;
        if (writes == drop_before) {
            line.drop("reset by peer");
            return;
        }
        const auto answer = answer_to(bytes);
        if (writes == cancel_at) return;
        if (writes == drop_after) {
            line.drop("reset by peer");
            return;
        }
        if (!answer.empty() && !is_silent) line.receive(answer);
    }

    std::string answer_to(const std::string& bytes) {
        if (bytes == "~HS\r\n") return host_status();
        if (bytes == "\x1b!S") return tspl_status();
        if (bytes == "~HQES\r\n" || bytes == "~PS\r\n" || bytes == "\x1b!O") return {};
        if (bytes.starts_with("! U1"))
            return has_counter ? fmt::format("\"{}\"", counter) : std::string("\"?\"");
        if (bytes.starts_with("OUT"))
            return has_counter && in_buffer == 0 ? fmt::format("LOTGATE-LABELS {}\r\n", counter)
                                                 : std::string();
        for (const auto& label : apart(bytes)) take(label);
        return {};
    }

    /// Labels that came together.
    [[nodiscard]] std::vector<std::string> apart(std::string bytes) const {
        const std::string end = speaks == Speaks::zpl ? "^XZ" : "PRINT 1\r\n";
        std::vector<std::string> all;
        while (!bytes.empty()) {
            const auto at = bytes.find(end);
            REQUIRE(at != std::string::npos);
            all.push_back(bytes.substr(0, at + end.size()));
            bytes.erase(0, at + end.size());
        }
        return all;
    }

    void take(const std::string& bytes) {
        if (loses_label) return;
        if (keeps_label || paper_ends_in_label) {
            is_paper_out = is_paper_out || paper_ends_in_label;
            ++in_buffer;
            waiting_label = bytes;
            return;
        }
        print(bytes);
    }

    void print(const std::string& label) {
        labels.push_back(label);
        was_working = true;
        if (!is_counter_stale) counter += counts_by;
    }

    void prints_what_it_has() {
        in_buffer = 0;
        print(waiting_label);
    }

    [[nodiscard]] std::string host_status() const {
        return fmt::format(
            "\x02"
            "030,{},0,1245,{:03},0,0,0,000,0,0,0\x03\r\n\x02"
            "000,0,{},0,1,2,6,0,00000000,1,000\x03\r\n\x02"
            "1234,0\x03\r\n",
            is_paper_out ? 1 : 0,
            in_buffer,
            is_head_open ? 1 : 0);
    }

    [[nodiscard]] std::string tspl_status() {
        const bool is_hindered = is_paper_out || is_head_open;
        const bool is_working = in_buffer > 0 || (was_working && !works_unseen);
        was_working = false;
        const char state = is_hindered ? 'E' : (is_working ? 'P' : '@');
        const unsigned media = 0x40U | (is_paper_out ? 1U : 0U) | (is_head_open ? 0x20U : 0U);
        return fmt::format("\x02{}@@{}\x03\r\n", state, static_cast<char>(media));
    }

    std::string waiting_label;
};

/// The same bench, as a type for each language.
struct ZplBench : PrinterBench {
    explicit ZplBench(adapters::LabelPrinterConfig config = {})
        : PrinterBench(std::move(config), Speaks::zpl) {}
};

struct TsplBench : PrinterBench {
    explicit TsplBench(adapters::LabelPrinterConfig config = {})
        : PrinterBench(std::move(config), Speaks::tspl) {}
};

}  // namespace lotgate::test
