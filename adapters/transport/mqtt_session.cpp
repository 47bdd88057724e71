#include "adapters/transport/mqtt_session.hpp"

#include "adapters/transport/backoff.hpp"
#include "adapters/transport/mqtt_core.hpp"
#include "store/model/time.hpp"

#include <fmt/format.h>
#include <mqtt/async_client.h>

#include <fstream>
#include <optional>
#include <stdexcept>

// The library's side: the session's own thread, and Paho's callbacks. Paho 1.3.12 calls back with
// its process-wide lock held, and every call into it waits for that lock.

namespace lotgate::adapters {

namespace {

constexpr std::chrono::seconds goodbye_within{1};
constexpr std::chrono::seconds useful_after{5};

struct NotReadable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string uri_of(const MqttConfig& config) {
    const bool is_v6 = config.host.find(':') != std::string::npos && config.host.front() != '[';
    return fmt::format("{}://{}{}{}:{}",
                       config.ca_file.empty() ? "tcp" : "ssl",
                       is_v6 ? "[" : "",
                       config.host,
                       is_v6 ? "]" : "",
                       config.port);
}

std::string password_in(const std::string& path) {
    std::ifstream file(path);
    std::string password;
    if (!std::getline(file, password)) {
        throw NotReadable("cannot read a password from " + path);
    }
    return password;
}

// Named, never the default: that tries 3.1 after 3.1.1, a double connect.
int version_of(const MqttConfig& config) {
    return config.is_version_5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
}

mqtt::connect_options options_of(const MqttConfig& config) {
    mqtt::connect_options options;
    options.set_mqtt_version(version_of(config));
    if (config.is_version_5) {
        options.set_clean_start(config.clean_session);
        if (!config.clean_session)
            options.set_properties(
                {mqtt::property(mqtt::property::SESSION_EXPIRY_INTERVAL,
                                static_cast<std::int32_t>(config.session_expiry.count()))});
    } else {
        options.set_clean_session(config.clean_session);
    }
    options.set_keep_alive_interval(static_cast<int>(config.keepalive.count()));
    options.set_connect_timeout(static_cast<int>(config.connect_within.count() / 1000 + 1));
    options.set_max_inflight(static_cast<int>(config.in_flight_max));
    options.set_automatic_reconnect(false);
    const auto will = config.next_will ? std::optional(config.next_will()) : config.will;
    if (will)
        options.set_will_message(mqtt::make_message(will->topic, will->payload, 1, will->retain));
    if (!config.user.empty()) options.set_user_name(config.user);
    if (!config.password_file.empty()) options.set_password(password_in(config.password_file));
    if (!config.ca_file.empty()) {
        mqtt::ssl_options ssl;
        ssl.set_trust_store(config.ca_file);
        ssl.set_enable_server_cert_auth(true);
        ssl.set_verify(true);
        if (!config.certificate_file.empty()) {
            ssl.set_key_store(config.certificate_file);
            ssl.set_private_key(config.key_file);
        }
        options.set_ssl(std::move(ssl));
    }
    return options;
}

Fault fault_of(const mqtt::exception& error, const MqttConfig& config) {
    const std::string broker = fmt::format("{}:{}", config.host, config.port);
    switch (error.get_return_code()) {
        case MQTTASYNC_FAILURE:
            return {FaultCode::unavailable,
                    "no broker at " + broker + ": does it run, and is the address right?"};
        case 2:  // CONNACK codes of MQTT 3.1.1, table 3.1
            return {FaultCode::invalid_input,
                    "the broker at " + broker + " refuses the client id " + config.client_id};
        case 4:
        case 5:
        case 0x86:  // MQTT 5: bad user name or password, not authorized
        case 0x87:
            return {FaultCode::invalid_input,
                    "the broker at " + broker + " refuses the user or the password"};
        default:
            return {FaultCode::unavailable, broker + ": " + error.to_string()};
    }
}

}  // namespace

/// One client object: connected, served and destroyed on the session's thread.
class MqttSession::Core::Connection : public mqtt::iaction_listener {
public:
    explicit Connection(Core& core)
        : core_(core),
          client_(uri_of(core.config),
                  core.config.client_id,
                  mqtt::create_options(version_of(core.config)),
                  nullptr) {
        client_.set_message_callback(
            [this](const mqtt::const_message_ptr& message) { deliver(*message); });
        client_.set_connection_lost_handler([this](const std::string& cause) { lost(cause); });
    }

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() override = default;

