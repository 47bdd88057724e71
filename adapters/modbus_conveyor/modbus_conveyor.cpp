#include "adapters/modbus_conveyor/modbus_conveyor.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lotgate::adapters {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t reports_max = 4096;
constexpr Tick look_again_when_lost{100};
constexpr Tick look_again_when_written{5};
constexpr Tick still_moving{2'000};  ///< after a carton the next ones are likely

/// Refused for now, with the link and the PLC in order.
bool is_passing(const Fault& fault) {
    return fault.code() == FaultCode::full || fault.code() == FaultCode::closed;
}

bool is_write_and_read_refused(const Fault& fault) {
    return fault.code() == FaultCode::invalid_input;
}

}  // namespace

/// A divert() that waits for its turn to be written.
struct ModbusConveyor::Waiter {
    explicit Waiter(const asio::any_io_executor& loop) : done(loop) {}

    LoopEvent done;
    std::optional<Result<>> result;
};

ModbusConveyor::ModbusConveyor(DeviceId id,
                               ModbusConveyorConfig config,
                               Perform perform,
                               Around around)
    : id_(std::move(id)),
      config_(std::move(config)),
      world_(std::move(around.world)),
      ears_(std::move(around.ears)),
      perform_(std::move(perform)),
      health_(*world_.clock, world_.log),
      pulse_(config_.stale_after),
      spans_(spans_of(config_.map, config_.points, true)),
      pace_(std::make_shared<ModbusPace>()),
      has_write_and_read_(config_.write_and_read),
      has_report_(around.loop),
      has_unread_(around.loop),
      has_wish_(around.loop),
      stopped_(around.loop) {
    // Any start will do but the same as last time: the PLC takes an unchanged number for silence.
    if (world_.random) beat_ = static_cast<std::uint16_t>(world_.random() * 65535.0);
    for (std::uint16_t number = 0; number < config_.points; ++number) {
        DecisionPoint::Traits traits;
        traits.number = number;
        traits.first_sequence = config_.map.first_sequence;
        traits.acknowledges = config_.map.has(PlcReads::ack_sequence);
        traits.confirms = config_.map.has(PlcReads::confirm_sequence);
        traits.beats = config_.map.heartbeat_counts;
        traits.times = config_.times;
        points_.push_back(
            Point{DecisionPoint(traits), ranges_of(config_.map, number), {}, {}, false});
    }
}

Tick ModbusConveyor::now() const {
    return std::chrono::duration_cast<Tick>(world_.clock->monotonic());
}

asio::awaitable<void> ModbusConveyor::run() {
    using namespace asio::experimental::awaitable_operators;
    co_await (watch() || tell_diverts() || tell_unread() || light_lamps() || stopped_.wait());
    Fault ended(FaultCode::closed, "the conveyor is being stopped");
    for (auto& point : points_)
        while (!point.waiters.empty()) settle(point, point.waiters.begin()->first, fail(ended));
    perform_ = nullptr;  // lets go of the bus: a successor may want its only connection
}

void ModbusConveyor::stop() {
    is_stopping_ = true;
    stopped_.notify();
}

// ---- looking

asio::awaitable<void> ModbusConveyor::watch() {
    for (;;) {
        auto seen = co_await look_everywhere();
        if (seen) {
            seen = co_await beat();
        }
        if (!seen) lost(seen.error());
        // What nobody records is better left in the PLC's registers.
        const bool must_wait = !seen || reports_.size() >= reports_max;
        if (must_wait) {
            co_await world_.wait(look_again_when_lost);
        }
    }
}

// Fast while a decision is out or cartons move, slowly else; and answered in time for whatever is
// due without a change: a repetition, the end of a wait, our heartbeat.
void ModbusConveyor::set_pace() {
    const auto any = [this](bool (DecisionPoint::*is_so)() const) {
        return std::any_of(points_.begin(), points_.end(), [is_so](const Point& point) {
            return (point.protocol.*is_so)();
        });
    };
    const bool is_awaited = any(&DecisionPoint::awaits_acknowledgement);
    const bool is_moving = is_awaited || any(&DecisionPoint::awaits_anything) ||
                           (moved_ != Tick{0} && now() - moved_ < still_moving);
    pace_->every = is_awaited  ? std::min(config_.poll, look_again_when_written)
                   : is_moving ? config_.poll
                               : std::max(config_.poll, config_.poll_idle);
    const auto beaten = beaten_.value_or(now() - config_.heartbeat);
    const auto to_beat = std::max(Tick{1}, beaten + config_.heartbeat - now());
    pace_->at_most = std::min(to_beat, is_moving ? config_.poll : config_.heartbeat);
}

