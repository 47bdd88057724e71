#include "adapters/sim/printer.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace lotgate::sim {

namespace fs = std::filesystem;

namespace {

// Numbering goes on after the labels that an earlier run left, as a printer's odometer does.
std::uint64_t number_after_existing(const std::string& folder, const std::string& id) {
    std::uint64_t highest = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(id + "-") || !name.ends_with(".zpl")) continue;
        const std::string digits = name.substr(id.size() + 1, name.size() - id.size() - 5);
        const bool is_number =
            !digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos;
        if (is_number && digits.size() < 18)
            highest = std::max<std::uint64_t>(highest, std::stoull(digits));
    }
    return highest + 1;
}

}  // namespace

LabelPrinter::LabelPrinter(Loop& loop, std::string id, PrinterConfig config)
    : Device(std::move(id)), loop_(loop), config_(std::move(config)), engine_(loop), boot_(loop) {}

Result<> LabelPrinter::open() {
    if (listener_) return {};
    std::error_code error;
    fs::create_directories(config_.labels_dir, error);
    if (error)
        return fail(
            FaultCode::unavailable,
            fmt::format("{}: labels_dir {}: {}", id(), config_.labels_dir, error.message()));
    next_number_ = number_after_existing(config_.labels_dir, id());
    LG_TRY(listener_, Listener::tcp(loop_, config_.port));
    config_.port = listener_->port();
    listener_->start([this](const StreamPtr& stream) { accepted(stream); });
    run_engine();
    return {};
}

void LabelPrinter::unplug() {
    if (listener_) listener_->close();
    listener_.reset();
    drop_connections();
}

void LabelPrinter::accepted(const StreamPtr& stream) {
    ++counts_.connects;
    clients_.push_back(stream);
    if (config_.is_single_client) listener_->hold_accepting(true);
    const std::weak_ptr<Stream> weak = stream;
    stream->start(
        [this, weak](std::string_view bytes) {
            if (const StreamPtr client = weak.lock()) heard(client, bytes);
        },
        [this, weak] { client_gone(weak.lock()); });
}

void LabelPrinter::client_gone(const StreamPtr& stream) {
    std::erase(clients_, stream);
    if (is_in_format()) ++counts_.formats_dropped;
    forget_partial();
    if (listener_) listener_->hold_accepting(false);
}

void LabelPrinter::drop_connections() {
    const std::vector<StreamPtr> clients = std::move(clients_);
    clients_.clear();
    for (const StreamPtr& client : clients) {
        ++counts_.connections_dropped;
        client->reset();
        client_gone(client);
    }
}

void LabelPrinter::heard(const StreamPtr& stream, std::string_view bytes) {
    for (const char byte : bytes) {
        if (!stream->is_open()) return;
        ++counts_.bytes_in;
        const auto act = [&](const ZplPiece& piece) { act_on(stream, piece); };
        if (config_.speaks_tspl)
            tspl_.feed(byte, act);
        else
            zpl_.feed(byte, act);
        if (faults_.drop_after_bytes && is_in_format() &&
            format_size() >= *faults_.drop_after_bytes) {
            faults_.drop_after_bytes.reset();
            drop_connections();
        }
    }
    if (buffer_.size() >= config_.buffer_formats) stream->hold_reading(true);
}

void LabelPrinter::act_on(const StreamPtr& stream, const ZplPiece& piece) {
    switch (piece.kind) {
        case ZplPiece::Kind::format:
            take_format(piece.text);
            return;
        case ZplPiece::Kind::command:
            if (config_.speaks_tspl)
                obey_escape(stream, piece.text);
            else
                immediate(stream, piece.text);
            return;
        case ZplPiece::Kind::sgd:
            if (!config_.speaks_tspl) {
                answer_sgd(stream, piece.text);
                return;
            }
            PrintJob asked;
            asked.question = piece.text;
            asked.asked_by = stream;
            buffer_.push_back(std::move(asked));
            run_engine();
            return;
    }
}

bool LabelPrinter::is_in_format() const {
    return config_.speaks_tspl ? tspl_.is_in_format() : zpl_.is_in_format();
}

std::size_t LabelPrinter::format_size() const {
    return config_.speaks_tspl ? tspl_.format_size() : zpl_.format_size();
}

void LabelPrinter::forget_partial() {
    zpl_.forget_partial();
    tspl_.forget_partial();
}

