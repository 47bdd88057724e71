#pragma once

// What the site is made of, in the order in which it goes away: the last named goes first. Only
// for daemon/site*.cpp.

#include "adapters/barcode/dictionary.hpp"
#include "adapters/label_template/label_template.hpp"
#include "adapters/modbus_conveyor/modbus_conveyor.hpp"
#include "adapters/transport/mqtt_session.hpp"
#include "daemon/accepted_units.hpp"
#include "daemon/api/server.hpp"
#include "daemon/cloud.hpp"
#include "daemon/device_set.hpp"
#include "daemon/recordings.hpp"
#include "daemon/site.hpp"
#include "daemon/site_devices.hpp"
#include "daemon/site_topics.hpp"
#include "daemon/sparkplug_node.hpp"
#include "daemon/station/station.hpp"
#include "daemon/store_access.hpp"
#include "store/store.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lotgate::site {

/// What a station has in hand, as of its last decision: for the screens.
struct InHand {
    std::string document;
    std::string progress;
};

struct SiteParts {
    boost::asio::io_context* loop = nullptr;
    Clock* clock = nullptr;
    Instant started;
    std::chrono::nanoseconds started_mono{0};
    std::string boot;  ///< part of every request id: two starts never make the same one
    std::uint64_t requests = 0;
    bool is_stopping = false;
    std::string problem;         ///< of the last reload, or empty
    std::string hour_looked_at;  ///< for units that wait too long at a dock
    std::function<void(const api::Change&)> told;
    Site::Startup startup;

    std::unique_ptr<const barcode::LoadedDictionary> dictionary;  ///< null: the built-in table
    std::unique_ptr<store::Store> store;
    std::unique_ptr<StoreAccess> access;
    std::unique_ptr<Effects> effects;
    std::unique_ptr<adapters::MqttSession> mqtt;
    std::unique_ptr<SiteTopics> topics;
    std::unique_ptr<adapters::MqttSession> sparkplug_session;
    std::unique_ptr<SparkplugNode> sparkplug;
    std::unique_ptr<adapters::ModbusBuses> buses;
    std::unique_ptr<Cloud> cloud;
    Floor floor;
    std::map<std::string, std::unique_ptr<Station>> stations;
    std::vector<std::unique_ptr<Station>> former_stations;  ///< a scan may still be under way
    std::map<std::string, std::string> station_of_scanner;
    std::map<std::string, InHand> in_hand;
    AcceptedUnits accepted;
    std::unique_ptr<Recordings> recordings;
    std::unique_ptr<DeviceSet> devices;
    std::unique_ptr<SiteDevices> tools;
    std::unique_ptr<api::Server> server;
};

/// Eight random hexadecimal digits.
[[nodiscard]] std::string boot_name();
/// Now, at this site, and how far the clock can be trusted.
[[nodiscard]] Moment moment_now(const SiteParts& parts);
/// An operation of the gateway's own, now.
[[nodiscard]] store::Operation housekeeping(const SiteParts& parts, std::string kind);
/// GS1's dictionary from a file. A bad file is told, with line and reason, in the log and as a
/// problem on the page; the built-in table stays.
void load_dictionary(SiteParts& parts, const std::string& path);
/// What a reload cannot change ("[store] path"), or empty.
[[nodiscard]] std::string fixed_difference(const config::SiteConfig& now,
                                           const config::SiteConfig& wanted);
/// The site as a Sparkplug edge node, where [mqtt] names a group.
void make_sparkplug(SiteParts& parts,
                    const config::SiteConfig& config,
                    std::function<std::vector<api::DeviceView>()> devices);
/// Reads which units were accepted, from beside the database; a file that cannot be understood is
/// told, and counts for nothing.
void load_accepted_units(SiteParts& parts, const std::string& store_path);
/// Keeps a copy of the configuration that is in use, for a start when the present one is bad.
void keep_last_good(const Site::Startup& startup);

}  // namespace lotgate::site
