#include "daemon/service_manager.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <chrono>

namespace lotgate::site {

namespace asio = boost::asio;

void ServiceManager::ready(const std::string& status) {
    sd_notify(0, fmt::format("READY=1\nSTATUS={}", status).c_str());
}

void ServiceManager::status(const std::string& status) {
    sd_notify(0, fmt::format("STATUS={}", status).c_str());
}

void ServiceManager::reloading() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", us).c_str());
}

void ServiceManager::stopping() {
    sd_notify(0, "STOPPING=1");
}

asio::awaitable<void> ServiceManager::watch(std::function<store::StoreProgress()> progress,
                                            std::function<std::string()> status) {
    std::uint64_t interval_us = 0;
    const bool is_watched = sd_watchdog_enabled(0, &interval_us) > 0;
    const std::chrono::microseconds pause(is_watched ? interval_us / 2 : 1'000'000);
    asio::steady_timer timer(co_await asio::this_coro::executor);
    std::uint64_t beats = 0;
    bool was_told = false;
    for (;;) {
        timer.expires_after(pause);
        const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
        const store::StoreProgress now = progress();
        if (now.beats != beats && !now.is_unsafe) {
            sd_notify(0, fmt::format("WATCHDOG=1\nSTATUS={}", status()).c_str());
            was_told = false;
        } else if (!was_told) {
            spdlog::error("the store thread stands still: the watchdog is not fed");
            was_told = true;
        }
        beats = now.beats;
    }
}

}  // namespace lotgate::site
