#include "adapters/label_printer/label_printer.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lotgate::adapters {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

using Tick = LabelFollower::Tick;

constexpr Tick look_when_hindered = 500ms;
constexpr Tick look_when_hindered_long = 2s;
constexpr unsigned looks_before_long = 60;
constexpr Tick look_when_busy = 50ms;
constexpr Tick pause_max = 100ms;
constexpr Tick silent_pause_max = 10s;

OpenStream opener_of(const LabelPrinterConfig& config) {
    if (const auto* tcp = std::get_if<TcpConfig>(&config.line))
        return [tcp = *tcp] { return open_tcp(tcp); };
    if (const auto* device = std::get_if<CharDeviceConfig>(&config.line))
        return [device = *device] { return open_char_device(device); };
    return [serial = std::get<SerialConfig>(config.line)] { return open_serial(serial); };
}

}  // namespace

LabelPrinter::LabelPrinter(Identity is,
                           const LabelPrinterConfig& config,
                           OnPrint on_print,
                           World world)
    : LabelPrinter(
          std::move(is), config, std::move(on_print), std::move(world), opener_of(config)) {}

LabelPrinter::LabelPrinter(
    Identity is, LabelPrinterConfig config, OnPrint on_print, World world, OpenStream open)
    : is_(std::move(is)),
      config_(std::move(config)),
      on_print_(std::move(on_print)),
      world_(std::move(world)),
      open_(std::move(open)),
      health_(*world_.clock, world_.log),
      backoff_(world_.random) {}

Tick LabelPrinter::now() const {
    return std::chrono::duration_cast<Tick>(world_.clock->monotonic());
}

Result<> LabelPrinter::enqueue(PrintOrder order) {
    if (is_stopping_) return fail(FaultCode::closed, "the printer is being stopped");
    auto label = is_.language.one_label(order.bytes);
    if (!label || waiting() >= config_.queue_max) ++counts_.refused;
    if (!label) return fail(label.error());
    if (waiting() >= config_.queue_max)
        return fail(FaultCode::full,
                    fmt::format("{} labels wait at {} already", waiting(), is_.id.text()));
    order.bytes = std::move(*label);
    if (order.queued == Instant{}) order.queued = world_.clock->now();
    orders_.push_back(std::move(order));
    if (has_work_) has_work_->notify();
    return {};
}

std::size_t LabelPrinter::waiting() const {
    return orders_.size() + in_flight_.size();
}

std::vector<QueuedLabel> LabelPrinter::queue() const {
    std::vector<QueuedLabel> labels;
    labels.reserve(waiting());
    for (std::size_t i = 0; i < in_flight_.size(); ++i) {
        const auto& order = in_flight_[i];
        // Those that are about to be recorded as sent cannot be withdrawn either.
        labels.push_back({order.effect_id, order.queued, order.stale_after, true});
    }
    for (const auto& order : orders_)
        labels.push_back({order.effect_id, order.queued, order.stale_after, false});
    return labels;
}

std::optional<PrintOrder> LabelPrinter::withdraw(std::int64_t effect_id) {
    const auto at = std::find_if(orders_.begin(), orders_.end(), [&](const PrintOrder& order) {
        return order.effect_id == effect_id;
    });
    if (at == orders_.end()) return std::nullopt;
    std::optional<PrintOrder> order = std::move(*at);
    orders_.erase(at);
    ++counts_.withdrawn;
    return order;
}

void LabelPrinter::resume() {
    wants_resume_ = true;
    looks_in_vain_ = 0;
    if (has_work_) has_work_->notify();
}

std::string LabelPrinter::test_label(const std::string& text) const {
    std::string plain;
    for (const char c : text) {
        const bool is_harmless = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                                 (c >= 'a' && c <= 'z') || c == '.' || c == ':' || c == '-';
        plain += is_harmless ? c : ' ';
    }
    return is_.language.test_label(plain);
}

