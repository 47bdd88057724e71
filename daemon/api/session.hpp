#pragma once

// One connection: HTTP/1.1 requests one after another, or a live stream. The only place that knows
// the HTTP library.

#include "daemon/api/core.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <memory>

namespace lotgate::api {

using Socket = boost::asio::generic::stream_protocol::socket;

/// Ends when the client goes, breaks a limit or falls silent, or when core->closers are called.
[[nodiscard]] boost::asio::awaitable<void> serve(std::shared_ptr<Core> core,
                                                 Socket socket,
                                                 bool is_local);

}  // namespace lotgate::api
