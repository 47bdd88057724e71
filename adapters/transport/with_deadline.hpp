#pragma once

// One awaited operation with a limit on its time. Boost 1.81 has no cancel_after.

#include "store/model/result.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace lotgate::adapters {

namespace detail {

inline boost::asio::awaitable<void> pass(std::chrono::milliseconds within) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_after(within);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace detail

/// The operation's result, or Fault timed_out with `what` in its detail; the operation is then
/// cancelled and has ended. Real time: adapters wait through World instead.
template <class T>
[[nodiscard]] boost::asio::awaitable<Result<T>> with_deadline(
    boost::asio::awaitable<Result<T>> operation,
    std::chrono::milliseconds within,
    std::string what) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto first = co_await (std::move(operation) || detail::pass(within));
    if (first.index() == 0) co_return std::move(std::get<0>(first));
    co_return fail(FaultCode::timed_out,
                   what + ": no answer within " + std::to_string(within.count()) + " ms");
}

}  // namespace lotgate::adapters
