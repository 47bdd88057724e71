#pragma once

// One session with an MQTT 3.1.1 broker, for adapters, the cloud link and the hub.
//
// Threads. Everything here is called on the loop thread (the executor given), except publish() and
// the const questions, which any thread may call. The session has one thread of its own: it
// connects, subscribes, publishes and disconnects, so that the loop never calls into Paho, whose
// global lock a waiting message callback holds.
//
// Acknowledgement. A message is acknowledged to the broker (PUBACK) only after OnMessage has
// returned Handled::done for it, and messages are handed over one at a time, in order. Where it
// returns Handled::keep, or has not returned within MqttConfig::handled_within, or the session is
// stopped meanwhile, the connection is cut before the PUBACK can leave, and made again after a
// pause: the broker then sends the message again (with clean_session = false and QoS 1). So the
// same message may come twice, also while its first handling still runs: handlers know a message
// by the identity in its payload.
//
// Back-off. A lost or refused connection is made again with a fresh client object after a full
// jitter pause (0.2 s growing to 30 s); it starts small again once a connection has been useful.
// Nothing is kept on disk: what must survive lives in the ledger.

#include "store/model/result.hpp"
#include "store/model/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::adapters {

struct MqttMessage {
    MqttMessage(std::string topic_, std::string payload_)
        : topic(std::move(topic_)), payload(std::move(payload_)) {}

    std::string topic;
    std::string payload;
    bool is_retained = false;     ///< kept by the broker, not sent just now
    bool is_redelivered = false;  ///< the DUP flag: a hint for counters, never an identity
};

enum class Handled {
    done,  ///< durable (or harmless to lose): acknowledge
    keep,  ///< could not be taken: do not acknowledge, have it sent again
};

struct MqttSubscription {
    MqttSubscription(std::string filter_, int qos_) : filter(std::move(filter_)), qos(qos_) {}

    std::string filter;
    int qos = 1;  ///< 0 or 1; QoS 2 loses messages in a crash (Paho keeps them in memory)
};

/// Sent by the broker, with QoS 1, when the session ends without saying so.
struct MqttWill {
    MqttWill(std::string topic_, std::string payload_, bool retain_)
        : topic(std::move(topic_)), payload(std::move(payload_)), retain(retain_) {}

    std::string topic;
    std::string payload;
    bool retain;
};

struct MqttConfig {
    std::string host = "127.0.0.1";
    std::uint16_t port = 1883;
    std::string client_id;  ///< fixed per site and purpose: two with one id throw each other out
    std::string user;       ///< empty = anonymous
    std::string password_file;     ///< its first line; read at every connect, so it may be rotated
    std::string ca_file;           ///< not empty = TLS, the broker's certificate checked against it
    std::string certificate_file;  ///< ours, for brokers that ask for one; PEM
    std::string key_file;          ///< its private key
    bool is_version_5 = false;     ///< MQTT 5 instead of 3.1.1
    /// MQTT 5: how long the broker keeps the session of who is away.
    std::chrono::seconds session_expiry{7 * 24 * 3600};
    std::chrono::seconds keepalive{
        5};                      ///< 1 to 3600; a frozen broker is noticed in about 2.6 times
    bool clean_session = false;  ///< false: the broker keeps QoS 1 messages while we are away
    std::vector<MqttSubscription> subscriptions;  ///< renewed on every connect
    std::optional<MqttWill> will;
    /// Instead of `will`, where the will differs with each connection. Called on the session's
    /// thread before each attempt to connect.
    std::function<MqttWill()> next_will;
    std::chrono::milliseconds handled_within{5000};   ///< 100 ms to 60 s; see "Acknowledgement"
    std::chrono::milliseconds connect_within{5000};   ///< TCP, TLS and CONNACK, each attempt
    std::size_t publish_queue_max = 1000;             ///< messages waiting for the thread
    std::size_t in_flight_max = 100;                  ///< published, not yet acknowledged
    std::size_t payload_bytes_max = 4 * 1024 * 1024;  ///< larger ones are dropped and counted
};

