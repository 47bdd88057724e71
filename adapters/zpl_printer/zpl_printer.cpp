#include "adapters/zpl_printer/zpl_printer.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lotgate::adapters {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Tick = LabelFollower::Tick;

namespace {

constexpr const char* silent_text =
    "the printer does not answer: is it out of labels or ribbon, is its head open, is it a ZPL "
    "printer?";
// The line end separates it from a question in the other language (! U1 …) that may follow.
constexpr std::string_view ask_host_status = "~HS\r\n";
constexpr std::string_view ask_error_status = "~HQES\r\n";
constexpr std::string_view ask_label_counter = "! U1 getvar \"odometer.total_label_count\"\r\n";
constexpr Tick look_when_hindered = 500ms;
constexpr Tick look_when_busy = 50ms;
constexpr Tick pause_max = 100ms;
constexpr std::size_t read_max = 1024;

OpenStream opener_of(const ZplPrinterConfig& config) {
    if (const auto* tcp = std::get_if<TcpConfig>(&config.line))
        return [tcp = *tcp] { return open_tcp(tcp); };
    return [serial = std::get<SerialConfig>(config.line)] { return open_serial(serial); };
}

}  // namespace

ZplPrinter::ZplPrinter(DeviceId id, ZplPrinterConfig config, OnPrint on_print, World world)
    : ZplPrinter(std::move(id), config, std::move(on_print), std::move(world), opener_of(config)) {}

ZplPrinter::ZplPrinter(
    DeviceId id, ZplPrinterConfig config, OnPrint on_print, World world, OpenStream open)
    : id_(std::move(id)),
      config_(std::move(config)),
      on_print_(std::move(on_print)),
      world_(std::move(world)),
      open_(std::move(open)),
      health_(*world_.clock, world_.log),
      backoff_(world_.random) {}

Tick ZplPrinter::now() const {
    return std::chrono::duration_cast<Tick>(world_.clock->monotonic());
}

Result<> ZplPrinter::enqueue(PrintOrder order) {
    if (is_stopping_) return fail(FaultCode::closed, "the printer is being stopped");
    auto label = one_label(order.bytes);
    if (!label || waiting() >= config_.queue_max) ++counts_.refused;
    if (!label) return fail(label.error());
    if (waiting() >= config_.queue_max)
        return fail(FaultCode::full,
                    fmt::format("{} labels wait at {} already", waiting(), id_.text()));
    order.bytes = std::move(*label);
    orders_.push_back(std::move(order));
    if (has_work_) has_work_->notify();
    return {};
}

std::size_t ZplPrinter::waiting() const {
    return orders_.size() + (in_flight_ ? 1U : 0U);
}

asio::awaitable<void> ZplPrinter::run() {
    using namespace asio::experimental::awaitable_operators;
    const auto loop = co_await asio::this_coro::executor;
    has_work_ = std::make_unique<LoopEvent>(loop);
    stopped_ = std::make_unique<LoopEvent>(loop);
    if (is_stopping_) co_return;
    const Serve serve_line = [this](std::shared_ptr<ByteStream> line) {
        return serve(std::move(line));
    };
    const Supervised supervised{open_, serve_line, health_, backoff_, world_.wait};
    try {
        co_await (supervise(supervised) || watch_age() || stopped_->wait());
    } catch (const boost::system::system_error&) {
        // Cancelled.
    }
}

void ZplPrinter::stop() {
    is_stopping_ = true;
    if (stopped_) stopped_->notify();
}

// ---- one line

asio::awaitable<Fault> ZplPrinter::serve(std::shared_ptr<ByteStream> line) {
    Talk talk(std::move(line));
    talk.has_counter = config_.has_counter;
    ++counts_.links;
    for (;;) {
        if (!talk.fresh) {
            auto status = co_await ask_status(talk);
            if (status && !*status) status = co_await ask_errors(talk);
            if (!status) co_return status.error();
            if (!*status) co_return Fault(FaultCode::timed_out, silent_text);
            talk.fresh = **status;
        }
        const HostStatus status = *talk.fresh;
        show(status);
        const bool can_print = status.hindrance().empty() && status.is_idle();
        if (can_print && talk.answered < talk.asked)
            co_return Fault(FaultCode::timed_out, "answers came late: getting back into step");
        Result<> done;  // not by ?: of two co_awaits: g++ 12 destroys the wrong one
        if (can_print && !orders_.empty())
            done = co_await print(talk);
        else
            done = co_await rest(talk, can_print);
        if (!done) co_return done.error();
    }
}

