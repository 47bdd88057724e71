#include "adapters/transport/modbus_bus.hpp"

#include "adapters/transport/loop_event.hpp"
#include "adapters/transport/modbus_link.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include <pthread.h>

namespace lotgate::adapters {

namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Words = std::vector<std::uint16_t>;

struct Pending {
    Pending(ModbusRequest request_,
            Steady::time_point by_,
            const boost::asio::any_io_executor& loop)
        : request(std::move(request_)), by(by_), done(loop) {}

    ModbusRequest request;  ///< a watch's is the worker's own, and changes
    const Steady::time_point by;
    // Of a watch; worker only.
    Steady::time_point began{};
    Steady::time_point next_look{};
    Words seen;                  ///< of the ranges looked at so far in this round
    std::size_t next_range = 0;  ///< of this round
    std::uint64_t link = 0;      ///< on which it was looked at first
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
          link_(config_),
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
        link_.interrupt();
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
    void run() {
        while (auto pending = next()) {
            if (pending->is_abandoned) continue;
            if (pending->request.watch) {
                look(std::move(pending));
                continue;
            }
            finish(pending, serve(pending->request, pending->by));
        }
        link_.close();
    }

    /// The next request or watch that is due, after the gap; nothing when stopping, when all that
    /// waits is answered.
    std::shared_ptr<Pending> next() {
        std::unique_lock lock(mutex_);
        while (!is_stopping_) {
            const bool is_queued = !urgent_.empty() || !others_.empty();
            const auto due = next_due();
            if (!is_queued && due == watches_.end()) {
                wake_.wait(lock);
                continue;
            }
            auto at = link_.quiet_until();
            if (!is_queued) at = std::max(at, (*due)->next_look);
            if (Steady::now() < at) {
                wake_.wait_until(lock, at);
                continue;
            }
            if (is_queued) return take();
            auto pending = std::move(*due);
            watches_.erase(due);
            return pending;
        }
        while (!(urgent_.empty() && others_.empty())) watches_.push_back(take());
        for (auto& pending : watches_) {
            pending->result = fail(FaultCode::closed, "the Modbus bus is ending");
            answer(std::move(pending));
        }
        watches_.clear();
        return nullptr;
    }

    [[nodiscard]] std::vector<std::shared_ptr<Pending>>::iterator next_due() {
        return std::min_element(watches_.begin(), watches_.end(), [](const auto& a, const auto& b) {
            return a->next_look < b->next_look;
        });
    }

    std::shared_ptr<Pending> take() {
        auto& queue = urgent_.empty() ? others_ : urgent_;
        auto pending = std::move(queue.front());
        queue.pop_front();
        counters_.queued = urgent_.size() + others_.size();
        return pending;
    }

    [[nodiscard]] static Steady::time_point over(const Pending& pending) {
        return pending.began + pending.request.watch->pace->at_most.load();
    }

    void wait_for_next_look(std::shared_ptr<Pending> pending) {
        const auto by_pace = Steady::now() + pending->request.watch->pace->every.load();
        pending->next_look = std::min(over(*pending), by_pace);
        watches_.push_back(std::move(pending));
    }

    /// One request of a watch: answered, or put back until it is due again.
    void look(std::shared_ptr<Pending> pending) {
        auto& watch = *pending->request.watch;
        if (pending->began == Steady::time_point{}) {
            pending->began = Steady::now();
            pending->link = link_.number();
            if (!watch.known.empty()) return wait_for_next_look(std::move(pending));
        }
        pending->request.reads = watch.ranges[pending->next_range];
        auto answered = serve(pending->request, Steady::now() + config_.request_within);
        if (!answered) return finish(pending, std::move(answered));
        auto& seen = pending->seen;
        seen.insert(seen.end(), answered->values.begin(), answered->values.end());
        if (++pending->next_range < watch.ranges.size()) {  // at once, but after what is urgent
            watches_.push_back(std::move(pending));
            return;
        }
        pending->next_range = 0;
        const bool is_same = seen == watch.known && pending->link == link_.number();
        if (!is_same || Steady::now() >= over(*pending))
            return finish(pending, ModbusAnswer(std::move(seen), link_.number()));
        seen.clear();
        wait_for_next_look(std::move(pending));
    }

    /// What was just asked or written may have made a watch more curious.
    void hasten() {
        const auto now = Steady::now();
        for (auto& pending : watches_) {
            const auto& pace = *pending->request.watch->pace;
            pending->next_look =
                std::min({pending->next_look, over(*pending), now + pace.every.load()});
        }
    }

    Result<ModbusAnswer> serve(const ModbusRequest& request, Steady::time_point by) {
        auto result = link_.serve(request, by);
        count(result);
        if (request.is_urgent || request.is_write()) hasten();
        return result;
    }

    void finish(const std::shared_ptr<Pending>& pending, Result<ModbusAnswer> result) {
        pending->result = std::move(result);
        answer(pending);
    }

    void answer(std::shared_ptr<Pending> pending) {
        boost::asio::post(loop_, [pending = std::move(pending)] { pending->done.notify(); });
    }

    void count(const Result<ModbusAnswer>& result) {
        const std::lock_guard lock(mutex_);
        counters_.links = link_.number();
        if (result) {
            ++counters_.answered;
        } else if (result.error().code() == FaultCode::timed_out) {
            ++counters_.timed_out;
        } else if (link_.was_exception()) {
            ++counters_.answered;
            ++counters_.exceptions;
        } else if (link_.was_sent()) {
            ++counters_.broken;
        } else {
            ++counters_.refused;
        }
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
    std::vector<std::shared_ptr<Pending>> watches_;
    ModbusLink link_;

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