asio::awaitable<Result<>> ModbusConveyor::look_everywhere() {
    if (reports_.size() >= reports_max) co_return Result<>{};
    auto seen = co_await look_at_spans();
    const bool may_be_gaps =
        !seen && seen.error().code() == FaultCode::invalid_input && spans_.size() < points_.size();
    if (may_be_gaps) {
        spans_ = spans_of(config_.map, config_.points, false);
        seen = co_await look_at_spans();
    }
    if (!seen) co_return seen;
    LG_CO_CHECK(co_await recognise());
    for (std::uint16_t number = 0; number < config_.points; ++number)
        LG_CO_CHECK(co_await pump(number));
    if (is_lost_ && !wanted_.empty()) has_wish_.notify();  // the PLC may have been away
    is_lost_ = false;
    show_condition();
    co_return Result<>{};
}

asio::awaitable<Result<>> ModbusConveyor::look_at_spans() {
    std::vector<ModbusRange> ranges;
    for (const auto& span : spans_)
        for (const auto& range : ranges_of(config_.map, span)) ranges.push_back(range);
    ModbusWatch watch(std::move(ranges), pace_);
    if (!is_lost_) watch.known = known_;
    set_pace();
    auto request = ModbusRequest::watching(config_.unit, config_.map.table, std::move(watch));
    LG_CO_TRY(auto answer, co_await ask(std::move(request)));
    link_ = answer.link;
    known_ = std::move(answer.values);
    ++counts_.looks;
    std::span<const std::uint16_t> rest(known_);
    for (const auto& span : spans_) {
        const auto values = rest.first(std::min<std::size_t>(span.count, rest.size()));
        rest = rest.subspan(values.size());
        for (auto point = span.first_point; point < span.first_point + span.points; ++point)
            saw(point, reading_of(config_.map, part_of(config_.map, span, point, values)));
    }
    co_return Result<>{};
}

asio::awaitable<Result<>> ModbusConveyor::look(std::uint16_t number, bool is_urgent) {
    std::vector<std::uint16_t> values;
    for (const auto& range : points_[number].ranges) {
        auto request = ModbusRequest::read(config_.unit, config_.map.table, range);
        request.is_urgent = is_urgent;
        LG_CO_TRY(auto answer, co_await ask(std::move(request)));
        values.insert(values.end(), answer.values.begin(), answer.values.end());
        link_ = answer.link;
    }
    ++counts_.looks;
    saw(number, reading_of(config_.map, values));
    co_return Result<>{};
}

void ModbusConveyor::saw(std::uint16_t number, const PointReading& reading) {
    auto& point = points_[number];
    point.last = reading;
    if (number == 0) pulse_.saw(reading.heartbeat, now());
    DecisionPoint::Told told = point.protocol.saw(reading, now());
    if (told.announced > 0 && ears_.on_carton) ears_.on_carton(number);
    take(std::move(told));
}

void ModbusConveyor::take(DecisionPoint::Told told) {
    if (told.announced > 0 || !told.reports.empty()) moved_ = now();
    counts_.cartons += told.announced;
    counts_.overtaken += told.overtaken;
    if (told.has_restarted) {
        ++counts_.restarts;
        if (world_.log)
            world_.log(LogLevel::warning,
                       "the PLC was restarted: diverts not yet confirmed are unknown");
    }
    for (auto& report : told.reports) {
        if (report.state == DivertState::acknowledged) ++counts_.acknowledged;
        if (report.state == DivertState::confirmed) ++counts_.confirmed;
        if (report.state == DivertState::unknown) ++counts_.unknown;
        const bool is_elsewhere =
            report.state > DivertState::confirmed && report.state < DivertState::unknown;
        if (is_elsewhere) ++counts_.elsewhere;
        reports_.push_back(std::move(report));
    }
    counts_.unread += told.unread.size();
    unread_.insert(unread_.end(), told.unread.begin(), told.unread.end());
    if (!reports_.empty()) has_report_.notify();
    if (!unread_.empty()) has_unread_.notify();
}