    /// Until stop() or a loss; a loss is an exception.
    void run();

private:
    // ---- session thread
    [[nodiscard]] bool connect();  // whether the broker knew us
    void subscribe();
    void serve();
    void publish_one(std::unique_lock<std::mutex>& lock);
    void say_goodbye(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] bool may_publish() const;

    // ---- Paho's threads
    void deliver(const mqtt::message& message);
    void withhold(std::unique_lock<std::mutex>& lock);
    void lost(const std::string& cause);
    void on_success(const mqtt::token& token) override;
    void on_failure(const mqtt::token& token) override;

    Core& core_;
    std::map<std::string, int> subscribed_;
    mqtt::async_client client_;  // destroyed first: waits for callbacks
};

// ---- Paho's threads

void MqttSession::Core::Connection::deliver(const mqtt::message& message) {
    auto handover = std::make_shared<MqttHandover>();
    std::unique_lock lock(core_.mutex);
    ++core_.counts.received;
    if (message.is_duplicate()) ++core_.counts.redelivered;
    if (message.get_payload().size() > core_.config.payload_bytes_max) {
        ++core_.counts.oversized;
        return;
    }
    if (!core_.is_stopping) {
        // What the broker kept for us comes before it has answered SUBSCRIBE, and wants an answer.
        core_.is_open = !core_.is_lost;
        lock.unlock();
        MqttMessage ours(message.get_topic(), message.get_payload_str());
        ours.is_retained = message.is_retained();
        ours.is_redelivered = message.is_duplicate();
        core_.post_message(std::move(ours), handover);
        lock.lock();
        core_.changed.wait_for(lock, core_.config.handled_within, [&] {
            return handover->is_finished || core_.is_abandoned;
        });
    }
    if (handover->is_finished && handover->how == Handled::done) {
        core_.is_useful = true;
    } else if (message.get_qos() != 0) {
        withhold(lock);
    }
}

void MqttSession::Core::Connection::withhold(std::unique_lock<std::mutex>& lock) {
    // The library acknowledges as soon as the callback returns, whatever happened (its C++ layer
    // knows no "no"). The only refusal is a connection over which nothing can leave any more.
    ++core_.counts.withheld;
    core_.is_withheld = true;
    // A message may come between CONNACK and the session thread's learning of the socket.
    core_.changed.wait_for(lock, core_.config.connect_within, [&] {
        return core_.socket.is_known() || core_.is_lost;
    });
    (void)core_.socket.cut();
}

void MqttSession::Core::Connection::lost(const std::string& cause) {
    const std::lock_guard lock(core_.mutex);
    core_.is_lost = true;
    core_.is_connected = false;
    core_.is_open = false;
    core_.lost_cause = cause.empty() ? "the broker is gone" : cause;
    if (core_.is_withheld) core_.lost_cause = "cut: a message could not be made durable in time";
    core_.changed.notify_all();
}

void MqttSession::Core::Connection::on_success(const mqtt::token& /*token*/) {
    const std::lock_guard lock(core_.mutex);
    ++core_.counts.published;
    core_.is_useful = true;
    if (core_.in_flight > 0) --core_.in_flight;
    core_.changed.notify_all();
}

void MqttSession::Core::Connection::on_failure(const mqtt::token& /*token*/) {
    const std::lock_guard lock(core_.mutex);
    ++core_.counts.publish_failed;
    if (core_.in_flight > 0) --core_.in_flight;
    core_.changed.notify_all();
}

// ---- session thread

bool MqttSession::Core::Connection::connect() {
    const mqtt::connect_options options = options_of(core_.config);
    // One connect at a time for each port, so that the new socket is known to be this session's.
    const CutSocket::Turn turn(core_.config.port);
    const mqtt::token_ptr token = client_.connect(options);
    if (!token->wait_for(core_.config.connect_within)) {
        throw std::runtime_error("no answer to CONNECT in time");
    }
    const CutSocket found = turn.new_socket();
    found.send_at_once();
    const std::lock_guard lock(core_.mutex);
    core_.socket = found;
    core_.changed.notify_all();
    return token->get_connect_response().is_session_present();
}

void MqttSession::Core::Connection::subscribe() {
    std::map<std::string, int> goal;
    {
        const std::lock_guard lock(core_.mutex);
        goal = core_.wanted;
        core_.is_wanted_changed = false;
    }
    std::vector<mqtt::token_ptr> tokens;
    for (const auto& [filter, qos] : goal) {
        if (subscribed_.count(filter) == 0) tokens.push_back(client_.subscribe(filter, qos));
    }
    for (const auto& [filter, qos] : subscribed_) {
        if (goal.count(filter) == 0) tokens.push_back(client_.unsubscribe(filter));
    }
    for (const mqtt::token_ptr& token : tokens) {
        if (!token->wait_for(core_.config.handled_within + core_.config.connect_within)) {
            throw std::runtime_error("no answer to SUBSCRIBE in time");
        }
    }
    subscribed_ = std::move(goal);
}

bool MqttSession::Core::Connection::may_publish() const {
    return !core_.queue.empty() && core_.in_flight < core_.config.in_flight_max;
}

void MqttSession::Core::Connection::publish_one(std::unique_lock<std::mutex>& lock) {
    const MqttOutgoing next = std::move(core_.queue.front());
    core_.queue.pop_front();
    ++core_.in_flight;
    lock.unlock();
    bool is_taken = true;
    try {
        client_.publish(
            mqtt::make_message(next.topic, next.payload, next.qos, next.retain), nullptr, *this);
    } catch (const mqtt::exception&) {
        is_taken = false;  // the connection has just gone; the loss is reported by itself
    }
    lock.lock();
    if (is_taken) return;
    if (core_.in_flight > 0) --core_.in_flight;
    ++core_.counts.publish_failed;
}

void MqttSession::Core::Connection::say_goodbye(std::unique_lock<std::mutex>& lock) {
    const auto patience = system_clock().monotonic() + goodbye_within;
    while (!core_.is_lost && !(core_.queue.empty() && core_.in_flight == 0)) {
        const auto left = patience - system_clock().monotonic();
        if (left.count() <= 0) break;
        if (may_publish()) {
            publish_one(lock);
        } else {
            core_.changed.wait_for(lock, left);
        }
    }
    core_.is_connected = false;
    core_.is_open = false;
    const bool is_up = !core_.is_lost;
    lock.unlock();
    if (is_up) client_.disconnect(goodbye_within)->wait_for(goodbye_within);
    lock.lock();
}

void MqttSession::Core::Connection::serve() {
    std::unique_lock lock(core_.mutex);
    for (;;) {
        core_.changed.wait(lock, [&] {
            return core_.is_stopping || core_.is_lost || core_.is_wanted_changed || may_publish();
        });
        if (core_.is_lost) throw std::runtime_error(core_.lost_cause);
        if (core_.is_stopping) return say_goodbye(lock);
        if (core_.is_wanted_changed) {
            lock.unlock();
            subscribe();
            lock.lock();
        } else {
            publish_one(lock);
        }
    }
}

void MqttSession::Core::Connection::run() {
    const bool session_present = connect();
    subscribe();
    {
        const std::lock_guard lock(core_.mutex);
        core_.is_connected = !core_.is_lost;
        core_.is_open = core_.is_connected;
        core_.last_error.clear();
        ++core_.counts.connects;
    }
    core_.post_link(true, session_present, Fault(FaultCode::unavailable, ""));
    serve();
}

bool MqttSession::Core::end_connection(const std::string& error) {
    const std::lock_guard lock(mutex);
    const bool was_useful = is_useful && !is_withheld;
    if (is_lost) ++counts.losses;
    counts.publish_failed += queue.size() + in_flight;
    queue.clear();
    in_flight = 0;
    is_connected = false;
    is_open = false;
    is_lost = false;
    is_withheld = false;
    is_useful = false;
    socket = CutSocket{};
    if (!error.empty()) last_error = error;
    return was_useful;
}

void MqttSession::Core::work() {
    Backoff backoff(machine_random());
    for (;;) {
        const auto began = system_clock().monotonic();
        Fault fault(FaultCode::closed, "");
        try {
            Connection connection(*this);
            connection.run();
        } catch (const NotReadable& error) {
            fault = Fault(FaultCode::invalid_input, error.what());
        } catch (const mqtt::exception& error) {
            fault = fault_of(error, config);
        } catch (const std::exception& error) {
            fault = Fault(FaultCode::unavailable,
                          fmt::format("{}:{}: {}", config.host, config.port, error.what()));
        }
        const bool was_long = system_clock().monotonic() - began > useful_after;
        if (end_connection(fault.detail()) || was_long) backoff.reset();
        post_link(false, false, std::move(fault));
        std::unique_lock lock(mutex);
        if (changed.wait_for(lock, backoff.next(), [&] { return is_stopping; })) return;
    }
}

}  // namespace lotgate::adapters
