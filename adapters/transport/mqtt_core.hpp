#pragma once

// The inside of an MQTT session: what the loop, the session's thread and Paho's callbacks share.
// Private to mqtt_loop.cpp (the loop's side) and mqtt_session.cpp (the library's side).

#include "adapters/transport/cut_socket.hpp"
#include "adapters/transport/mqtt_session.hpp"

#include <boost/asio/steady_timer.hpp>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace lotgate::adapters {

struct MqttOutgoing {
    std::string topic;
    std::string payload;
    int qos;
    bool retain;
};

/// One message between Paho's thread, which waits, and the loop, which handles.
struct MqttHandover {
    bool is_finished = false;
    Handled how = Handled::keep;
};

struct MqttRouteEntry {
    std::uint64_t number;
    MqttSubscription subscription;
    MqttSession::OnMessage on_message;
    MqttSession::OnLink on_link;
};

struct MqttSession::Core : public std::enable_shared_from_this<MqttSession::Core> {
    Core(boost::asio::any_io_executor loop_, MqttConfig config_, OnMessage on_message_);

    // ---- loop thread
    void start();
    void request_stop();
    void abandon();
    [[nodiscard]] const OnMessage* handler_for(const std::string& topic) const;
    boost::asio::awaitable<void> handle(MqttMessage message,
                                        std::shared_ptr<MqttHandover> handover);
    void tell_link(bool is_up, bool session_present, const Fault& fault) const;
    [[nodiscard]] bool is_wanted_by_others(const std::string& filter) const;

    // ---- any thread
    void post_message(MqttMessage message, std::shared_ptr<MqttHandover> handover);
    void post_link(bool is_up, bool session_present, Fault fault);

    /// The session's thread, from start to end; and one connection of it (mqtt_session.cpp).
    void work();
    class Connection;
    bool end_connection(const std::string& error);  // whether it was useful

    const boost::asio::any_io_executor loop;
    const MqttConfig config;

    // Loop thread only.
    const OnMessage on_message;
    std::function<void(bool)> on_connected;
    std::function<void(Fault)> on_lost;
    std::vector<MqttRouteEntry> routes;
    std::uint64_t last_route = 0;
    boost::asio::steady_timer ended;
    std::thread thread;

    // Shared, under `mutex`; never held while Paho is called (its callbacks take it).
    mutable std::mutex mutex;
    std::condition_variable changed;
    bool is_stopping = false;   // orderly: what is being handled may finish
    bool is_abandoned = false;  // the loop will not run again: nobody waits for it
    std::string last_error;
    std::deque<MqttOutgoing> queue;
    std::map<std::string, int> wanted;  // filters and their QoS
    bool is_wanted_changed = false;
    MqttCounters counts;

    // The same, of the present connection.
    bool is_connected = false;
    bool is_open = false;  // publish() may queue: connected, or a message has come already
    bool is_lost = false;
    bool is_withheld = false;
    bool is_useful = false;
    std::string lost_cause;
    std::size_t in_flight = 0;
    CutSocket socket;
};

}  // namespace lotgate::adapters