void LabelPrinter::take_format(const std::string& format) {
    ++counts_.formats_received;
    const ZplLabel label = config_.speaks_tspl ? read_tspl_label(format) : read_label(format);
    if (label.reprint_after_error) reprints_after_error_ = *label.reprint_after_error;
    if (label.length_dots > 0) length_dots_ = label.length_dots;
    if (!label.is_printing) {
        ++counts_.formats_without_label;
        return;
    }
    if (faults_.drop_before_print > 0) {
        --faults_.drop_before_print;
        ++counts_.formats_dropped;
        drop_connections();
        return;
    }
    PrintJob job;
    job.format = format;
    job.left = label.quantity;
    buffer_.push_back(std::move(job));
    if (faults_.drop_unanswered > 0) {
        --faults_.drop_unanswered;
        drop_connections();
    }
    run_engine();
}

bool LabelPrinter::is_blocked() const {
    return faults_.paper_out || faults_.ribbon_out || faults_.head_open || faults_.head_hot ||
           faults_.paused || faults_.stalled || !is_powered_;
}

void LabelPrinter::run_engine() {
    if (is_printing_ || is_blocked()) return;
    while (!current_ && !buffer_.empty() && !buffer_.front().question.empty()) {
        const PrintJob asked = std::move(buffer_.front());
        buffer_.pop_front();
        answer_question(asked);
    }
    if (!current_) {
        if (buffer_.empty()) return;
        current_ = std::move(buffer_.front());
        buffer_.pop_front();
        for (const StreamPtr& client : clients_) client->hold_reading(false);
    }
    // The end of the roll is noticed when the next label should begin: that label waits whole.
    if (faults_.paper_left && *faults_.paper_left == 0) {
        faults_.paper_left.reset();
        faults_.paper_out = true;
        return;
    }
    is_printing_ = true;
    engine_.start(per_label_, [this] { label_done(); });
}

void LabelPrinter::label_done() {
    is_printing_ = false;
    if (faults_.paper_left) --*faults_.paper_left;
    save_label(*current_);
    last_ = current_;
    if (--current_->left == 0) current_.reset();
    if (faults_.power_left && --*faults_.power_left == 0) {
        lose_power();
        return;
    }
    run_engine();
}

// Written under another name first, so that whoever watches the folder never reads half a label.
void LabelPrinter::save_label(const PrintJob& job) {
    const std::string file =
        fmt::format("{}/{}-{:06}.zpl", config_.labels_dir, id(), next_number_++);
    {
        std::ofstream out(file + ".part", std::ios::binary | std::ios::trunc);
        out << job.format;
    }
    std::error_code ignored;
    fs::rename(file + ".part", file, ignored);
    ++counts_.labels_printed;
    odometer_.offset += odometer_.is_stale ? -1 : static_cast<std::int64_t>(odometer_.step) - 1;
    if (job.is_duplicate) ++counts_.labels_duplicated;
    labels_.push_back({file, job.format.size(), job.is_duplicate});
}

// A fault while the label is half out of the printer: ^JZ says whether it is printed once more
// when the fault has been cleared; with ^JZN the spoiled label is all there is.
void LabelPrinter::interrupt_label() {
    if (!is_printing_) return;
    engine_.cancel();
    is_printing_ = false;
    ++counts_.labels_spoiled;
    if (!reprints_after_error_ && --current_->left == 0) current_.reset();
}

json::object LabelPrinter::report() const {
    json::object report;
    report["kind"] = kind();
    report["port"] = config_.port;
    report["connected"] = clients_.size();
    report["connects"] = counts_.connects;
    report["connections_dropped"] = counts_.connections_dropped;
    report["bytes_in"] = counts_.bytes_in;
    report["bytes_out"] = counts_.bytes_out;
    report["formats_received"] = counts_.formats_received;
    report["formats_without_label"] = counts_.formats_without_label;
    report["formats_dropped"] = counts_.formats_dropped;
    report["formats_overflowed"] = zpl_.overflows() + tspl_.overflows();
    report["formats_waiting"] = buffer_.size() + (current_ ? 1U : 0U);
    report["labels_printed"] = counts_.labels_printed;
    report["labels_duplicated"] = counts_.labels_duplicated;
    report["labels_spoiled"] = counts_.labels_spoiled;
    report["status_answers"] = counts_.status_answers;
    report["status_silences"] = counts_.status_silences;
    report["cancels"] = counts_.cancels;
    report["power_losses"] = counts_.power_losses;
    report["paper_out"] = faults_.paper_out;
    report["odometer"] = static_cast<std::int64_t>(next_number_ - 1) + odometer_.offset;
    return report;
}

}  // namespace lotgate::sim
