// What the printer answers, and the faults it can be given.

#include "adapters/sim/fields.hpp"
#include "adapters/sim/printer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::sim {

namespace {

constexpr Range any_ms{0, 3'600'000};
constexpr Range any_count{0, 1'000'000'000};
constexpr unsigned usual_label_mm = 152;

char digit(bool on) {
    return on ? '1' : '0';
}

Duration in_ms(std::int64_t ms) {
    return std::chrono::milliseconds(ms);
}

}  // namespace

void ZplPrinter::immediate(const StreamPtr& stream, const std::string& command) {
    if (command == "~HS") {
        if (stays_silent(true)) {
            ++counts_.status_silences;
        } else {
            answer(stream, host_status(true));
        }
    } else if (command == "~HQES") {
        if (stays_silent(false)) {
            ++counts_.status_silences;
        } else {
            answer(stream, error_status());
        }
    } else if (command == "~JA") {
        ++counts_.cancels;
        counts_.formats_dropped += buffer_.size();
        buffer_.clear();
        zpl_.forget_partial();
        if (current_ && !is_printing_) current_.reset();
        if (current_) current_->left = 1;
    } else if (command == "~JX") {
        zpl_.forget_partial();
    } else if (command == "~PP") {
        faults_.paused = true;
    } else if (command == "~PS") {
        faults_.paused = false;
        run_engine();
    }
}

bool ZplPrinter::stays_silent(bool is_host_status) const {
    const bool is_fault = faults_.paper_out || faults_.ribbon_out || faults_.head_open;
    return faults_.silent ||
           (is_host_status && (faults_.silent_hs || (faults_.silent_in_fault && is_fault)));
}

void ZplPrinter::answer(const StreamPtr& stream, std::string text) {
    ++counts_.status_answers;
    counts_.bytes_out += text.size();
    if (faults_.late_hs == Duration{0}) {
        stream->write(text);
        return;
    }
    loop_.after(faults_.late_hs, [stream, text = std::move(text)] { stream->write(text); });
}

// ZPL II Programming Guide, "~HS Host Status Return": three strings, each STX ... ETX CR LF.
std::string ZplPrinter::host_status(bool is_framed) const {
    const unsigned length = length_dots_ > 0 ? length_dots_ : config_.dots_per_mm * usual_label_mm;
    const std::string first = fmt::format("030,{},{},{:04},{:03},{},0,{},000,0,0,0",
                                          digit(faults_.paper_out),
                                          digit(faults_.paused),
                                          length,
                                          std::min<std::size_t>(buffer_.size(), 999),
                                          digit(buffer_.size() >= config_.buffer_formats),
                                          digit(zpl_.is_in_format()));
    const std::string second = fmt::format("000,0,{},{},1,2,4,0,{:08},1,000",
                                           digit(faults_.head_open),
                                           digit(faults_.ribbon_out),
                                           current_ ? current_->left : 0);
    const std::string third = "1234,0";
    if (faults_.garbled_hs) return "\x02" + first.substr(0, 9) + "\xff\x03\r\n\x02,,,,x\x03\r\n";
    if (!is_framed) return first + "\r\n" + second + "\r\n" + third;
    return fmt::format("\x02{}\x03\r\n\x02{}\x03\r\n\x02{}\x03\r\n", first, second, third);
}

// The bits are those of devices that answer ~HQES: media 1, ribbon 2, head 4; paused is 0x10000.
std::string ZplPrinter::error_status() const {
    const unsigned errors = (faults_.paper_out ? 1U : 0U) | (faults_.ribbon_out ? 2U : 0U) |
                            (faults_.head_open ? 4U : 0U) | (faults_.paused ? 0x10000U : 0U);
    return fmt::format(
        "\x02\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         {} 00000000 {:08X}\r\n"
        "   WARNINGS:       0 00000000 00000000\r\n\x03\r\n",
        digit(errors != 0),
        errors);
}

void ZplPrinter::answer_sgd(const StreamPtr& stream, const std::string& line) {
    const std::string_view prefix = "! U1 getvar \"";
    if (!line.starts_with(prefix) || line.back() != '"') return;
    if (faults_.silent) {
        ++counts_.status_silences;
        return;
    }
    const std::string name = line.substr(prefix.size(), line.size() - prefix.size() - 1);
    std::string value = "?";
    if (name == "odometer.total_label_count") value = fmt::format("{}", next_number_ - 1);
    if (name == "media.status") value = faults_.paper_out ? "out" : "ok";
    if (name == "head.latch") value = faults_.head_open ? "open" : "ok";
    if (name == "device.status") {
        value = faults_.paper_out    ? "paper out"
                : faults_.ribbon_out ? "ribbon out"
                : faults_.head_open  ? "head open"
                : faults_.paused     ? "paused"
                                     : "ready";
    }
    if (name == "device.host_status") value = host_status(false);
    answer(stream, fmt::format("\"{}\"", value));
}

Result<> ZplPrinter::set_fault(Fields& request) {
    const std::string name = request.word("fault",
                                          {"paper_out",
                                           "ribbon_out",
                                           "head_open",
                                           "pause",
                                           "stall",
                                           "slow",
                                           "silent",
                                           "silent_hs",
                                           "silent_in_fault",
                                           "garbled_hs",
                                           "late_hs",
                                           "single_client",
                                           "drop_mid_job",
                                           "drop_before_print",
                                           "drop_unanswered",
                                           "power_loss"});
    if (!request.has("fault")) request.problem("fault", "the name of a fault");
    const bool on = request.flag("on", true);
    LG_CHECK(set_simple_fault(name, request, on));
    run_engine();
    return {};
}

Result<> ZplPrinter::set_simple_fault(const std::string& name, Fields& request, bool on) {
    const auto count = [&] { return request.number("count", any_count, 1); };
    const auto after = [&] { return request.number("after", any_count, 0); };
    const auto ms = [&](std::int64_t otherwise) { return request.number("ms", any_ms, otherwise); };
    if (name == "paper_out") set_paper(request, on);
    if (name == "ribbon_out" || name == "head_open") {
        const bool mid_label = request.flag("mid_label", false);
        LG_CHECK(request.finish());
        (name == "ribbon_out" ? faults_.ribbon_out : faults_.head_open) = on;
        if (on && mid_label) interrupt_label();
    }
    if (name == "pause") faults_.paused = on;
    if (name == "stall") faults_.stalled = on;
    if (name == "slow") config_.per_label = in_ms(ms(2000));
    if (name == "silent") faults_.silent = on;
    if (name == "silent_hs") faults_.silent_hs = on;
    if (name == "silent_in_fault") faults_.silent_in_fault = on;
    if (name == "garbled_hs") faults_.garbled_hs = on;
    if (name == "late_hs") faults_.late_hs = on ? in_ms(ms(1000)) : Duration{0};
    if (name == "single_client") {
        config_.is_single_client = on;
        if (listener_) listener_->hold_accepting(on && !clients_.empty());
    }
    if (name == "drop_mid_job") {
        faults_.drop_after_bytes.reset();
        const auto bytes = static_cast<std::uint64_t>(request.number("after_bytes", any_count, 20));
        if (on) faults_.drop_after_bytes = bytes;
    }
    if (name == "drop_before_print")
        faults_.drop_before_print = on ? static_cast<unsigned>(count()) : 0;
    if (name == "drop_unanswered")
        faults_.drop_unanswered = on ? static_cast<unsigned>(count()) : 0;
    if (name == "power_loss") {
        const auto labels = static_cast<std::uint64_t>(after());
        faults_.boot = in_ms(ms(1000));
        faults_.prints_again = request.flag("duplicate", false);
        faults_.power_left.reset();
        LG_CHECK(request.finish());
        if (on && labels > 0) faults_.power_left = labels;
        if (on && labels == 0) lose_power();
    }
    return request.finish();
}

void ZplPrinter::set_paper(Fields& request, bool on) {
    faults_.paper_left.reset();
    const bool is_later = request.has("after");
    const auto after = static_cast<std::uint64_t>(request.number("after", any_count, 0));
    const bool mid_label = request.flag("mid_label", false);
    if (!on) {
        faults_.paper_out = false;
    } else if (is_later) {
        faults_.paper_left = after;
    } else {
        faults_.paper_out = true;
        if (mid_label) interrupt_label();
    }
}

// What was received and not printed is gone with the memory it was in. Some models print their
// last label once more when the power is back: the copy that nobody asked for.
void ZplPrinter::lose_power() {
    faults_.power_left.reset();
    ++counts_.power_losses;
    if (is_printing_) ++counts_.labels_spoiled;
    engine_.cancel();
    is_printing_ = false;
    is_powered_ = false;
    counts_.formats_dropped += buffer_.size() + (current_ ? 1U : 0U);
    buffer_.clear();
    current_.reset();
    unplug();
    boot_.start(faults_.boot, [this] { power_back(); });
}

void ZplPrinter::power_back() {
    is_powered_ = true;
    reprints_after_error_ = true;
    if (faults_.prints_again && last_) {
        PrintJob again;
        again.format = last_->format;
        again.is_duplicate = true;
        buffer_.push_front(std::move(again));
    }
    // A port that somebody took meanwhile is tried again: a printer does not give up booting.
    if (!open()) boot_.start(faults_.boot, [this] { power_back(); });
    run_engine();
}

}  // namespace lotgate::sim