void ModbusConveyor::lost(const Fault& fault) {
    ++counts_.faults;
    if (fault.code() == FaultCode::full) {
        health_.set(HealthState::degraded, fault.detail());
        return;
    }
    is_lost_ = true;
    shown_.clear();
    pulse_.reset();
    for (auto& point : points_) {
        take(point.protocol.link_lost());
        while (!point.waiters.empty()) settle(point, point.waiters.begin()->first, fail(fault));
    }
    const bool needs_a_person =
        fault.code() == FaultCode::invalid_input || fault.code() == FaultCode::conflict;
    health_.set(needs_a_person ? HealthState::failed : HealthState::retrying, fault.detail());
}

void ModbusConveyor::show_condition() {
    std::vector<PointReading> readings;
    readings.reserve(points_.size());
    for (const auto& point : points_) readings.push_back(point.last);
    auto condition = condition_of(readings, pulse_.stands_still(now()));
    health_.set(condition.state, std::move(condition.because));
}

asio::awaitable<Result<>> ModbusConveyor::beat() {
    if (is_lost_) co_return Result<>{};
    if (beaten_ && now() - *beaten_ < config_.heartbeat) co_return Result<>{};
    beaten_ = now();
    ++beat_;
    // One heartbeat a PLC, at its first point; a decision carries it to its own point besides.
    auto run = heartbeat_run(config_.map, 0, beat_);
    if (!run) co_return Result<>{};
    auto request =
        ModbusRequest::write_registers(config_.unit, run->address, std::move(run->values));
    request = bound(std::move(request));
    const auto written = co_await ask(std::move(request));
    const bool is_other_link = !written && written.error().code() == FaultCode::closed;
    if (is_other_link && !has_stopped()) {
        beaten_.reset();  // after the next look, which says whose PLC the new link leads to
        co_return Result<>{};
    }
    if (!written) co_return fail(written.error());
    co_return Result<>{};
}

// ---- telling

asio::awaitable<void> ModbusConveyor::tell_diverts() {
    for (;;) {
        while (!reports_.empty() && !has_stopped()) {
            DivertReport report = std::move(reports_.front());
            reports_.pop_front();
            const bool is_useful = report.state != DivertState::unknown;
            co_await ears_.on_divert(std::move(report));
            if (is_useful) health_.useful();
        }
        co_await has_report_.wait();
    }
}

asio::awaitable<void> ModbusConveyor::tell_unread() {
    for (;;) {
        while (!unread_.empty() && !has_stopped()) {
            Induction carton = unread_.front();
            unread_.pop_front();
            if (ears_.on_unread) {
                co_await ears_.on_unread(carton);
            }
        }
        co_await has_unread_.wait();
    }
}

// ---- deciding

asio::awaitable<Result<Induction>> ModbusConveyor::induction(std::uint16_t point) {
    if (point >= config_.points)
        co_return fail(FaultCode::invalid_input,
                       fmt::format("{} has no decision point {}", id_.text(), point));
    if (!perform_) co_return fail(FaultCode::closed, "the conveyor is being stopped");
    moved_ = now();
    set_pace();
    const auto seen = co_await look(point, true);
    if (!seen) co_return fail(seen.error());
    const auto& last = points_[point].last;
    points_[point].protocol.asked(last.sequence);
    Induction carton;
    carton.sequence = last.sequence;
    carton.tracking_id = last.tracking_id;
    carton.is_no_read = last.is_no_read;
    carton.point = point;
    co_return carton;
}

asio::awaitable<Result<>> ModbusConveyor::divert(DivertOrder order) {
    if (order.point >= config_.points || !config_.map.can_divert())
        co_return fail(FaultCode::invalid_input,
                       fmt::format("{} cannot divert at point {}: its register map names no lane",
                                   id_.text(),
                                   order.point));
    if (!perform_ || is_stopping_)
        co_return fail(FaultCode::closed, "the conveyor is being stopped");
    if (pulse_.stands_still(now()))
        co_return fail(FaultCode::unavailable, "PLC heartbeat stands still");
    auto& point = points_[order.point];
    if (point.protocol.has_passed(order.sequence)) {
        take(point.protocol.too_late(order));
        co_return Result<>();
    }
    LG_CO_CHECK(point.protocol.accept(order, now()));
    auto waiter = std::make_shared<Waiter>(co_await asio::this_coro::executor);
    point.waiters[order.sequence] = waiter;
    const auto pumped = co_await pump(order.point);
    if (!pumped) lost(pumped.error());
    if (!waiter->result) {
        co_await waiter->done.wait();
    }
    if (!waiter->result) co_return fail(FaultCode::closed, "the conveyor is being stopped");
    co_return std::move(*waiter->result);
}

