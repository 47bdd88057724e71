#include "adapters/sim/scanner.hpp"

#include <boost/json/value.hpp>

#include <algorithm>

namespace lotgate::sim {

namespace {

// The daemon may answer with sentences that carry lot numbers: the table of texts stays bounded.
constexpr std::size_t answer_texts_max = 500;
constexpr std::size_t answer_line_max = 4096;

}  // namespace

void ScannerCounts::answered(const std::string& text) {
    const bool is_known = answers.contains(text);
    ++answers[is_known || answers.size() < answer_texts_max ? text : "(other texts)"];
}

void ScannerCounts::add_to(json::object& report) const {
    std::uint64_t all = 0;
    json::object by_text;
    for (const auto& [text, count] : answers) {
        by_text[text] = count;
        all += count;
    }
    report["connects"] = connects;
    report["scans_sent"] = scans_sent;
    report["scans_undelivered"] = scans_undelivered;
    report["scans_answered"] = all;
    report["scans_unanswered"] = scans_unanswered;
    report["answers_unasked"] = answers_unasked;
    report["answers"] = std::move(by_text);
    report["bytes_out"] = bytes_out;
    report["bytes_in"] = bytes_in;
}

struct LineScanner::Waiting {
    Waiting(Loop& loop, OnOutcome done_) : timer(loop), done(std::move(done_)) {}

    Timer timer;
    OnOutcome done;
    SteadyClock::time_point sent_at;
};

struct LineScanner::Trickle {
    RawBytes raw;
    Job done;
    std::size_t at = 0;
    std::size_t chunk = 0;
};

LineScanner::LineScanner(Loop& loop, std::string id, Framing framing)
    : Scanner(std::move(id)), loop_(loop), framing_(std::move(framing)) {}

bool LineScanner::is_connected() const {
    return stream_ && stream_->is_open();
}

void LineScanner::connected(StreamPtr stream) {
    disconnect();
    stream_ = std::move(stream);
    ++counts_.connects;
    stream_->start([this](std::string_view bytes) { heard(bytes); },
                   [this] {
                       disconnect();
                       lost();
                   });
}

void LineScanner::disconnect() {
    if (stream_) stream_->close();
    stream_.reset();
    partial_line_.clear();
    // An answer on the next connection belongs to a scan of the next connection.
    while (!waiting_.empty()) settle(waiting_.front(), std::nullopt);
}

void LineScanner::scan(const std::string& data, const ScanExtras&, Duration wait, OnOutcome done) {
    ++counts_.scans_sent;
    auto waiting = std::make_shared<Waiting>(loop_, std::move(done));
    waiting->sent_at = SteadyClock::now();
    if (!is_connected()) {
        ++counts_.scans_undelivered;
        loop_.post([waiting] {
            ScanOutcome outcome;
            outcome.sent_at = waiting->sent_at;
            waiting->done(outcome);
        });
        return;
    }
    waiting_.push_back(waiting);
    // No cycle that outlives the wait: the timer forgets its job when it fires or is cancelled.
    waiting->timer.start(wait, [this, weak = std::weak_ptr<Waiting>(waiting)] {
        if (const auto given_up = weak.lock()) settle(given_up, std::nullopt);
    });
    emit(data);
}

void LineScanner::emit(const std::string& data) {
    std::string bytes = nasty_.leave(framing_.prefix, data, framing_.suffix);
    counts_.bytes_out += bytes.size();
    if (!nasty_.is_split() && !trickling_) {
        if (!bytes.empty()) stream_->write(bytes);
        return;
    }
    if (trickling_) {
        trickling_->raw.bytes += bytes;
        return;
    }
    trickling_ = std::make_shared<Trickle>();
    trickling_->chunk = 1;
    trickling_->raw.bytes = std::move(bytes);
    trickling_->done = [this] { trickling_.reset(); };
    trickle(trickling_);
}

void LineScanner::aim(std::optional<std::string> data) {
    aimed_.push_back(std::move(data));
}

void LineScanner::looked() {
    ++triggers_on_;
    std::optional<std::string> seen;
    if (!aimed_.empty()) {
        seen = std::move(aimed_.front());
        aimed_.pop_front();
    }
    if (!seen) {
        static_cast<void>(report_no_read());
        return;
    }
    scan(*seen, {}, std::chrono::seconds(5), [](const ScanOutcome&) {});
}

void LineScanner::settle(std::shared_ptr<Waiting> waiting, std::optional<std::string> answer) {
    const auto found = std::find(waiting_.begin(), waiting_.end(), waiting);
    if (found == waiting_.end()) return;
    waiting_.erase(found);
    waiting->timer.cancel();
    ScanOutcome outcome;
    outcome.is_delivered = true;
    outcome.answer = std::move(answer);
    outcome.sent_at = waiting->sent_at;
    outcome.took = SteadyClock::now() - waiting->sent_at;
    if (!outcome.answer) ++counts_.scans_unanswered;
    loop_.post([waiting, outcome] { waiting->done(outcome); });
}

void LineScanner::heard(std::string_view bytes) {
    counts_.bytes_in += bytes.size();
    for (const char byte : bytes) {
        const bool is_end = byte == '\r' || byte == '\n' || byte == '\x03';
        if (is_end && !partial_line_.empty()) {
            const std::string line = std::move(partial_line_);
            partial_line_.clear();
            heard_line(line);
        }
        const bool is_frame = is_end || byte == '\x02';
        if (!is_frame && partial_line_.size() < answer_line_max) partial_line_.push_back(byte);
    }
}

void LineScanner::heard_line(const std::string& line) {
    if (!framing_.trigger_on.empty() && line == framing_.trigger_on) {
        looked();
        return;
    }
    if (!framing_.trigger_off.empty() && line == framing_.trigger_off) {
        ++triggers_off_;
        return;
    }
    if (waiting_.empty()) {
        ++counts_.answers_unasked;
        return;
    }
    counts_.answered(line);
    settle(waiting_.front(), line);
}

bool LineScanner::report_no_read() {
    if (framing_.no_read.empty() || !is_connected()) return false;
    const std::string framed = framing_.prefix + framing_.no_read + framing_.suffix;
    counts_.bytes_out += framed.size();
    stream_->write(framed);
    return true;
}

bool LineScanner::send_raw(RawBytes raw, Job done) {
    if (!is_connected()) return false;
    counts_.bytes_out += raw.bytes.size();
    const std::size_t size = raw.bytes.size();
    const std::size_t chunks = raw.chunks == 0 ? size : std::min(raw.chunks, size);
    auto trickling = std::make_shared<Trickle>();
    trickling->chunk = chunks == 0 ? size : (size + chunks - 1) / chunks;
    trickling->raw = std::move(raw);
    trickling->done = std::move(done);
    trickle(trickling);
    return true;
}

void LineScanner::trickle(std::shared_ptr<Trickle> raw) {
    const std::string_view rest = std::string_view(raw->raw.bytes).substr(raw->at);
    if (rest.empty() || !is_connected()) {
        loop_.post([raw] { raw->done(); });
        return;
    }
    stream_->write(rest.substr(0, raw->chunk));
    raw->at += std::min(raw->chunk, rest.size());
    loop_.after(raw->raw.gap, [this, raw] { trickle(raw); });
}

json::object LineScanner::report() const {
    json::object report;
    report["kind"] = kind();
    describe(report);
    report["connected"] = is_connected() ? 1 : 0;
    counts_.add_to(report);
    report["triggers_on"] = triggers_on_;
    report["triggers_off"] = triggers_off_;
    return report;
}

}  // namespace lotgate::sim
