#include "adapters/transport/modbus_bus.hpp"

#include "adapters/transport/backoff.hpp"
#include "adapters/transport/loop_event.hpp"
#include "adapters/transport/modbus_bus_wire.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include <pthread.h>

namespace lotgate::adapters {

namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

FaultCode code_of(std::uint8_t exception) {
    if (exception <= 3) return FaultCode::invalid_input;
    const bool asks_for_time = exception == 5 || exception == 6;
    return asks_for_time ? FaultCode::full : FaultCode::unavailable;
}

struct Pending {
    Pending(ModbusRequest request_,
            Steady::time_point by_,
            const boost::asio::any_io_executor& loop)
        : request(std::move(request_)), by(by_), done(loop) {}

    const ModbusRequest request;
    const Steady::time_point by;
    std::atomic<bool> is_abandoned = false;
    /// Written by the worker before it posts; read on the loop afterwards.
    std::optional<Result<ModbusAnswer>> result;
    LoopEvent done;
};

/// Marks the request when its coroutine ends, also by cancellation.
struct AbandonOnExit {
    explicit AbandonOnExit(Pending& pending_) : pending(pending_) {}

    AbandonOnExit(const AbandonOnExit&) = delete;
    AbandonOnExit& operator=(const AbandonOnExit&) = delete;

    ~AbandonOnExit() { pending.is_abandoned = true; }

    Pending& pending;
};

}  // namespace

class ModbusBus::Worker {
public:
    Worker(ModbusBusConfig config, boost::asio::any_io_executor loop, const std::string& name)
        : config_(std::move(config)),
          loop_(std::move(loop)),
          backoff_(machine_random(),
                   Backoff::Limits{milliseconds(50), milliseconds(250), config_.back_off_max}),
          wire_(config_),
          thread_([this] { run(); }) {
        pthread_setname_np(thread_.native_handle(), ("mb " + name).substr(0, 15).c_str());
    }

    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    ~Worker() {
        {
            const std::lock_guard lock(mutex_);
            is_stopping_ = true;
        }
        wake_.notify_all();
        wire_.interrupt();
        thread_.join();
    }

    [[nodiscard]] const boost::asio::any_io_executor& loop() const { return loop_; }

    [[nodiscard]] milliseconds request_within() const { return config_.request_within; }

    Result<> accept(std::shared_ptr<Pending> pending) {
        {
            const std::lock_guard lock(mutex_);
            auto& queue = pending->request.is_urgent ? urgent_ : others_;
            if (queue.size() >= config_.queue_max) {
                ++counters_.refused;
                return fail(FaultCode::full,
                            fmt::format("{} Modbus requests wait already", queue.size()));
            }
            queue.push_back(std::move(pending));
            counters_.queued = urgent_.size() + others_.size();
            counters_.queued_max_seen = std::max(counters_.queued_max_seen, counters_.queued);
        }
        wake_.notify_one();
        return {};
    }

    [[nodiscard]] ModbusCounters counters() const {
        const std::lock_guard lock(mutex_);
        return counters_;
    }

private:
    struct Unit {
        unsigned silent = 0;  ///< timeouts in a row
        Steady::time_point ask_again{};
    };

    void run() {
        while (auto pending = next()) {
            if (pending->is_abandoned) continue;
            pending->result = serve(*pending);
            count(*pending->result);
            answer(std::move(pending));
        }
        wire_.close();
    }

