#pragma once

// As much of an MQTT 3.1.1 client as a scanner needs: connect, subscribe, publish and receive with
// QoS 1, ping. Written from the OASIS standard "MQTT Version 3.1.1"; it shares nothing with the
// library the daemon uses, and a thousand of them need no thread.
//
// A lost connection is made again after 200 ms; what was published and not acknowledged is then
// sent again with the DUP flag (4.4).

#include "adapters/sim/loop.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::sim {

struct MqttEnd {
    std::string host = "127.0.0.1";
    std::uint16_t port = 1883;
    std::string client_id;
    std::vector<std::string> topics;  ///< subscribed to on each connect
};

class MqttClient {
public:
    using OnMessage = std::function<void(std::string_view topic, std::string_view payload)>;

    MqttClient(Loop& loop, MqttEnd end, OnMessage on_message);

    void start();
    void stop();
    /// QoS 1, not retained. False where not connected: it is then not sent at all.
    bool publish(const std::string& topic, const std::string& payload);

    /// Connected and subscribed.
    [[nodiscard]] bool is_up() const { return is_up_; }

    [[nodiscard]] std::uint64_t connects() const { return connects_; }

    [[nodiscard]] std::uint64_t published() const { return published_; }

    [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }

    [[nodiscard]] std::uint64_t resent() const { return resent_; }

private:
    void dial();
    void connected(StreamPtr stream);
    void lost();
    void heard(std::string_view bytes);
    bool take_packet();
    void act_on(unsigned header, std::string_view body);
    void received(unsigned header, std::string_view body);
    void subscribe();
    void resend();
    void ping();

    Loop& loop_;
    const MqttEnd end_;
    const OnMessage on_message_;
    std::unique_ptr<Dial> dial_;
    StreamPtr stream_;
    std::string received_;
    std::map<std::uint16_t, std::string> unacknowledged_;  ///< whole packets
    std::uint16_t packet_id_ = 0;
    bool is_up_ = false;
    bool is_started_ = false;
    std::uint64_t connects_ = 0;
    std::uint64_t published_ = 0;
    std::uint64_t acknowledged_ = 0;
    std::uint64_t resent_ = 0;
    Timer timer_;
};

}  // namespace lotgate::sim
