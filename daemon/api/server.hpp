#pragma once

// The site's one API over HTTP/1.1: for the page, the command, and integrators. Listens on a
// loopback address and on a Unix socket; everything runs on the loop thread.

#include "daemon/api/config.hpp"
#include "daemon/api/site_view.hpp"
#include "store/model/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>

namespace lotgate::api {

class Server {
public:
    /// Binds both, or nothing. Faults, one sentence and the next step: conflict (the port or the
    /// socket is in use), unavailable (the socket's directory cannot be written), invalid_input
    /// (an address other machines can reach).
    [[nodiscard]] static Result<std::unique_ptr<Server>> listen(
        const boost::asio::any_io_executor& executor, SiteView& site, Config config);

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    /// Serves until stop(); returns when the last connection has ended. Nothing touches the site
    /// afterwards, so keep the site until then.
    [[nodiscard]] boost::asio::awaitable<void> run();
    /// Closes everything, soon; loop thread, idempotent. Removes the socket's file.
    void stop();

    /// The TCP port, also where the configuration said 0; 0 where there is none.
    [[nodiscard]] std::uint16_t port() const;

private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace lotgate::api