void ModbusConveyor::settle(Point& point, std::uint16_t sequence, Result<> result) {
    const auto at = point.waiters.find(sequence);
    if (at == point.waiters.end()) return;
    at->second->result = std::move(result);
    at->second->done.notify();
    point.waiters.erase(at);
}

// Writes what is due at a point, one decision after the other. A Fault that is only this
// decision's is told to its caller; one of the link is returned.
asio::awaitable<Result<>> ModbusConveyor::pump(std::uint16_t number) {
    auto& point = points_[number];
    if (point.is_pumping) co_return Result<>{};

    struct Pumping {
        explicit Pumping(bool& flag_) : flag(flag_) { flag = true; }

        Pumping(const Pumping&) = delete;
        Pumping& operator=(const Pumping&) = delete;

        ~Pumping() { flag = false; }

        bool& flag;
    };

    const Pumping pumping(point.is_pumping);
    while (const auto due = point.protocol.to_write(now())) {
        const DivertOrder order = *due;
        const bool is_first = point.waiters.count(order.sequence) > 0;
        auto written = co_await write(number, order);
        if (written) {
            ++(is_first ? counts_.written : counts_.repeated);
            settle(point, order.sequence, Result<>{});
            continue;
        }
        const Fault fault = written.error();
        if (is_first) {
            point.protocol.not_written(order.sequence);
            settle(point, order.sequence, fail(fault));
        }
        if (!is_passing(fault)) co_return fail(fault);
        if (!is_first) co_return Result<>{};
    }
    co_return Result<>{};
}

asio::awaitable<Result<>> ModbusConveyor::write(std::uint16_t number, DivertOrder order) {
    auto written = co_await write_runs(number, order);
    const bool is_other_link = !written && written.error().code() == FaultCode::closed;
    if (!is_other_link || is_stopping_) co_return written;
    // Another unit on this line had the link made anew. If the PLC has not been restarted, as a
    // fresh look tells, the carton still stands where it stood.
    LG_CO_CHECK(co_await look(number, true));
    const auto due = points_[number].protocol.to_write(now());
    if (!due || due->sequence != order.sequence)
        co_return fail(FaultCode::closed, "the PLC was restarted meanwhile");
    co_return co_await write_runs(number, order);
}

asio::awaitable<Result<>> ModbusConveyor::write_runs(std::uint16_t number, DivertOrder order) {
    PlcDecision decision;
    decision.heartbeat = beat_;
    decision.tracking_id = order.tracking_id;
    decision.lane = order.lane;
    decision.reason = order.reason;
    decision.sequence = order.sequence;
    auto runs = decision_runs(config_.map, number, decision);
    auto& point = points_[number];
    LG_CO_CHECK(co_await recognise());
    const bool reads_too = has_write_and_read_ && config_.map.table == ModbusTable::holding &&
                           point.ranges.size() == 1;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const bool is_last = i + 1 == runs.size();
        auto request =
            is_last && reads_too
                ? ModbusRequest::write_and_read(
                      config_.unit, runs[i].address, runs[i].values, point.ranges.front())
                : ModbusRequest::write_registers(config_.unit, runs[i].address, runs[i].values);
        request.is_urgent = true;
        request.link = link_;
        request = bound(std::move(request));
        const auto answer = co_await ask(std::move(request));
        if (!answer && is_last && reads_too && is_write_and_read_refused(answer.error())) {
            has_write_and_read_ = false;  // FC 16 from now on
            co_return co_await write_runs(number, order);
        }
        if (!answer) co_return fail(answer.error());
        if (!is_last) continue;
        if (config_.map.reads_back) LG_CO_CHECK(co_await read_back(runs));
        point.protocol.written(order.sequence, now());
        set_pace();
        if (reads_too) saw(number, reading_of(config_.map, answer->values));
    }
    co_return Result<>{};
}

std::optional<std::uint16_t> ModbusConveyor::lanes_full(std::uint16_t point) const {
    return point < points_.size() ? points_[point].protocol.lanes_full() : std::nullopt;
}

}  // namespace lotgate::adapters