// Until there is work, or it is time to look again; what the printer says unasked is passed over.
asio::awaitable<Result<>> ZplPrinter::rest(Talk& talk, bool can_print) {
    using namespace asio::experimental::awaitable_operators;
    const bool has_orders = !orders_.empty();
    const bool is_hindered = !talk.fresh->hindrance().empty();
    auto pause = config_.look_every;
    if (!can_print && is_hindered) pause = std::min(pause, look_when_hindered);
    if (!can_print && !is_hindered) pause = std::min(pause, look_when_busy);
    talk.fresh.reset();
    auto read = talk.line->read_some(read_max, pause);
    if (has_orders) {
        const auto unasked = co_await std::move(read);
        if (!unasked && unasked.error().code() != FaultCode::timed_out)
            co_return fail(unasked.error());
        co_return Result<>{};
    }
    const auto first = co_await (std::move(read) || has_work_->wait());
    if (first.index() == 1) co_return Result<>{};
    const auto& unasked = std::get<0>(first);
    if (!unasked && unasked.error().code() != FaultCode::timed_out) co_return fail(unasked.error());
    co_return Result<>{};
}

asio::awaitable<Result<>> ZplPrinter::print(Talk& talk) {
    in_flight_ = std::move(orders_.front());
    orders_.pop_front();
    const auto before = co_await ask_counter(talk);
    if (!before) {
        orders_.push_front(std::move(*in_flight_));
        in_flight_.reset();
        co_return fail(before.error());
    }
    const bool is_durable =
        co_await on_print_(PrintReport(in_flight_->effect_id, PrintState::sent, {}));
    if (!is_durable) {
        // Not one byte has left. It stays the first, and is tried again.
        orders_.push_front(std::move(*in_flight_));
        in_flight_.reset();
        health_.set(HealthState::degraded,
                    "labels wait: what is sent cannot be recorded, look at the store");
        co_await world_.wait(1s);
        talk.fresh.reset();
        co_return Result<>{};
    }
    talk.fresh.reset();
    const auto asked_before = talk.asked;
    const auto sent = co_await talk.line->write_all(in_flight_->bytes, config_.write_within);
    if (!sent) {
        const LabelFollower nobody(config_.follow, std::nullopt, now());
        auto broken = nobody.broke(sent.error().detail());
        co_await conclude(std::move(broken));
        co_return fail(sent.error());
    }
    auto verdict = co_await follow(talk, *before, asked_before);
    if (verdict) {
        co_await conclude(std::move(*verdict));
        co_return Result<>{};
    }
    const LabelFollower nobody(config_.follow, *before, now());
    auto broken = nobody.broke(verdict.error().detail());
    co_await conclude(std::move(broken));
    co_return fail(verdict.error());
}

asio::awaitable<Result<LabelFollower::Verdict>> ZplPrinter::follow(
    Talk& talk, std::optional<std::uint64_t> before, std::uint64_t asked_before) {
    LabelFollower follower(config_.follow, before, now());
    for (Tick pause = 1ms;; pause = std::min(pause + pause / 2 + 1ms, pause_max)) {
        const auto answer = co_await ask_status(talk);
        if (!answer) co_return fail(answer.error());
        std::optional<LabelFollower::Verdict> verdict;
        if (*answer) {
            const HostStatus status = **answer;
            verdict = follower.saw(status, talk.answered > asked_before, now());
            if (!status.hindrance().empty()) show(status);
        } else {
            verdict = follower.heard_nothing(now());
            health_.set(HealthState::degraded, silent_text);
        }
        if (!verdict && *answer && follower.wants_counter()) {
            const auto counter = co_await ask_counter(talk);
            if (!counter) co_return fail(counter.error());
            verdict = follower.counted(*counter, now());
        }
        if (verdict) {
            if (*answer && verdict->state == PrintState::confirmed) talk.fresh = **answer;
            co_return std::move(*verdict);
        }
        co_await world_.wait(follower.had_fault() ? pause_max : pause);
    }
}

asio::awaitable<void> ZplPrinter::conclude(LabelFollower::Verdict verdict) {
    PrintReport told(in_flight_->effect_id, verdict.state, std::move(verdict.because));
    switch (verdict.state) {
        case PrintState::confirmed:
            ++counts_.printed;
            if (!told.because.starts_with("by host status")) ++counts_.printed_by_counter;
            health_.useful();
            backoff_.reset();
            break;
        case PrintState::failed:
            ++counts_.failed;
            break;
        default:
            ++counts_.in_doubt;
            break;
    }
    co_await report(std::move(told));
    in_flight_.reset();
}

