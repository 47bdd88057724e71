#include "adapters/transport/loop_event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace lotgate::adapters {

LoopEvent::LoopEvent(const boost::asio::any_io_executor& loop) : timer_(loop) {
    timer_.expires_at(boost::asio::steady_timer::time_point::max());
}

boost::asio::awaitable<void> LoopEvent::wait() {
    if (!is_set_) {
        co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    is_set_ = false;
}

void LoopEvent::notify() {
    is_set_ = true;
    timer_.cancel();
}

}  // namespace lotgate::adapters
