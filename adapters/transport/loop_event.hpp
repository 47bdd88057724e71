#pragma once

// Something a coroutine can wait for on the loop: "the queue is not empty", "stop was asked".
// Loop thread only.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace lotgate::adapters {

class LoopEvent {
public:
    explicit LoopEvent(const boost::asio::any_io_executor& loop);

    /// Returns at the next notify(), or at once if one came since the last wait ended.
    [[nodiscard]] boost::asio::awaitable<void> wait();
    void notify();

private:
    boost::asio::steady_timer timer_;  ///< never expires: cancelling it is the signal
    bool is_set_ = false;
};

}  // namespace lotgate::adapters
