#pragma once

// A printer at the other end of a scripted line, and the adapter in front of it, in virtual time.

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

struct PrinterBench {
    boost::asio::io_context loop;
    kit::VirtualTime time{loop};
    kit::ScriptedLine line{time, [this](const std::string& bytes) { hear(bytes); }};

    // the printer
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
    std::unique_ptr<adapters::ZplPrinter> printer;
    bool has_ended = false;
    boost::asio::cancellation_signal cancel;

    explicit PrinterBench(adapters::ZplPrinterConfig config = {}) {
        line.plug_in();
        printer = std::make_unique<adapters::ZplPrinter>(
            *DeviceId::parse("P1"),
            std::move(config),
            [this](adapters::PrintReport report) { return record(std::move(report)); },
            time.world(),
            line.open());
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
        adapters::PrintOrder label(id, fmt::format("^XA^FO1,1^FD{}^FS^XZ", id), stale);
        REQUIRE(printer->enqueue(std::move(label)));
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
        if (bytes == "~HQES\r\n") return {};
        if (bytes.starts_with("! U1"))
            return has_counter ? fmt::format("\"{}\"", counter) : std::string("\"?\"");
        if (loses_label) return {};
        if (keeps_label || paper_ends_in_label) {
            is_paper_out = is_paper_out || paper_ends_in_label;
            ++in_buffer;
            waiting_label = bytes;
            return {};
        }
        print(bytes);
        return {};
    }

    void print(const std::string& label) {
        labels.push_back(label);
        ++counter;
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

    std::string waiting_label;
};

}  // namespace lotgate::test
