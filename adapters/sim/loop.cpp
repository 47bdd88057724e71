#include "adapters/sim/loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace lotgate::sim {

namespace {

constexpr std::size_t read_chunk = 65536;

}  // namespace

struct Loop::Signals {
    explicit Signals(asio::io_context& context) : set(context, SIGTERM, SIGINT) {}

    asio::signal_set set;
};

Loop::Loop() : context_(std::make_unique<asio::io_context>(1)) {
    // A peer that is gone is an error of write(), not the end of the simulator.
    std::signal(SIGPIPE, SIG_IGN);
}

Loop::~Loop() = default;

void Loop::stop_on_signals() {
    signals_ = std::make_unique<Signals>(*context_);
    signals_->set.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) stop();
    });
}

void Loop::run() {
    context_->run();
}

void Loop::stop() {
    context_->stop();
}

void Loop::post(Job job) {
    asio::post(*context_, std::move(job));
}

void Loop::after(Duration time, Job job) {
    auto timer = std::make_shared<asio::steady_timer>(*context_, time);
    asio::steady_timer& waits = *timer;
    waits.async_wait(
        [timer = std::move(timer), job = std::move(job)](const boost::system::error_code& error) {
            if (!error) job();
        });
}

asio::io_context& Loop::context() {
    return *context_;
}

struct Timer::Shot {
    explicit Shot(asio::io_context& context) : timer(context) {}

    asio::steady_timer timer;
    Job job;
    std::uint64_t generation = 0;  ///< a cancelled shot may already be queued: it is then stale
};

Timer::Timer(Loop& loop) : shot_(std::make_shared<Shot>(loop.context())) {}

Timer::~Timer() {
    cancel();
}

void Timer::start(Duration after, Job job) {
    start_at(SteadyClock::now() + after, std::move(job));
}

void Timer::start_at(SteadyClock::time_point when, Job job) {
    shot_->job = std::move(job);
    shot_->timer.expires_at(when);
    const std::uint64_t generation = ++shot_->generation;
    shot_->timer.async_wait([shot = shot_, generation](const boost::system::error_code&) {
        if (shot->generation != generation) return;
        // The job may start the timer again, or destroy it.
        const Job due = std::move(shot->job);
        shot->job = nullptr;
        due();
    });
}

void Timer::cancel() {
    ++shot_->generation;
    shot_->timer.cancel();
}

struct Stream::Parts {
    Parts(Loop& loop_, int fd) : loop(loop_), descriptor(loop_.context(), fd) {}

    Loop& loop;
    asio::posix::stream_descriptor descriptor;
    OnBytes on_bytes;
    Job on_closed;
    std::string out;
    std::size_t out_at = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    bool is_open = true;
    bool is_started = false;
    bool is_reading = false;
    bool is_held = false;
    bool is_writing = false;
};

StreamPtr Stream::adopt(Loop& loop, int fd) {
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return StreamPtr(new Stream(std::make_unique<Parts>(loop, fd)));
}

Stream::Stream(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Stream::~Stream() = default;

void Stream::start(OnBytes on_bytes, Job on_closed) {
    parts_->on_bytes = std::move(on_bytes);
    parts_->on_closed = std::move(on_closed);
    parts_->is_started = true;
    wait_for_bytes();
}

void Stream::wait_for_bytes() {
    Parts& parts = *parts_;
    if (!parts.is_open || !parts.is_started || parts.is_reading || parts.is_held) return;
    parts.is_reading = true;
    parts.descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                [self = shared_from_this()](const boost::system::error_code&) {
                                    self->parts_->is_reading = false;
                                    self->read_some();
                                });
}

void Stream::read_some() {
    Parts& parts = *parts_;
    if (!parts.is_open || parts.is_held) return;
    std::array<char, read_chunk> buffer{};
    const ssize_t got = ::read(parts.descriptor.native_handle(), buffer.data(), buffer.size());
    if (got > 0) {
        parts.bytes_in += static_cast<std::uint64_t>(got);
        parts.on_bytes(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        ended();
        return;
    }
    wait_for_bytes();
}

void Stream::ended() {
    if (!parts_->is_open) return;
    const Job told = parts_->on_closed;
    close();
    if (told) told();
}

void Stream::write(std::string_view bytes) {
    if (!parts_->is_open) return;
    parts_->out.append(bytes);
    if (!parts_->is_writing) flush();
}

void Stream::flush() {
    Parts& parts = *parts_;
    while (parts.is_open && parts.out_at < parts.out.size()) {
        const ssize_t put = ::write(parts.descriptor.native_handle(),
                                    parts.out.data() + parts.out_at,
                                    parts.out.size() - parts.out_at);
        if (put > 0) {
            parts.out_at += static_cast<std::size_t>(put);
            parts.bytes_out += static_cast<std::uint64_t>(put);
            continue;
        }
        if (put < 0 && errno == EINTR) continue;
        if (put < 0 && errno != EAGAIN) {
            // Told from the loop, never from inside the caller's write().
            parts.loop.post([self = shared_from_this()] { self->ended(); });
            return;
        }
        parts.is_writing = true;
        parts.descriptor.async_wait(asio::posix::stream_descriptor::wait_write,
                                    [self = shared_from_this()](const boost::system::error_code&) {
                                        self->parts_->is_writing = false;
                                        self->flush();
                                    });
        return;
    }
    parts.out.clear();
    parts.out_at = 0;
}

void Stream::close() {
    if (!parts_->is_open) return;
    parts_->is_open = false;
    boost::system::error_code ignored;
    parts_->descriptor.close(ignored);
    // One of the callbacks may be the caller: they are dropped when it has returned.
    parts_->loop.post([self = shared_from_this()] {
        self->parts_->on_bytes = nullptr;
        self->parts_->on_closed = nullptr;
    });
}

void Stream::reset() {
    if (!parts_->is_open) return;
    const linger at_once{1, 0};
    setsockopt(parts_->descriptor.native_handle(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void Stream::hold_reading(bool on) {
    parts_->is_held = on;
    if (!on) wait_for_bytes();
}

bool Stream::is_open() const {
    return parts_->is_open;
}

std::size_t Stream::backlog() const {
    return parts_->out.size() - parts_->out_at;
}

std::uint64_t Stream::bytes_in() const {
    return parts_->bytes_in;
}

std::uint64_t Stream::bytes_out() const {
    return parts_->bytes_out;
}

}  // namespace lotgate::sim