/// Asks `table` for host, port, client_id, user, password_file, ca_file, keepalive, clean_session,
/// handled_within and connect_within; the rest, and all defaults, are those of `defaults`.
[[nodiscard]] MqttConfig parse_mqtt(SettingsTable& table, MqttConfig defaults);

struct MqttCounters {
    std::uint64_t connects = 0;
    std::uint64_t losses = 0;
    std::uint64_t received = 0;
    std::uint64_t redelivered = 0;
    std::uint64_t withheld = 0;  ///< not acknowledged: kept, or not handled in time
    std::uint64_t published = 0;
    std::uint64_t publish_failed = 0;  ///< accepted by publish(), lost with the connection
    std::uint64_t oversized = 0;  ///< dropped (and acknowledged): larger than payload_bytes_max
    std::uint64_t unrouted = 0;   ///< dropped (and acknowledged): nobody wants the topic any more
};

class MqttSession;

/// The messages of one topic filter, for as long as this lives; its end unsubscribes. (When the
/// program ends, stop the session first: the broker then goes on collecting for us.)
class MqttRoute {
public:
    MqttRoute(MqttRoute&& other) noexcept;
    MqttRoute& operator=(MqttRoute&&) = delete;
    MqttRoute(const MqttRoute&) = delete;
    MqttRoute& operator=(const MqttRoute&) = delete;
    ~MqttRoute();

private:
    friend class MqttSession;

    MqttRoute(MqttSession& session, std::uint64_t number) : session_(&session), number_(number) {}

    MqttSession* session_;
    std::uint64_t number_;
};

class MqttSession {
public:
    /// On the loop thread. May take its time (within handled_within) and may call publish().
    using OnMessage = std::function<boost::asio::awaitable<Handled>(MqttMessage)>;

    using OnLink = std::function<void(bool is_connected)>;

    /// Opens nothing. `loop` is where OnMessage and the on_ functions are called; its context
    /// outlives the session. `on_message` takes what the config's subscriptions bring; it may be
    /// empty where all messages have routes.
    MqttSession(boost::asio::any_io_executor loop, MqttConfig config, OnMessage on_message);
    MqttSession(const MqttSession&) = delete;
    MqttSession& operator=(const MqttSession&) = delete;
    /// Ends the thread; waits for it (it has seconds to do where run() was not awaited to its end).
    ~MqttSession();

    /// Set before run(). Called on the loop after the subscriptions stand, each time.
    void on_connected(std::function<void(bool session_present)> function);
    /// Set before run(). Called on the loop when the connection was lost or an attempt failed.
    void on_lost(std::function<void(Fault)> function);

    /// Adds a subscription with a handler of its own, at any time. A message goes to the first
    /// route whose filter matches. `on_link` is told of each connect and loss.
    [[nodiscard]] MqttRoute route(MqttSubscription subscription,
                                  OnMessage on_message,
                                  OnLink on_link = {});

    /// Keeps the session up. Returns after stop(), when the thread has ended, or when cancelled.
    [[nodiscard]] boost::asio::awaitable<void> run();
    /// Says goodbye to the broker and ends run() within about two seconds. What is queued by
    /// publish() leaves first, as far as the connection takes it. Idempotent.
    void stop();

    /// Never blocks. True means queued, not delivered: what matters is acknowledged by the other
    /// side's own message. Fault unavailable when not connected, full when too much waits. What
    /// answers a message may be published as soon as that has come, connected or not yet.
    [[nodiscard]] Result<> publish(std::string topic, std::string payload, int qos, bool retain);

    [[nodiscard]] bool is_connected() const;
    /// Why it is not connected, or was not last time; empty if never.
    [[nodiscard]] std::string last_error() const;
    [[nodiscard]] MqttCounters counters() const;
    /// Messages queued by publish() and not yet given to the broker.
    [[nodiscard]] std::size_t waiting() const;

private:
    friend class MqttRoute;
    void end_route(std::uint64_t number);

    struct Core;  ///< shared with the thread and with Paho's callbacks; the only user of Paho
    std::shared_ptr<Core> core_;
};

}  // namespace lotgate::adapters