asio::awaitable<void> ZplPrinter::report(PrintReport told) {
    for (;;) {
        PrintReport again = told;
        if (co_await on_print_(std::move(again))) co_return;
        co_await world_.wait(1s);
    }
}

asio::awaitable<void> ZplPrinter::watch_age() {
    for (;;) {
        const auto present = world_.clock->now();
        const auto old = std::find_if(orders_.begin(), orders_.end(), [&](const PrintOrder& order) {
            return order.stale_after < present;
        });
        if (old == orders_.end()) {
            co_await world_.wait(250ms);
            continue;
        }
        PrintReport told(old->effect_id, PrintState::failed, "too old: it waited past its time");
        orders_.erase(old);
        ++counts_.failed;
        ++counts_.too_old;
        co_await report(std::move(told));
    }
}

// ---- questions

// Reads once more; true when something came before `until`.
asio::awaitable<Result<bool>> ZplPrinter::listen(Talk& talk, Tick until) {
    const auto left = until - now();
    if (left <= 0ms) co_return false;
    const auto bytes = co_await talk.line->read_some(read_max, left);
    if (!bytes && bytes.error().code() == FaultCode::timed_out) co_return false;
    if (!bytes) co_return fail(bytes.error());
    talk.replies.feed(*bytes);
    co_return true;
}

asio::awaitable<ZplPrinter::MaybeStatus> ZplPrinter::ask_status(Talk& talk) {
    std::string question(ask_host_status);
    LG_CO_CHECK(co_await talk.line->write_all(std::move(question), config_.write_within));
    ++talk.asked;
    const auto until = now() + config_.answer_within;
    for (;;) {
        if (auto status = talk.replies.take_host_status()) {
            ++talk.answered;
            co_return status;
        }
        LG_CO_TRY(const bool came, co_await listen(talk, until));
        if (came) continue;
        ++counts_.silences;
        co_return std::optional<HostStatus>();
    }
}

asio::awaitable<ZplPrinter::MaybeStatus> ZplPrinter::ask_errors(Talk& talk) {
    std::string question(ask_error_status);
    LG_CO_CHECK(co_await talk.line->write_all(std::move(question), config_.write_within));
    const auto until = now() + config_.answer_within / 2;
    for (;;) {
        auto status = talk.replies.take_error_status();
        // It names a fault; that all is well is only believed of ~HS.
        if (status && !status->hindrance().empty()) co_return status;
        if (status) co_return std::optional<HostStatus>();
        LG_CO_TRY(const bool came, co_await listen(talk, until));
        if (!came) co_return std::optional<HostStatus>();
    }
}

asio::awaitable<ZplPrinter::MaybeCounter> ZplPrinter::ask_counter(Talk& talk) {
    if (!talk.has_counter) co_return std::optional<std::uint64_t>();
    std::string question(ask_label_counter);
    LG_CO_CHECK(co_await talk.line->write_all(std::move(question), config_.write_within));
    const auto until = now() + (talk.is_counter_known ? config_.answer_within
                                                      : std::min(config_.answer_within, Tick(500)));
    for (;;) {
        if (const auto value = talk.replies.take_value()) {
            const auto counter = counter_in(*value);
            if (!talk.is_counter_known) talk.has_counter = counter.has_value();
            talk.is_counter_known = true;
            co_return counter;
        }
        LG_CO_TRY(const bool came, co_await listen(talk, until));
        if (came) continue;
        if (!talk.is_counter_known) talk.has_counter = false;
        talk.is_counter_known = true;
        co_return std::optional<std::uint64_t>();
    }
}

// ---- what a person sees

std::string ZplPrinter::labels_wait() const {
    const auto count = waiting();
    if (count == 0) return {};
    return fmt::format("; {} label{} wait{}", count, count == 1 ? "" : "s", count == 1 ? "s" : "");
}

void ZplPrinter::show(const HostStatus& status) {
    const auto hindrance = status.hindrance();
    if (!hindrance.empty()) {
        health_.set(HealthState::failed, hindrance + labels_wait());
    } else if (status.is_too_cold) {
        health_.set(HealthState::degraded, "head is cold: labels may be pale");
    } else if (status.has_label_to_take) {
        health_.set(HealthState::degraded, "a printed label waits to be taken");
    } else {
        health_.set(HealthState::ready);
    }
}

}  // namespace lotgate::adapters
