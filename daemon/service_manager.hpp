#pragma once

// What systemd is told: READY, STATUS, STOPPING, RELOADING, and WATCHDOG only while both the loop
// and the store thread really get on with their work. Without systemd all of it does nothing.

#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace lotgate::site {

/// Loop thread.
class ServiceManager {
public:
    static void ready(const std::string& status);
    static void status(const std::string& status);
    static void reloading();
    static void stopping();

    /// Beats until cancelled, at half the interval systemd asks for (each second without systemd):
    /// this coroutine's own turn proves the loop, `progress().beats` the store thread.
    static boost::asio::awaitable<void> watch(std::function<store::StoreProgress()> progress,
                                              std::function<std::string()> status);
};

}  // namespace lotgate::site
