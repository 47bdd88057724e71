#include "adapters/transport/scanner_line.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t read_bytes_max = 4096;
constexpr auto answer_within = 1000ms;
/// A link that held this long was good: the next attempt after its loss is a quick one.
constexpr auto good_link_after = 5s;
/// The rest of a frame that was on the wire when the port was opened follows at once.
constexpr auto joining_gap = 20ms;

std::chrono::milliseconds in_ms(std::chrono::nanoseconds time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

}  // namespace

ScannerConfig parse_scanner(SettingsTable& table, const ScannerProfile& profile) {
    ScannerConfig config;
    config.frame = parse_frame(table, profile.framing);
    config.policy = parse_scan_policy(table, profile);
    config.event = parse_read_event(table, profile);
    config.feedback = parse_scan_feedback(table, profile.feedback);
    config.reading = parse_code_reading(table);
    config.silent_max = table.duration("silent_max", config.silent_max, {0ms, 1h});
    if (config.silent_max > 0ms && config.silent_max < 1s) {
        table.problem("silent_max", "a scanner may be silent for at least 1s, or 0s for ever");
    }
    config.waiting_max = static_cast<std::size_t>(
        table.integer("waiting_max", static_cast<std::int64_t>(config.waiting_max), {1, 1000}));
    config.stale_window = table.duration("stale_window", config.stale_window, {0ms, 60s});
    return config;
}

std::string describe(const ScannerConfig& config) {
    std::string framing = "frames end with CR or LF";
    if (config.frame.shape == FrameConfig::Shape::silence) framing = "frames end by silence";
    if (!config.frame.end.empty()) {
        framing =
            fmt::format("frames {}...{}", escaped(config.frame.start), escaped(config.frame.end));
    }
    return fmt::format("{}, up to {} bytes, gap {} ms, same code quiet for {} ms, {} may wait, {}",
                       framing,
                       config.frame.frame_bytes_max,
                       config.frame.idle_gap.count(),
                       config.policy.same_code_quiet.count(),
                       config.waiting_max,
                       describe(config.event));
}

ScannerLine::ScannerLine(Parts parts)
    : parts_(std::move(parts)),
      cutter_(parts_.config.frame),
      policy_(parts_.config.policy),
      health_(*parts_.world.clock, parts_.world.log),
      backoff_(parts_.world.random),
      window_(parts_.config.event) {}

std::chrono::nanoseconds ScannerLine::now() const {
    return parts_.world.clock->monotonic();
}

boost::asio::awaitable<void> ScannerLine::run() {
    using namespace boost::asio::experimental::awaitable_operators;
    const auto loop = co_await boost::asio::this_coro::executor;
    arrived_.emplace(loop);
    room_.emplace(loop);
    stopped_.emplace(loop);
    window_changed_.emplace(loop);
    commanded_.emplace(loop);
    can_write_.emplace(loop);
    if (is_stopping_) co_return;
    try {
        co_await ((reading() && deciding()) || watching_window() || commanding());
    } catch (const boost::system::system_error&) {
        // Cancelled: the one way this ends without stop().
    } catch (const boost::asio::multiple_exceptions&) {
        // Cancelled, and several of them say so.
    }
    link_.reset();
}

void ScannerLine::stop() {
    // What was read of the object in front is decided; an object not read yet is nobody's no-read.
    if (window_.is_open() && window_.has_codes()) finish_window();
    is_stopping_ = true;
    if (stopped_ && waiting_.empty() && !is_deciding_) stopped_->notify();
}

void ScannerLine::not_there_yet(std::string because) {
    const bool is_new = health_.health().state == HealthState::starting;
    if (is_new) health_.set(HealthState::starting, std::move(because));
}

void ScannerLine::drop_link() {
    if (link_) link_->close();
}

// ---- reading

boost::asio::awaitable<void> ScannerLine::reading() {
    using namespace boost::asio::experimental::awaitable_operators;
    co_await (supervised() || stopped_->wait());
    is_reading_over_ = true;
    arrived_->notify();
}

boost::asio::awaitable<void> ScannerLine::supervised() {
    const Serve serve_link = [this](std::shared_ptr<ByteStream> stream) {
        return serve(std::move(stream));
    };
    const Wait& pause = parts_.pause ? parts_.pause : parts_.world.wait;
    const Supervised device{parts_.open, serve_link, health_, backoff_, pause};
    co_await supervise(device);
}

void ScannerLine::opened(const std::shared_ptr<ByteStream>& stream) {
    link_ = stream;
    ++link_number_;
    opened_at_ = heard_at_ = now();
    waited_ = 0ns;
    write_fault_.reset();
    is_joining_ = parts_.config.joins_midway;
    is_reading_badly_ = false;  // said again, if it still is so
    if (is_joining_) cutter_.joined_midway();
    recorder_.note(parts_.world.clock->now(), WireWay::event, "opened " + stream->describe());
    health_.set(HealthState::ready);
}

void ScannerLine::ended(const Fault& fault) {
    link_.reset();
    lost_at_ = now();
    ++losses_;
    cutter_.cut_off();
    if (window_.is_open()) finish_window();
    if (now() - opened_at_ > good_link_after) backoff_.reset();
    recorder_.note(parts_.world.clock->now(), WireWay::event, fault.detail());
}

