#pragma once

// Carries frames over MQTT: up on lg/1/{tenant}/{site}/up, down on …/ack, …/ctl and …/down, QoS 1,
// clean session, never retained: the ledger is the session (docs/data/sync.md). The MqttSession
// keeps the connection up with its own back-off; renew() replaces it by a fresh one.

#include "adapters/transport/mqtt_session.hpp"
#include "sync/frame_link.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace lotgate::sync {

class MqttLink final : public FrameLink {
public:
    /// `broker` says where and as whom; client_id (if empty), clean_session, subscriptions and
    /// the limits are set here. Opens nothing.
    MqttLink(boost::asio::any_io_executor loop,
             adapters::MqttConfig broker,
             const std::string& tenant,
             const std::string& site);
    MqttLink(const MqttLink&) = delete;
    MqttLink& operator=(const MqttLink&) = delete;
    ~MqttLink() override;

    void listen(Listener listener) override;
    boost::asio::awaitable<void> run() override;
    void stop() override;
    [[nodiscard]] Result<> send(std::string payload) override;
    void renew(std::string because) override;

private:
    [[nodiscard]] boost::asio::awaitable<adapters::Handled> on_message(
        adapters::MqttMessage message) const;
    void make_session();

    const boost::asio::any_io_executor loop_;
    adapters::MqttConfig broker_;
    std::string topic_up_;
    Listener listener_;
    std::unique_ptr<adapters::MqttSession> session_;
    bool is_stopping_ = false;
};

}  // namespace lotgate::sync
