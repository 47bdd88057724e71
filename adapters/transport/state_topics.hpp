#pragma once

// Who is there, for everybody who listens to the broker (docs/data/devices_scanners.md, "MQTT"):
//
//   lotgate/v1/<site>/state            {"online":true,"since":...,"version":...}
//   lotgate/v1/<site>/<device>/health
//   {"online":false,"state":"retrying","because":...,"since":...,"last_useful":...}
//
// Retained, QoS 1. The site's state is also the session's will, {"online":false}: what the devices'
// health says is true only while the site is online. A view for people and dashboards, never the
// record.

#include "adapters/adapter.hpp"
#include "adapters/transport/mqtt_session.hpp"
#include "store/model/identity.hpp"
#include "store/model/time.hpp"

#include <map>
#include <string>

namespace lotgate::adapters {

class StateTopics {
public:
    struct Names {
        std::string site;
        std::string version;  ///< of this program
    };

    /// `session` outlives it.
    StateTopics(MqttSession& session, Names names);

    /// For MqttConfig::will of the session.
    [[nodiscard]] static MqttWill will(const std::string& site);

    /// From MqttSession::on_connected: says that the site is there, and all that is known again.
    void connected(Instant now);
    /// As often as one likes; published when something but the last useful moment has changed, or
    /// a minute has passed with new useful ones. While the broker is away it is only kept.
    void device(const DeviceId& id, const Health& health, Instant now);
    /// The device is no longer configured: its retained health is taken away.
    void forget(const DeviceId& id);
    /// Before MqttSession::stop(): offline, said by ourselves.
    void goodbye(Instant now);

private:
    struct Known {
        std::string told;     ///< without the last useful moment
        std::string payload;  ///< as last made
        Instant published;
        bool is_waiting = false;  ///< not published yet, or not accepted
    };

    void publish(const std::string& device, Known& known);

    MqttSession& session_;
    const Names names_;
    std::map<std::string, Known> devices_;
};

}  // namespace lotgate::adapters
