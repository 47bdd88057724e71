#pragma once

// The wire between a site and the cloud, as the sync client sees it: it carries payloads, knows
// whether it is up, and can be thrown away and made anew. Keeping it up, with back-off, is its own
// business. Everything here is called on the loop thread.

#include "store/model/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace lotgate::sync {

class FrameLink {
public:
    struct Listener {
        std::function<void()> up;                       ///< frames can be sent and will arrive
        std::function<void(std::string because)> down;  ///< lost, or could not be made
        std::function<void(std::string payload)> frame;
    };

    FrameLink() = default;
    FrameLink(const FrameLink&) = delete;
    FrameLink& operator=(const FrameLink&) = delete;
    virtual ~FrameLink() = default;

    /// Set before run().
    virtual void listen(Listener listener) = 0;
    /// Keeps the link up until stop().
    virtual boost::asio::awaitable<void> run() = 0;
    virtual void stop() = 0;
    /// Never blocks. Sent does not mean arrived. Faults: unavailable, full.
    [[nodiscard]] virtual Result<> send(std::string payload) = 0;
    /// The other side is silent though the link says it is up: drop it and make a new one.
    virtual void renew(std::string because) = 0;
};

}  // namespace lotgate::sync