boost::asio::awaitable<Fault> ScannerLine::serve(std::shared_ptr<ByteStream> stream) {
    opened(stream);
    Fault fault = co_await read_until_broken(std::move(stream));
    if (write_fault_) fault = *write_fault_;
    ended(fault);
    co_return fault;
}

/// Silence ends a frame, or a link that ought to send heartbeats.
std::chrono::milliseconds ScannerLine::read_limit() const {
    std::chrono::milliseconds limit = no_limit;
    if (cutter_.is_inside()) limit = is_joining_ ? joining_gap : parts_.config.frame.idle_gap;
    if (parts_.config.silent_max > 0ms) {
        const auto left = parts_.config.silent_max - in_ms(now() - heard_at_);
        limit = std::min(limit, std::max(left, 1ms));
    }
    return limit;
}

boost::asio::awaitable<Fault> ScannerLine::read_until_broken(std::shared_ptr<ByteStream> stream) {
    for (;;) {
        Result<std::string> read = co_await stream->read_some(read_bytes_max, read_limit());
        std::vector<std::string> frames;
        const bool has_read = read.has_value();
        is_joining_ = false;
        if (has_read) {
            heard_at_ = read_at_ = now();
            bytes_in_ += read->size();
            recorder_.note(parts_.world.clock->now(), WireWay::in, *read);
            frames = cutter_.feed(*read);
        } else if (read.error().code() == FaultCode::timed_out) {
            if (cutter_.is_inside()) frames = cutter_.silent();
        } else {
            co_return std::move(read).error();
        }
        co_await take(std::move(frames));
        if (has_read) {
            // What the wire and the kernel hold by now may have come as long ago as this began.
            waited_ = now() - read_at_;
            heard_at_ = now();
        }
        if (parts_.config.silent_max > 0ms && now() - heard_at_ >= parts_.config.silent_max) {
            co_return Fault(
                FaultCode::timed_out,
                stream->describe() + ": no heartbeat (power, cable, or heartbeats off?)");
        }
    }
}

/// How old the reads in hand may be: made while the link was away, or while we did not read.
std::chrono::milliseconds ScannerLine::age_now() const {
    std::chrono::nanoseconds age = waited_ + (now() - read_at_);
    const bool is_fresh_link = now() - opened_at_ < parts_.config.stale_window;
    if (lost_at_ && is_fresh_link) age = std::max(age, now() - *lost_at_);
    return in_ms(age);
}

// ---- deciding

boost::asio::awaitable<void> ScannerLine::deciding() {
    for (;;) {
        while (waiting_.empty()) {
            if (is_reading_over_) co_return;
            co_await arrived_->wait();
        }
        Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        room_->notify();
        is_deciding_ = true;
        co_await decide(std::move(next));
        is_deciding_ = false;
        if (is_stopping_ && waiting_.empty()) stopped_->notify();
    }
}

boost::asio::awaitable<void> ScannerLine::decide(Waiting next) {
    std::vector<std::string> codes = next.scan.codes;
    if (codes.empty()) codes.push_back(next.scan.bytes);
    const ScanAnswer answer = co_await parts_.on_scan(std::move(next.scan));
    if (answer.light == Light::unavailable) {
        for (const std::string& code : codes) policy_.forget(code);
    }
    // An answer belongs to the link its code came from: after a reconnect nobody waits for it.
    Command told(parts_.config.feedback.text_for(answer), next.link);
    co_await say(std::move(told));
}

/// Answers and commands share the link: one write at a time.
boost::asio::awaitable<void> ScannerLine::say(Command command) {
    while (is_writing_) {
        co_await can_write_->wait();
    }
    if (command.text.empty() || !link_ || command.link != link_number_) co_return;
    const std::shared_ptr<ByteStream> link = link_;
    recorder_.note(parts_.world.clock->now(), WireWay::out, command.text);
    is_writing_ = true;
    const Result<> sent = co_await link->write_all(std::move(command.text), answer_within);
    is_writing_ = false;
    can_write_->notify();
    if (sent) co_return;
    ++answers_failed_;
    if (link == link_) write_fault_ = sent.error();
    link->close();
}

std::vector<Counter> ScannerLine::counters() const {
    const FrameDrops& drops = cutter_.drops();
    return {{"scans", scans_},
            {"no_reads", no_reads_},
            {"no_reads_of_1000", static_cast<std::uint64_t>(read_rate_.recent_no_reads() * 1000.0)},
            {"reads_in_10min", scan_rate_.recent()},
            {"usual_in_10min", static_cast<std::uint64_t>(scan_rate_.usual())},
            {"suppressed", policy_.suppressed()},
            {"heartbeats", heartbeats_},
            {"bytes_in", bytes_in_},
            {"dropped_too_long", drops.too_long},
            {"dropped_unfinished", drops.unfinished},
            {"dropped_headless", drops.headless},
            {"dropped_restarted", drops.restarted},
            {"dropped_cut_off", drops.cut_off},
            {"noise_bytes", drops.noise_bytes},
            {"held_back", held_back_times_},
            {"answers_failed", answers_failed_},
            {"losses", losses_},
            {"device_faults", device_faults_},
            {"objects", objects_},
            {"objects_refused", objects_refused_},
            {"waiting", waiting_.size()}};
}

}  // namespace lotgate::adapters
