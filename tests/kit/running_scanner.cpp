#include "tests/kit/running_scanner.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace lotgate::kit {

RunningScanner::RunningScanner(boost::asio::io_context& loop) : loop_(loop) {}

RunningScanner::~RunningScanner() {
    if (!has_ended_) (void)stops();
}

void RunningScanner::start(const Make& make) {
    adapter_ = make([this](adapters::Scan scan) { return decide(std::move(scan)); });
    has_ended_ = false;
    boost::asio::co_spawn(
        loop_, adapter_->run(), [this](const std::exception_ptr&) { has_ended_ = true; });
}

boost::asio::awaitable<adapters::ScanAnswer> RunningScanner::decide(adapters::Scan scan) {
    scans.push_back(std::move(scan));
    const adapters::ScanAnswer told = answer;
    if (verdict_takes.count() > 0) {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        timer.expires_after(verdict_takes);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return told;
}

bool RunningScanner::becomes(adapters::HealthState state) {
    return eventually(loop_, [&] { return adapter_->health().state == state; });
}

bool RunningScanner::has_scans(std::size_t count) {
    return eventually(
        loop_, [&] { return scans.size() >= count; }, std::chrono::seconds(30));
}

std::uint64_t RunningScanner::counter(const std::string& name) const {
    for (const adapters::Counter& counter : adapter_->counters()) {
        if (counter.name == name) return counter.value;
    }
    return ~std::uint64_t{0};
}

bool RunningScanner::stops() {
    adapter_->stop();
    return eventually(loop_, [&] { return has_ended_; });
}

}  // namespace lotgate::kit
