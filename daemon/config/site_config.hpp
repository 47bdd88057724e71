#pragma once

// The configuration of one site: [site] [store] [retention] [api] [mqtt] [cloud], a [[device]] for
// each wire and a [[station]] for each place that gives reads their meaning. Reading it opens
// nothing and changes nothing; all problems are collected. Reference: config/lotgate.toml.

#include "adapters/registry/registry.hpp"
#include "adapters/transport/mqtt_session.hpp"
#include "daemon/api/config.hpp"
#include "store/model/settings.hpp"
#include "store/retention/retention.hpp"
#include "store/rules/attempt.hpp"
#include "store/rules/ship_date.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::config {

struct StationConfig {
    std::string id;
    std::string at;
    rules::Step step = rules::Step::receive;
    std::vector<std::string> scanners;
    std::string conveyor;
    std::uint16_t point = 0;
    std::chrono::milliseconds decide_within{800};
    std::string lamp;       ///< device whose stack light shows this station's verdicts; or none
    std::string lamp_name;  ///< which of its lights; empty: its only one
    std::shared_ptr<const rules::StationPolicy> policy;
};

struct CloudConfig {
    adapters::MqttConfig broker;
    std::string tenant;
};

struct SiteConfig {
    std::string site;
    std::string name;
    std::string zone = "UTC";
    bool allows_inject = false;    ///< `lotgate devices inject` is taken
    rules::ShipCalendar shipping;  ///< cut-off and working days
    std::string rotation;          ///< of goods that nothing else speaks for; empty: none
    std::map<std::string, std::string> rotation_by_zone;  ///< zone of the product -> rotation
    bool has_exclusive_tracking = false;  ///< no product by serial and by lot at once
    bool pack_verify = true;              ///< false: doors take picked goods that were not packed
    std::chrono::minutes putaway_within{0};  ///< what waits longer at a dock is a case; 0: never
    std::string store_path;
    store::RetentionSettings retention;  ///< how long events stay in the ledger
    std::string labels_dir;
    std::string dictionary;  ///< GS1's dictionary file, newer than the built-in table; or empty
    api::Config api;
    std::optional<adapters::MqttConfig>
        mqtt;                          ///< the site's own broker, for devices that speak MQTT
    bool mqtt_states = true;           ///< who is there, told on that broker; commands taken there
    bool mqtt_decisions = false;       ///< each decision told there too
    std::string sparkplug_group;       ///< of the site as a Sparkplug edge node; empty: it is none
    std::optional<CloudConfig> cloud;  ///< none: the site works alone
    std::string links_fingerprint;     ///< of [mqtt] and [cloud]: they need a restart
    std::vector<adapters::DeviceDeclaration> devices;
    std::vector<StationConfig> stations;
};

/// Everything checked that can be without opening anything; nothing where there is any problem.
[[nodiscard]] std::optional<SiteConfig> load_site_config(const std::string& path,
                                                         SettingsProblems& problems);
[[nodiscard]] std::optional<SiteConfig> parse_site_config(const SettingsNode& root,
                                                          SettingsProblems& problems);

/// Problems as a person reads them: file:line:column, the line itself with a caret, the hint, and
/// a closing count. `read_line` gives a line of a file, or nothing.
[[nodiscard]] std::string told(const SettingsProblems& problems);

}  // namespace lotgate::config
