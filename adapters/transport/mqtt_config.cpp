#include "adapters/transport/mqtt_session.hpp"

namespace lotgate::adapters {

MqttConfig parse_mqtt(SettingsTable& table, MqttConfig defaults) {
    using namespace std::chrono_literals;
    MqttConfig config = std::move(defaults);
    config.host = table.text("host", config.host);
    if (config.host.empty()) table.problem("host", "the broker's address must not be empty");
    const bool has_tls = table.has("ca_file");
    const std::int64_t usual_port = has_tls && config.port == 1883 ? 8883 : config.port;
    config.port = static_cast<std::uint16_t>(table.integer("port", usual_port, {1, 65'535}));
    config.client_id = table.text("client_id", config.client_id);
    if (config.client_id.empty() || config.client_id.size() > 128) {
        table.problem("client_id", "a client id of 1 to 128 characters is needed");
    }
    config.user = table.text("user", config.user);
    config.password_file = table.text("password_file", config.password_file);
    config.ca_file = table.text("ca_file", config.ca_file);
    config.certificate_file = table.text("certificate_file", config.certificate_file);
    config.key_file = table.text("key_file", config.key_file);
    if (config.certificate_file.empty() != config.key_file.empty())
        table.problem("certificate_file", "certificate_file and key_file belong together");
    if (!config.certificate_file.empty() && config.ca_file.empty())
        table.problem("certificate_file", "a certificate of ours needs TLS: name a ca_file too");
    config.is_version_5 = table.one_of("version", {"3.1.1", "5"}) == "5";
    const auto expiry = table.duration("session_expiry", config.session_expiry, {1min, 720h});
    config.session_expiry = std::chrono::duration_cast<std::chrono::seconds>(expiry);
    const auto keepalive = table.duration("keepalive", config.keepalive, {1s, 1h});
    config.keepalive = std::chrono::duration_cast<std::chrono::seconds>(keepalive);
    config.clean_session = table.flag("clean_session", config.clean_session);
    config.handled_within = table.duration("handled_within", config.handled_within, {100ms, 60s});
    config.connect_within = table.duration("connect_within", config.connect_within, {500ms, 60s});
    return config;
}

}  // namespace lotgate::adapters