asio::awaitable<void> LabelPrinter::run() {
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

void LabelPrinter::stop() {
    is_stopping_ = true;
    if (stopped_) stopped_->notify();
}

// ---- one line

asio::awaitable<Fault> LabelPrinter::serve(std::shared_ptr<ByteStream> line) {
    Talk talk(std::move(line), is_.language.dialogue());
    talk.has_counter = config_.has_counter;
    ++counts_.links;
    for (;;) {
        if (!talk.fresh) {
            auto status = co_await ask_status(talk);
            if (status && !*status) {
                status = co_await ask_errors(talk);
            }
            if (!status) co_return status.error();
            if (!*status) {
                co_return Fault(FaultCode::timed_out, std::string(is_.language.silent_because));
            }
            talk.fresh = **status;
        }
        const HostStatus status = *talk.fresh;
        show(status);
        const bool can_print = status.hindrance().empty() && status.is_idle();
        if (can_print && talk.answered < talk.asked)
            co_return Fault(FaultCode::timed_out, "answers came late: getting back into step");
        Result<> done;  // not by ?: of two co_awaits: g++ 12 destroys the wrong one
        if (wants_resume_) {
            done = co_await unpause(talk);
        } else if (can_print && !orders_.empty()) {
            done = co_await print(talk);
        } else {
            done = co_await rest(talk, can_print);
        }
        if (!done) co_return done.error();
    }
}

asio::awaitable<Result<>> LabelPrinter::unpause(Talk& talk) {
    wants_resume_ = false;
    const bool is_paused = talk.fresh->is_paused;
    talk.fresh.reset();
    if (!is_paused || is_.language.end_pause.empty()) co_return Result<>{};
    std::string order(is_.language.end_pause);
    co_return co_await talk.line->write_all(std::move(order), config_.write_within);
}

// A printer that somebody is mending is looked at often, so that it goes on by itself; one that
// nobody mends is left alone more and more.
std::chrono::milliseconds LabelPrinter::pause_before_look(const Talk& talk, bool can_print) {
    const bool is_hindered = !talk.fresh->hindrance().empty();
    looks_in_vain_ = is_hindered ? looks_in_vain_ + 1 : 0;
    if (can_print) return config_.look_every;
    if (!is_hindered) return std::min(config_.look_every, look_when_busy);
    const auto look =
        looks_in_vain_ > looks_before_long ? look_when_hindered_long : look_when_hindered;
    return std::min(config_.look_every, look);
}

// Until there is work, or it is time to look again; what the printer says unasked is passed over.
asio::awaitable<Result<>> LabelPrinter::rest(Talk& talk, bool can_print) {
    using namespace asio::experimental::awaitable_operators;
    const bool has_orders = !orders_.empty();
    const auto pause = pause_before_look(talk, can_print);
    talk.fresh.reset();
    auto read = talk.line->read_some(read_bytes_max, pause);
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

void LabelPrinter::put_back() {
    while (!in_flight_.empty()) {
        orders_.push_front(std::move(in_flight_.back()));
        in_flight_.pop_back();
    }
}

asio::awaitable<Result<>> LabelPrinter::print(Talk& talk) {
    while (!orders_.empty() && in_flight_.size() < config_.window) {
        in_flight_.push_back(std::move(orders_.front()));
        orders_.pop_front();
    }
    const auto before = co_await ask_counter(talk);
    if (!before) {
        put_back();
        co_return fail(before.error());
    }
    talk.fresh.reset();
    if (!co_await record_sent()) {
        health_.set(HealthState::degraded,
                    "labels wait: what is sent cannot be recorded, look at the store");
        co_await world_.wait(1s);
        co_return Result<>{};
    }
    co_return co_await send(talk, *before);
}

// False: none of them is recorded as sent, and all wait again. Those that are not recorded go back
// into the queue: not one of their bytes has left.
asio::awaitable<bool> LabelPrinter::record_sent() {
    std::size_t recorded = 0;
    while (recorded < in_flight_.size()) {
        const bool is_durable = co_await on_print_(
            PrintReport(in_flight_[recorded].effect_id, PrintState::sent, std::string()));
        if (!is_durable) break;
        ++recorded;
    }
    while (in_flight_.size() > recorded) {
        orders_.push_front(std::move(in_flight_.back()));
        in_flight_.pop_back();
    }
    co_return recorded > 0;
}

asio::awaitable<Result<>> LabelPrinter::send(Talk& talk, std::optional<std::uint64_t> before) {
    const Followed from{before, talk.asked};
    std::string labels;
    for (const auto& order : in_flight_) labels += order.bytes;
    const auto sent = co_await talk.line->write_all(std::move(labels), config_.write_within);
    Result<LabelFollower::Verdict> verdict = fail(FaultCode::closed, "not sent");
    if (sent)
        verdict = co_await follow(talk, from);
    else
        verdict = fail(sent.error());
    if (verdict) {
        co_await conclude(std::move(*verdict));
        co_return Result<>{};
    }
    const LabelFollower nobody(config_.follow, CounterProof{}, now());
    auto broken = nobody.broke(verdict.error().detail());
    co_await conclude(std::move(broken));
    co_return fail(verdict.error());
}

asio::awaitable<Result<LabelFollower::Verdict>> LabelPrinter::follow(Talk& talk, Followed from) {
    const CounterProof proof{
        from.before, in_flight_.size(), has_counter_moved_, is_.language.status_runs_ahead};
    LabelFollower follower(config_.follow, proof, now());
    Tick silent_pause = pause_max;
    for (Tick pause = 1ms;; pause = std::min(pause + pause / 2 + 1ms, pause_max)) {
        const auto answer = co_await ask_status(talk);
        if (!answer) co_return fail(answer.error());
        std::optional<LabelFollower::Verdict> verdict;
        if (*answer) {
            const HostStatus status = **answer;
            verdict = follower.saw(status, talk.answered > from.asked_before, now());
            if (!status.hindrance().empty()) show(status);
            silent_pause = pause_max;
        } else {
            verdict = follower.heard_nothing(now());
            health_.set(HealthState::degraded, std::string(is_.language.silent_because));
            silent_pause = std::min(silent_pause * 2, silent_pause_max);
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
        auto wait = follower.had_fault() ? pause_max : pause;
        if (!*answer) wait = silent_pause;
        co_await world_.wait(wait);
    }
}

asio::awaitable<void> LabelPrinter::conclude(LabelFollower::Verdict verdict) {
    const bool is_by_counter =
        verdict.state == PrintState::confirmed && !verdict.because.starts_with("by host status");
    const std::uint64_t labels = in_flight_.size();
    has_counter_moved_ = has_counter_moved_ || is_by_counter;
    if (is_by_counter) counts_.printed_by_counter += labels;
    if (verdict.state == PrintState::confirmed) {
        counts_.printed += labels;
        health_.useful();
        backoff_.reset();
    } else {
        (verdict.state == PrintState::failed ? counts_.failed : counts_.in_doubt) += labels;
    }
    while (!in_flight_.empty()) {
        PrintReport told(in_flight_.front().effect_id, verdict.state, verdict.because);
        co_await report(std::move(told));
        in_flight_.erase(in_flight_.begin());
    }
}

asio::awaitable<void> LabelPrinter::report(PrintReport told) {
    for (;;) {
        PrintReport again = told;
        if (co_await on_print_(std::move(again))) co_return;
        co_await world_.wait(1s);
    }
}

asio::awaitable<void> LabelPrinter::watch_age() {
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

// ---- what a person sees

std::string LabelPrinter::labels_wait() const {
    const auto count = waiting();
    if (count == 0) return {};
    return fmt::format("; {} label{} wait{}", count, count == 1 ? "" : "s", count == 1 ? "s" : "");
}

void LabelPrinter::show(const HostStatus& status) {
    const auto hindrance = status.hindrance();
    if (!hindrance.empty()) {
        health_.set(HealthState::failed, hindrance + labels_wait());
    } else if (status.is_too_cold) {
        health_.set(HealthState::degraded, "head is cold: labels may be pale");
    } else if (status.has_label_to_take) {
        health_.set(HealthState::degraded, "a printed label waits to be taken");
    } else if (status.is_paper_low) {
        health_.set(HealthState::degraded, "few labels are left on the roll: have another ready");
    } else {
        health_.set(HealthState::ready);
    }
}

}  // namespace lotgate::adapters
