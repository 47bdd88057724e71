// What the printer answers, and the faults it can be given.

#include "adapters/sim/fields.hpp"
#include "adapters/sim/printer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace lotgate::sim {

namespace {

constexpr Range any_ms{0, 3'600'000};
constexpr Range any_count{0, 1'000'000'000};
constexpr unsigned usual_label_mm = 152;

char digit(bool on) {
    return on ? '1' : '0';
}

}  // namespace

void LabelPrinter::immediate(const StreamPtr& stream, const std::string& command) {
    using Obey = void (LabelPrinter::*)();
    static const std::map<std::string_view, Obey> orders = {
        {"~JA", &LabelPrinter::cancel_all},
        {"~JX", &LabelPrinter::cancel_partial},
        {"~PP", &LabelPrinter::pause},
        {"~PS", &LabelPrinter::resume},
    };
    const bool is_host_status = command == "~HS";
    if (is_host_status || command == "~HQES") {
        if (stays_silent(is_host_status)) {
            ++counts_.status_silences;
        } else {
            answer(stream, is_host_status ? host_status(true) : error_status());
        }
        return;
    }
    if (const auto found = orders.find(command); found != orders.end()) (this->*found->second)();
}

void LabelPrinter::cancel_all() {
    ++counts_.cancels;
    counts_.formats_dropped += buffer_.size();
    buffer_.clear();
    forget_partial();
    if (!current_) return;
    // The label half out of the printer is finished; the rest of its batch is not.
    current_->left = 1;
    if (!is_printing_) current_.reset();
}

void LabelPrinter::cancel_partial() {
    forget_partial();
}

void LabelPrinter::pause() {
    faults_.paused = true;
}

void LabelPrinter::resume() {
    faults_.paused = false;
    run_engine();
}

bool LabelPrinter::stays_silent(bool is_host_status) const {
    const bool is_fault =
        faults_.paper_out || faults_.ribbon_out || faults_.head_open || faults_.head_hot;
    return faults_.silent ||
           (is_host_status && (faults_.silent_hs || (faults_.silent_in_fault && is_fault)));
}

void LabelPrinter::answer(const StreamPtr& stream, std::string text) {
    ++counts_.status_answers;
    counts_.bytes_out += text.size();
    if (faults_.late_hs == Duration{0}) {
        stream->write(text);
        return;
    }
    loop_.after(faults_.late_hs, [stream, text = std::move(text)] { stream->write(text); });
}

// ZPL II Programming Guide, "~HS Host Status Return": three strings, each STX ... ETX CR LF.
std::string LabelPrinter::host_status(bool is_framed) const {
    const unsigned length = length_dots_ > 0 ? length_dots_ : config_.dots_per_mm * usual_label_mm;
    const std::string first = fmt::format("030,{},{},{:04},{:03},{},0,{},000,0,0,{}",
                                          digit(faults_.paper_out),
                                          digit(faults_.paused),
                                          length,
                                          std::min<std::size_t>(buffer_.size(), 999),
                                          digit(buffer_.size() >= config_.buffer_formats),
                                          digit(zpl_.is_in_format()),
                                          digit(faults_.head_hot));
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
std::string LabelPrinter::error_status() const {
    const unsigned errors = (faults_.paper_out ? 1U : 0U) | (faults_.ribbon_out ? 2U : 0U) |
                            (faults_.head_open ? 4U : 0U) | (faults_.head_hot ? 0x10U : 0U) |
                            (faults_.paused ? 0x10000U : 0U);
    return fmt::format(
        "\x02\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         {} 00000000 {:08X}\r\n"
        "   WARNINGS:       0 00000000 00000000\r\n\x03\r\n",
        digit(errors != 0),
        errors);
}

std::string LabelPrinter::odometer_text() const {
    if (odometer_.is_absent) return "?";
    return fmt::format("{}", static_cast<std::int64_t>(next_number_ - 1) + odometer_.offset);
}

// ESC ! S is answered at any time, also in a fault.
void LabelPrinter::obey_escape(const StreamPtr& stream, const std::string& order) {
    if (order == "ESC!O") resume();
    if (order == "ESC!.") cancel_all();
    if (order != "ESC!S") return;
    if (stays_silent(true)) {
        ++counts_.status_silences;
        return;
    }
    answer(stream, tspl_status());
}

std::string LabelPrinter::tspl_status() const {
    char state = is_printing_ ? 'P' : '@';
    if (faults_.paused) state = '`';
    if (faults_.head_open || faults_.paper_out || faults_.ribbon_out || faults_.head_hot)
        state = 'E';
    const unsigned media = 0x40U | (faults_.paper_out ? 1U : 0U) | (faults_.ribbon_out ? 4U : 0U) |
                           (faults_.head_open ? 0x20U : 0U);
    const char full = buffer_.size() >= config_.buffer_formats ? 'H' : '@';
    const char hot = faults_.head_hot ? 'A' : '@';
    if (faults_.garbled_hs) return "\x02\xff?\x03\r\n";
    return fmt::format("\x02{}{}{}{}\x03\r\n", state, full, hot, static_cast<char>(media));
}

// OUT "text",@LABEL: the text, the counter, a line end.
void LabelPrinter::answer_question(const PrintJob& job) {
    const StreamPtr stream = job.asked_by.lock();
    if (!stream || faults_.silent || odometer_.is_absent) {
        ++counts_.status_silences;
        return;
    }
    const auto open = job.question.find('"');
    const auto close = job.question.find('"', open + 1);
    if (open == std::string::npos || close == std::string::npos) return;
    answer(stream, job.question.substr(open + 1, close - open - 1) + odometer_text() + "\r\n");
}

void LabelPrinter::answer_sgd(const StreamPtr& stream, const std::string& line) {
    const std::string_view prefix = "! U1 getvar \"";
    if (!line.starts_with(prefix) || line.back() != '"') return;
    if (faults_.silent) {
        ++counts_.status_silences;
        return;
    }
    const std::string name = line.substr(prefix.size(), line.size() - prefix.size() - 1);
    answer(stream, fmt::format("\"{}\"", value_of(name)));
}

std::string LabelPrinter::value_of(const std::string& name) const {
    if (name == "odometer.total_label_count") return odometer_text();
    if (name == "media.status") return faults_.paper_out ? "out" : "ok";
    if (name == "head.latch") return faults_.head_open ? "open" : "ok";
    if (name == "device.host_status") return host_status(false);
    if (name != "device.status") return "?";
    if (faults_.paper_out) return "paper out";
    if (faults_.ribbon_out) return "ribbon out";
    if (faults_.head_open) return "head open";
    return faults_.paused ? "paused" : "ready";
}

Result<> LabelPrinter::set_fault(Fields& request) {
    using Setter = Result<> (LabelPrinter::*)(const std::string& name, Fields& request);
    static const std::vector<std::pair<std::string_view, Setter>> setters = {
        {"paper_out", &LabelPrinter::set_paper},
        {"ribbon_out", &LabelPrinter::set_open},
        {"head_open", &LabelPrinter::set_open},
        {"head_hot", &LabelPrinter::set_switch},
        {"counter_none", &LabelPrinter::set_counter},
        {"counter_stale", &LabelPrinter::set_counter},
        {"counter_wrong", &LabelPrinter::set_counter},
        {"pause", &LabelPrinter::set_switch},
        {"stall", &LabelPrinter::set_switch},
        {"silent", &LabelPrinter::set_switch},
        {"silent_hs", &LabelPrinter::set_switch},
        {"silent_in_fault", &LabelPrinter::set_switch},
        {"garbled_hs", &LabelPrinter::set_switch},
        {"slow", &LabelPrinter::set_pace},
        {"late_hs", &LabelPrinter::set_pace},
        {"single_client", &LabelPrinter::set_single_client},
        {"drop_mid_job", &LabelPrinter::set_drop},
        {"drop_before_print", &LabelPrinter::set_drop},
        {"drop_unanswered", &LabelPrinter::set_drop},
        {"power_loss", &LabelPrinter::set_power},
    };
    std::vector<std::string_view> names;
    names.reserve(setters.size());
    for (const auto& [name, setter] : setters) names.push_back(name);
    if (!request.has("fault")) request.problem("fault", "the name of a fault");
    const std::string name = request.word("fault", names);
    const auto found = std::find(names.begin(), names.end(), name) - names.begin();
    LG_CHECK((this->*setters[static_cast<std::size_t>(found)].second)(name, request));
    run_engine();
    return {};
}

Result<> LabelPrinter::set_switch(const std::string& name, Fields& request) {
    const std::map<std::string_view, bool Faults::*> switches = {
        {"head_hot", &Faults::head_hot},
        {"pause", &Faults::paused},
        {"stall", &Faults::stalled},
        {"silent", &Faults::silent},
        {"silent_hs", &Faults::silent_hs},
        {"silent_in_fault", &Faults::silent_in_fault},
        {"garbled_hs", &Faults::garbled_hs},
    };
    const bool on = request.flag("on", true);
    LG_CHECK(request.finish());
    faults_.*switches.at(name) = on;
    return {};
}

// A lifetime counter that a model does not have, that stands still, or that counts otherwise.
Result<> LabelPrinter::set_counter(const std::string& name, Fields& request) {
    const bool on = request.flag("on", true);
    const auto step =
        name == "counter_wrong" ? request.number("by", any_count, 2) : std::int64_t{1};
    LG_CHECK(request.finish());
    if (name == "counter_none") odometer_.is_absent = on;
    if (name == "counter_stale") odometer_.is_stale = on;
    if (name == "counter_wrong") odometer_.step = on ? static_cast<std::uint64_t>(step) : 1U;
    return {};
}

Result<> LabelPrinter::set_open(const std::string& name, Fields& request) {
    const bool on = request.flag("on", true);
    const bool mid_label = request.flag("mid_label", false);
    LG_CHECK(request.finish());
    (name == "ribbon_out" ? faults_.ribbon_out : faults_.head_open) = on;
    if (on && mid_label) interrupt_label();
    return {};
}

Result<> LabelPrinter::set_pace(const std::string& name, Fields& request) {
    const bool is_slow = name == "slow";
    const bool on = request.flag("on", true);
    const auto time =
        std::chrono::milliseconds(request.number("ms", any_ms, is_slow ? 2000 : 1000));
    LG_CHECK(request.finish());
    if (is_slow) {
        per_label_ = on ? time : config_.per_label;
    } else {
        faults_.late_hs = on ? time : Duration{0};
    }
    return {};
}

Result<> LabelPrinter::set_single_client(const std::string&, Fields& request) {
    const bool on = request.flag("on", true);
    LG_CHECK(request.finish());
    config_.is_single_client = on;
    if (listener_) listener_->hold_accepting(on && !clients_.empty());
    return {};
}

Result<> LabelPrinter::set_drop(const std::string& name, Fields& request) {
    const bool on = request.flag("on", true);
    if (name == "drop_mid_job") {
        const auto bytes = request.number("after_bytes", any_count, 20);
        LG_CHECK(request.finish());
        faults_.drop_after_bytes.reset();
        if (on) faults_.drop_after_bytes = static_cast<std::uint64_t>(bytes);
        return {};
    }
    const auto count = static_cast<unsigned>(request.number("count", any_count, 1));
    LG_CHECK(request.finish());
    (name == "drop_unanswered" ? faults_.drop_unanswered : faults_.drop_before_print) =
        on ? count : 0;
    return {};
}

Result<> LabelPrinter::set_power(const std::string&, Fields& request) {
    const bool on = request.flag("on", true);
    const auto after = static_cast<std::uint64_t>(request.number("after", any_count, 0));
    const auto boot = std::chrono::milliseconds(request.number("ms", any_ms, 1000));
    const bool prints_again = request.flag("duplicate", false);
    LG_CHECK(request.finish());
    faults_.boot = boot;
    faults_.prints_again = prints_again;
    faults_.power_left.reset();
    if (!on) return {};
    if (after > 0) {
        faults_.power_left = after;
    } else {
        lose_power();
    }
    return {};
}

Result<> LabelPrinter::set_paper(const std::string&, Fields& request) {
    const bool on = request.flag("on", true);
    const bool is_later = request.has("after");
    const auto after = static_cast<std::uint64_t>(request.number("after", any_count, 0));
    const bool mid_label = request.flag("mid_label", false);
    LG_CHECK(request.finish());
    faults_.paper_left.reset();
    if (!on) {
        faults_.paper_out = false;
    } else if (is_later) {
        faults_.paper_left = after;
    } else {
        faults_.paper_out = true;
        if (mid_label) interrupt_label();
    }
    return {};
}

// What was received and not printed is gone with the memory it was in. Some models print their
// last label once more when the power is back: the copy that nobody asked for.
void LabelPrinter::lose_power() {
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

void LabelPrinter::power_back() {
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
