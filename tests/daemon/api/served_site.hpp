#pragma once

// The real server over a fake site, on a loop thread of its own.

#include "daemon/api/server.hpp"
#include "tests/daemon/api/fake_site.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace lotgate::test {

class ServedSite {
public:
    /// Listens on a free port and on a socket in a fresh directory. `site` is not touched by the
    /// test afterwards, but through in_loop().
    explicit ServedSite(FakeSite& site, const api::Limits& limits = {});
    ServedSite(const ServedSite&) = delete;
    ServedSite& operator=(const ServedSite&) = delete;
    ~ServedSite();

    /// Runs `work` on the loop thread and waits for it.
    void in_loop(const std::function<void()>& work);
    /// Ends the server; the destructor does it too.
    void stop();

    [[nodiscard]] std::uint16_t port() const { return port_; }

    [[nodiscard]] const std::string& socket_path() const { return socket_path_; }

private:
    boost::asio::io_context loop_;
    std::string directory_;
    std::string socket_path_;
    std::unique_ptr<api::Server> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

/// A fresh directory below the system's temporary one.
[[nodiscard]] std::string fresh_directory();

}  // namespace lotgate::test