    /// The next request, after the gap; nothing when stopping, when all that waits is answered.
    std::shared_ptr<Pending> next() {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return is_stopping_ || !urgent_.empty() || !others_.empty(); });
        if (config_.gap.count() > 0)
            wake_.wait_until(lock, quiet_until_, [this] { return is_stopping_; });
        while (is_stopping_ && !(urgent_.empty() && others_.empty())) {
            auto pending = take();
            pending->result = fail(FaultCode::closed, "the Modbus bus is ending");
            answer(std::move(pending));
        }
        if (is_stopping_) return nullptr;
        return take();
    }

    std::shared_ptr<Pending> take() {
        auto& queue = urgent_.empty() ? others_ : urgent_;
        auto pending = std::move(queue.front());
        queue.pop_front();
        counters_.queued = urgent_.size() + others_.size();
        return pending;
    }

    void answer(std::shared_ptr<Pending> pending) {
        boost::asio::post(loop_, [pending = std::move(pending)] { pending->done.notify(); });
    }

    void count(const Result<ModbusAnswer>& result) {
        const std::lock_guard lock(mutex_);
        if (result) {
            ++counters_.answered;
        } else if (result.error().code() == FaultCode::timed_out) {
            ++counters_.timed_out;
        } else if (was_exception_) {
            ++counters_.answered;
            ++counters_.exceptions;
        } else if (was_sent_) {
            ++counters_.broken;
        } else {
            ++counters_.refused;
        }
    }

    Result<ModbusAnswer> serve(const Pending& pending) {
        was_exception_ = was_sent_ = false;
        const auto& request = pending.request;
        const auto now = Steady::now();
        if (pending.by <= now)
            return fail(FaultCode::timed_out, "waited too long behind other requests on its bus");
        auto& unit = units_[request.unit];
        if (unit.silent >= config_.silent_max && now < unit.ask_again)
            return fail(FaultCode::unavailable,
                        fmt::format("unit {} did not answer {} times in a row and is left alone "
                                    "for a moment: is it powered?",
                                    request.unit,
                                    unit.silent));
        if (wire_.is_open() && !wire_.is_quiet())
            drop_link("the PLC closed the connection, or sent what nobody asked for");
        if (request.link && (!wire_.is_open() || *request.link != link_))
            return fail(FaultCode::closed, "the link was made anew since this was decided");
        const bool was_idle = wire_.is_open();
        LG_CHECK(ensure_open());
        auto result = attempt(request, pending.by);
        // A PLC that drops idle links is only noticed by the next request; reads may be repeated.
        const bool may_repeat = !result && !was_exception_ && !request.is_write() && was_idle &&
                                result.error().code() == FaultCode::unavailable;
        if (!may_repeat) return result;
        LG_CHECK(ensure_open());
        return attempt(request, pending.by);
    }

    Result<ModbusAnswer> attempt(const ModbusRequest& request, Steady::time_point by) {
        was_sent_ = true;
        auto pdu = wire_.exchange(request, by);
        quiet_until_ = Steady::now() + config_.gap;
        if (!pdu) return broken(request, std::move(pdu).error());
        const auto exception = exception_of(*pdu);
        if (exception != 0) return refused_by_plc(request, exception);
        auto values = decode(request, *pdu);
        if (!values) return broken(request, std::move(values).error());
        units_[request.unit].silent = 0;
        useful();
        return ModbusAnswer(std::move(*values), link_);
    }

    Result<ModbusAnswer> broken(const ModbusRequest& request, Fault fault) {
        if (fault.code() == FaultCode::timed_out) note_silence(request.unit);
        drop_link(fault.detail());
        return fail(std::move(fault));
    }

    Result<ModbusAnswer> refused_by_plc(const ModbusRequest& request, std::uint8_t exception) {
        was_exception_ = true;
        const bool is_gateway = exception == 10 || exception == 11;
        if (is_gateway)
            note_silence(request.unit);
        else
            units_[request.unit].silent = 0;
        useful();
        return fail(code_of(exception),
                    fmt::format("unit {} answered {}", request.unit, exception_text(exception)));
    }

    void note_silence(std::uint8_t number) {
        auto& unit = units_[number];
        ++unit.silent;
        unit.ask_again = Steady::now() + config_.leave_alone;
    }

    void useful() {
        backoff_.reset();
        is_useless_ = false;
    }

    // The first failure after useful work is mended at once: a lost second is a lost carton.
    void drop_link(std::string because) {
        wire_.close();
        last_cause_ = std::move(because);
        open_again_ = is_useless_ ? Steady::now() + backoff_.next() : Steady::now();
        is_useless_ = true;
    }

    Result<> ensure_open() {
        if (wire_.is_open()) return {};
        const auto now = Steady::now();
        if (now < open_again_) return fail(FaultCode::unavailable, last_cause_);
        auto opened = wire_.open();
        if (!opened) {
            last_cause_ = opened.error().detail();
            is_useless_ = true;
            open_again_ = Steady::now() + backoff_.next();
            return opened;
        }
        ++link_;
        const std::lock_guard lock(mutex_);
        counters_.links = link_;
        return {};
    }

    const ModbusBusConfig config_;
    const boost::asio::any_io_executor loop_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::shared_ptr<Pending>> urgent_;  ///< guarded by mutex_
    std::deque<std::shared_ptr<Pending>> others_;  ///< guarded by mutex_
    ModbusCounters counters_;                      ///< guarded by mutex_
    bool is_stopping_ = false;                     ///< guarded by mutex_

    // worker thread only
    std::map<std::uint8_t, Unit> units_;
    std::string last_cause_;
    Backoff backoff_;
    Steady::time_point open_again_{};
    Steady::time_point quiet_until_{};
    std::uint64_t link_ = 0;
    bool is_useless_ = false;  ///< no right answer since the last failure
    bool was_exception_ = false;
    bool was_sent_ = false;
    ModbusWire wire_;

    std::thread thread_;  ///< last: it uses all of the above
};

Result<std::unique_ptr<ModbusBus>> ModbusBus::start(ModbusBusConfig config,
                                                    boost::asio::any_io_executor loop) {
    LG_CHECK(check(config));
    auto name = describe(config);
    auto worker = std::make_unique<Worker>(std::move(config), std::move(loop), name);
    return std::unique_ptr<ModbusBus>(new ModbusBus(std::move(name), std::move(worker)));
}

ModbusBus::ModbusBus(std::string name, std::unique_ptr<Worker> worker)
    : name_(std::move(name)), worker_(std::move(worker)) {}

ModbusBus::~ModbusBus() = default;

boost::asio::awaitable<Result<ModbusAnswer>> ModbusBus::perform(ModbusRequest request) {
    LG_CO_CHECK(check(request));
    const auto by = Steady::now() + worker_->request_within();
    auto pending = std::make_shared<Pending>(std::move(request), by, worker_->loop());
    LG_CO_CHECK(worker_->accept(pending));
    const AbandonOnExit abandon(*pending);
    co_await pending->done.wait();
    if (!pending->result) co_return fail(FaultCode::closed, "nobody waits for this any more");
    co_return std::move(*pending->result);
}

ModbusCounters ModbusBus::counters() const {
    return worker_->counters();
}

}  // namespace lotgate::adapters
