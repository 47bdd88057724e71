#include "sync/mqtt_link.hpp"

#include "sync/sync_client.hpp"
#include "sync/wire/frames.hpp"

#include <utility>

namespace lotgate::sync {

namespace asio = boost::asio;
using adapters::Handled;
using adapters::MqttMessage;
using adapters::MqttSession;

MqttLink::MqttLink(asio::any_io_executor loop,
                   adapters::MqttConfig broker,
                   const std::string& tenant,
                   const std::string& site)
    : loop_(std::move(loop)), broker_(std::move(broker)), topic_up_(topic_of(tenant, site, "up")) {
    if (broker_.client_id.empty()) broker_.client_id = "lotgate-" + tenant + "-" + site;
    broker_.clean_session = true;
    broker_.payload_bytes_max = wire::frame_bytes_max;
    broker_.subscriptions.clear();
    for (const char* leaf : {"ack", "ctl", "down"})
        broker_.subscriptions.emplace_back(topic_of(tenant, site, leaf), 1);
}

MqttLink::~MqttLink() = default;

void MqttLink::listen(Listener listener) {
    listener_ = std::move(listener);
}

void MqttLink::make_session() {
    auto on_message = [this](MqttMessage message) -> asio::awaitable<Handled> {
        return this->on_message(std::move(message));
    };
    session_ = std::make_unique<MqttSession>(loop_, broker_, std::move(on_message));
    session_->on_connected([this](bool) {
        if (listener_.up) listener_.up();
    });
    session_->on_lost([this](const Fault& fault) {
        if (listener_.down) listener_.down(fault.detail());
    });
}

asio::awaitable<Handled> MqttLink::on_message(MqttMessage message) const {
    if (listener_.frame) listener_.frame(std::move(message.payload));
    co_return Handled::done;
}

asio::awaitable<void> MqttLink::run() {
    while (!is_stopping_) {
        make_session();
        co_await session_->run();
        session_.reset();
    }
}

void MqttLink::stop() {
    is_stopping_ = true;
    if (session_) session_->stop();
}

Result<> MqttLink::send(std::string payload) {
    if (!session_) return fail(FaultCode::unavailable, "The link to the cloud is being renewed.");
    return session_->publish(topic_up_, std::move(payload), 1, false);
}

void MqttLink::renew(std::string) {
    if (session_) session_->stop();
}

}  // namespace lotgate::sync
