#pragma once

// The one way from the loop to another thread and back: start something elsewhere, wait for its
// answer as a coroutine, go on on the loop.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <utility>

#include <pthread.h>

namespace lotgate::site {

/// What `top -H` calls the one thread of `pool`: at most 15 letters.
inline void name_thread(boost::asio::thread_pool& pool, const char* name) {
    boost::asio::post(pool, [name] { pthread_setname_np(pthread_self(), name); });
}

/// `start` is given a function to call once, from any thread, with the answer. Not cancellable:
/// what was handed over is always waited for.
template <class T>
boost::asio::awaitable<T> handed_over(boost::asio::any_io_executor loop,
                                      std::function<void(std::function<void(T)>)> start) {
    // Named, not a temporary: g++ 12 destroys captures of temporaries in co_await twice.
    auto initiation = [loop, start = std::move(start)](auto handler) mutable {
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        start([loop, waiting](T answer) {
            auto resume = [waiting, answer = std::move(answer)]() mutable {
                auto handler_once = std::move(*waiting);
                handler_once(std::move(answer));
            };
            boost::asio::post(loop, std::move(resume));
        });
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
        std::move(initiation), boost::asio::use_awaitable);
}

}  // namespace lotgate::site
