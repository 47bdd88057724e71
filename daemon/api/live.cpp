#include "daemon/api/live.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace lotgate::api {

namespace asio = boost::asio;

LiveClient::LiveClient(const asio::any_io_executor& executor, std::size_t bytes_max)
    : wake_(executor, asio::steady_timer::time_point::max()), bytes_max_(bytes_max) {}

void LiveClient::push(const Message& message) {
    if (has_ended_) return;
    bytes_ += message->size();
    if (bytes_ > bytes_max_) {
        end();
        return;
    }
    queue_.push_back(message);
    wake_.cancel();
}

void LiveClient::end() {
    has_ended_ = true;
    queue_.clear();
    wake_.cancel();
}

asio::awaitable<std::optional<std::string>> LiveClient::next() {
    while (queue_.empty() && !has_ended_) {
        (void)co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) end();
    }
    if (has_ended_) co_return std::nullopt;
    std::string text;
    text.reserve(bytes_);
    for (const Message& message : queue_) text += *message;
    queue_.clear();
    bytes_ = 0;
    co_return text;
}

std::shared_ptr<LiveClient> Live::join() {
    if (clients() >= clients_max_) return nullptr;
    auto client = std::make_shared<LiveClient>(executor_, bytes_max_);
    clients_.push_back(client);
    ++joined_;
    return client;
}

void Live::publish(std::string_view event, const std::string& data) {
    if (clients() == 0) return;
    const auto message = std::make_shared<const std::string>(event_text(event, data));
    for (const auto& weak : clients_) {
        if (const auto client = weak.lock()) client->push(message);
    }
    const auto is_gone = [](const std::weak_ptr<LiveClient>& weak) { return weak.expired(); };
    clients_.erase(std::remove_if(clients_.begin(), clients_.end(), is_gone), clients_.end());
}

void Live::end() {
    for (const auto& weak : clients_) {
        if (const auto client = weak.lock()) client->end();
    }
}

std::string Live::event_text(std::string_view event, const std::string& data) {
    return "event: " + std::string(event) + "\ndata: " + data + "\n\n";
}

std::size_t Live::clients() const {
    return static_cast<std::size_t>(
        std::count_if(clients_.begin(), clients_.end(), [](const std::weak_ptr<LiveClient>& weak) {
            const auto client = weak.lock();
            return client != nullptr && !client->has_ended();
        }));
}

}  // namespace lotgate::api
