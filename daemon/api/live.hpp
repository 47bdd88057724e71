#pragma once

// The streams of live data: what is published goes to every client, each with a bounded queue of
// its own. A client that does not read is dropped (it connects again and reads the state); nobody
// waits for it.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::api {

class LiveClient {
public:
    using Message = std::shared_ptr<const std::string>;

    LiveClient(const boost::asio::any_io_executor& executor, std::size_t bytes_max);

    void push(const Message& message);
    void end();
    /// Everything that waits, as one text; nothing once the client was ended or fell behind.
    [[nodiscard]] boost::asio::awaitable<std::optional<std::string>> next();

    [[nodiscard]] bool has_ended() const { return has_ended_; }

private:
    boost::asio::steady_timer wake_;
    std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    std::vector<Message> queue_;
    bool has_ended_ = false;
};

/// Loop thread only.
class Live {
public:
    Live(boost::asio::any_io_executor executor, std::size_t clients_max, std::size_t bytes_max)
        : executor_(std::move(executor)), clients_max_(clients_max), bytes_max_(bytes_max) {}

    /// Null where there are clients_max already.
    [[nodiscard]] std::shared_ptr<LiveClient> join();
    /// One server-sent event (WHATWG HTML, 9.2); `data` is one line of JSON.
    void publish(std::string_view event, const std::string& data);
    void end();

    [[nodiscard]] static std::string event_text(std::string_view event, const std::string& data);
    [[nodiscard]] std::size_t clients() const;

    /// Rises with each client that joined: a newcomer needs the whole state.
    [[nodiscard]] std::uint64_t joined() const { return joined_; }

private:
    boost::asio::any_io_executor executor_;
    std::size_t clients_max_;
    std::size_t bytes_max_;
    std::uint64_t joined_ = 0;
    std::vector<std::weak_ptr<LiveClient>> clients_;
};

}  // namespace lotgate::api
