// From frames to events: what one object, one frame or one code is.

#include "adapters/transport/scanner_line.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <utility>

namespace lotgate::adapters {

namespace {

constexpr std::uint64_t noisy_after = 5;  // frames dropped without a good one between
/// Objects may come faster than they are decided, but not without end.
constexpr std::size_t events_beyond_max = 16;
/// A scanner with a photo-eye of its own may read a carton before the PLC is asked about it: an
/// edge that is known this soon after a read is that read's object, not the next one.
constexpr auto edge_known_after = std::chrono::milliseconds(150);

}  // namespace

ReadEvent ScannerLine::read_of(std::vector<std::string> codes, const std::string& frame) const {
    ReadEvent read;
    if (codes.empty()) read.told = frame;
    read.codes = std::move(codes);
    read.received = parts_.world.clock->now();
    read.age = age_now();
    return read;
}

boost::asio::awaitable<void> ScannerLine::take(std::vector<std::string> frames) {
    for (std::string& frame : frames) {
        ScanReads reads = policy_.judge(frame, now());
        if (reads.is_alive) ++heartbeats_;
        if (!reads.fault.empty()) {
            ++device_faults_;
            health_.set(HealthState::degraded, reads.fault);
        }
        // Its own words were understood: the line is not noisy.
        if (reads.is_answer || reads.is_alive) drops_at_last_good_ = cutter_.drops().frames();
        co_await take_reads(std::move(reads), std::move(frame));
    }
    judge_line_quality();
}

boost::asio::awaitable<void> ScannerLine::take_reads(ScanReads reads, std::string frame) {
    if (!reads.is_no_read && reads.codes.empty()) co_return;
    last_read_at_ = now();
    co_await wait_for_room();
    if (parts_.config.event.gather == Gather::window) {
        collect(read_of(std::move(reads.codes), frame));
        co_return;
    }
    // An object the gateway announced has its read now: the window has nothing to add.
    const bool is_each = parts_.config.event.gather == Gather::each_code;
    std::vector<std::string> together;
    for (std::string& code : reads.codes) {
        together.push_back(std::move(code));
        if (!is_each) continue;
        co_await wait_for_room();
        emit(read_of(std::exchange(together, {}), frame));
    }
    if (!together.empty() || reads.is_no_read) emit(read_of(std::move(together), frame));
    if (window_.is_open()) {
        (void)window_.take(parts_.world.clock->now());
        command(parts_.config.event.trigger_off);
        window_changed_->notify();
    }
}

boost::asio::awaitable<void> ScannerLine::wait_for_room() {
    if (waiting_.size() < parts_.config.waiting_max) co_return;
    ++held_back_times_;
    while (waiting_.size() >= parts_.config.waiting_max) {
        co_await room_->wait();
    }
}

// ---- windows

void ScannerLine::object_here() {
    if (!window_changed_ || is_stopping_) return;  // not running
    ++objects_;
    const bool triggers = parts_.config.event.is_triggered;
    if (!triggers && last_read_at_ && now() - *last_read_at_ < edge_known_after) return;
    policy_.new_object();
    if (waiting_.size() >= parts_.config.waiting_max + events_beyond_max) {
        ++objects_refused_;
        return;
    }
    if (window_.is_open()) finish_window();
    if (!triggers) return;
    window_.open(now(), true);
    if (!link_) {
        // Nobody looks: the carton stands there all the same, and must go somewhere.
        finish_window();
        return;
    }
    command(parts_.config.event.trigger_on);
    window_changed_->notify();
}

void ScannerLine::collect(ReadEvent read) {
    if (!window_.is_open()) window_.open(now(), false);
    const bool has_looked = read.codes.empty();
    window_.add(std::move(read));
    // The scanner's own no-read is its last word, unless another of its heads has read something.
    if (window_.is_complete() || (has_looked && !window_.has_codes())) {
        finish_window();
    } else {
        window_changed_->notify();
    }
}

void ScannerLine::finish_window() {
    const bool is_announced = window_.is_announced();
    ReadEvent event = window_.take(parts_.world.clock->now());
    if (is_announced) command(parts_.config.event.trigger_off);
    emit(std::move(event));
    window_changed_->notify();
}

boost::asio::awaitable<void> ScannerLine::watching_window() {
    using namespace boost::asio::experimental::awaitable_operators;
    for (;;) {
        if (!window_.is_open()) {
            co_await window_changed_->wait();
            continue;
        }
        const std::chrono::milliseconds left = window_.left(now());
        if (left.count() == 0) {
            finish_window();
            continue;
        }
        co_await (parts_.world.wait(left) || window_changed_->wait());
    }
}

void ScannerLine::command(const std::string& text) {
    if (text.empty() || !link_) return;
    commands_.emplace_back(text, link_number_);
    commanded_->notify();
}

boost::asio::awaitable<void> ScannerLine::commanding() {
    for (;;) {
        while (commands_.empty()) {
            co_await commanded_->wait();
        }
        Command next = std::move(commands_.front());
        commands_.pop_front();
        co_await say(std::move(next));
    }
}

// ---- events

void ScannerLine::emit(ReadEvent event) {
    const bool is_no_read = event.codes.empty();
    std::string bytes = is_no_read ? std::move(event.told) : event.codes.front();
    Scan scan(parts_.device, std::move(bytes), event.received);
    if (event.codes.size() > 1) scan.codes = std::move(event.codes);
    scan.age = event.age;
    scan.is_no_read = is_no_read;
    ++(is_no_read ? no_reads_ : scans_);
    waiting_.emplace_back(std::move(scan), link_number_);
    arrived_->notify();
    // Without a link nobody looked: that says nothing about the scanner's reading.
    if (!link_) return;
    drops_at_last_good_ = cutter_.drops().frames();
    backoff_.reset();
    health_.useful();
    read_rate_.note(is_no_read);
    if (!is_no_read) scan_rate_.note(now());
    judge_read_rate();
}

/// Said once when it gets bad and once when it is good again, not with each changed percentage.
void ScannerLine::judge_read_rate() {
    std::string warning = read_rate_.warning();
    if (warning.empty()) warning = scan_rate_.warning();
    const bool was_bad = std::exchange(is_reading_badly_, !warning.empty());
    if (is_reading_badly_) {
        if (!was_bad) health_.set(HealthState::degraded, std::move(warning));
    } else if (health_.health().state != HealthState::ready) {
        health_.set(HealthState::ready);
    }
}

void ScannerLine::judge_line_quality() {
    if (cutter_.drops().frames() - drops_at_last_good_ < noisy_after) return;
    health_.set(HealthState::degraded,
                "the bytes that come are not whole codes: check speed, parity and framing");
}

}  // namespace lotgate::adapters
