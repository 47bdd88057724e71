#include "daemon/config/site_config.hpp"

#include "daemon/config/retention_config.hpp"
#include "daemon/config/toml_reader.hpp"
#include "store/model/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <set>

namespace lotgate::config {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t register_max = std::numeric_limits<std::uint16_t>::max();

void parse_shipping(SettingsTable& site, SiteConfig& config) {
    const std::string cutoff = site.text("ship_cutoff", "");
    config.shipping.cutoff_minute = rules::minute_named(cutoff);
    if (!cutoff.empty() && !config.shipping.cutoff_minute)
        site.problem("ship_cutoff", "the cut-off is a time of the day", "ship_cutoff = \"16:30\"");
    const std::string days = site.text("working_days", "mon tue wed thu fri sat sun");
    const auto named = rules::working_days_named(days);
    if (named)
        config.shipping.working_days = *named;
    else
        site.problem("working_days",
                     "working days are some of mon tue wed thu fri sat sun",
                     "working_days = \"mon tue wed thu fri\"");
}

void parse_site(SettingsTable& root, SiteConfig& config) {
    auto site = root.table("site");
    if (!site) {
        root.problem("site", "there is no [site]", "add [site] with id = \"...\"");
        return;
    }
    config.site = site->required_text("id");
    if (!config.site.empty() && !DeviceId::parse(config.site))
        site->problem("id", "the site's id has 1 to 40 of the characters A-Z a-z 0-9 . _ -");
    config.name = site->text("name", config.site);
    config.zone = site->text("zone", "UTC");
    if (!zone_is_known(config.zone))
        site->problem("zone",
                      fmt::format("\"{}\" is no time zone of this machine", config.zone),
                      "write a name like \"America/New_York\"; see /usr/share/zoneinfo");
    config.allows_inject = site->flag("allow_inject", false);
    parse_shipping(*site, config);
    static const std::vector<std::string> rotations{"none", "FEFO", "FIFO", "LIFO"};
    config.rotation = site->one_of("rotation", rotations);
    config.rotation_by_zone = site->words_by_name("rotation_by_zone", rotations);
    config.has_exclusive_tracking = site->one_of("tracking", {"both", "exclusive"}) == "exclusive";
    config.pack_verify = site->flag("pack_verify", true);
    config.putaway_within = std::chrono::duration_cast<std::chrono::minutes>(
        site->duration("putaway_within", 0ms, {0ms, 24h * 30}));
    site->no_other_keys();
}

void parse_store(SettingsTable& root, SiteConfig& config) {
    config.store_path = "/var/lib/lotgate/lotgate.db";
    config.labels_dir = "/etc/lotgate/labels";
    if (auto store = root.table("store")) {
        config.store_path = store->text("path", config.store_path);
        store->no_other_keys();
    }
    if (auto barcode = root.table("barcode")) {
        config.dictionary = barcode->text("dictionary", "");
        barcode->no_other_keys();
    }
    if (auto labels = root.table("labels")) {
        config.labels_dir = labels->text("dir", config.labels_dir);
        labels->no_other_keys();
    }
}

void parse_api(SettingsTable& root, SiteConfig& config) {
    auto api = root.table("api");
    if (!api) return;
    const std::string listen = api->text("listen", "127.0.0.1:8080");
    const auto colon = listen.rfind(':');
    std::uint16_t port = 0;
    const std::string digits = colon == std::string::npos ? "" : listen.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    config.api.address = listen.substr(0, colon);
    config.api.port = port;
    if (listen.empty()) {
        config.api.address.clear();
    } else if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
        api->problem("listen",
                     "\"listen\" in [api] is address:port",
                     "write listen = \"127.0.0.1:8080\", or \"\" for no page");
    } else if (config.api.address != "127.0.0.1" && config.api.address != "[::1]") {
        api->problem("listen",
                     "the page is served on this machine only: an address that others can reach "
                     "needs TLS and sign-in, which this version does not have",
                     "write listen = \"127.0.0.1:8080\" and put a proxy with TLS in front");
    }
    config.api.socket = api->text("socket", config.api.socket);
    config.api.names = api->texts("names");
    api->no_other_keys();
}

void parse_links(SettingsTable& root, SiteConfig& config) {
    if (auto mqtt = root.table("mqtt")) {
        adapters::MqttConfig defaults;
        defaults.client_id = "lotgate-" + config.site;
        config.links_fingerprint += mqtt->fingerprint();
        config.mqtt = adapters::parse_mqtt(*mqtt, std::move(defaults));
        config.mqtt_states = mqtt->flag("states", config.mqtt_states);
        config.mqtt_decisions = mqtt->flag("decisions", config.mqtt_decisions);
        config.sparkplug_group = mqtt->text("sparkplug_group", "");
        if (config.sparkplug_group.find_first_of("+#/") != std::string::npos)
            mqtt->problem("sparkplug_group", "a group of Sparkplug has none of the signs + / #");
        mqtt->no_other_keys();
    }
    if (auto cloud = root.table("cloud")) {
        // The ledger is the session: nothing is to be kept for us by the broker.
        adapters::MqttConfig defaults;
        defaults.client_id = "lotgate-up-" + config.site;
        defaults.clean_session = true;
        config.links_fingerprint += cloud->fingerprint();
        config.cloud = CloudConfig{adapters::parse_mqtt(*cloud, std::move(defaults)),
                                   cloud->text("tenant", "default")};
        cloud->no_other_keys();
    }
}

void parse_devices(SettingsTable& root, SiteConfig& config) {
    std::set<std::string> seen;
    for (auto& table : root.tables("device")) {
        auto declared = adapters::declare_device(table);
        if (!declared) continue;
        if (!seen.insert(declared->id.text()).second)
            table.problem("id",
                          fmt::format("two devices are called \"{}\"", declared->id.text()),
                          "give each device a name of its own");
        if (declared->needs_mqtt && !config.mqtt)
            table.problem("kind",
                          fmt::format("{} speaks MQTT, and there is no [mqtt]", table.name()),
                          "add [mqtt] with host = \"127.0.0.1\"");
        config.devices.push_back(std::move(*declared));
    }
}

rules::Step step_of(SettingsTable& table) {
    std::vector<std::string> words;
    words.reserve(rules::every_step.size());
    for (const rules::Step step : rules::every_step) words.emplace_back(rules::name_of(step));
    if (!table.has("step")) {
        static_cast<void>(table.required_text("step"));
        return rules::Step::receive;
    }
    return rules::step_named(table.one_of("step", words)).value_or(rules::Step::receive);
}

/// A station names devices; each must exist and be of the right sort.
class DeviceNames {
public:
    explicit DeviceNames(const std::vector<adapters::DeviceDeclaration>& devices) {
        for (const auto& device : devices) by_id_.emplace(device.id.text(), device.does);
    }

    void check(SettingsTable& table,
               std::string_view key,
               const std::string& id,
               adapters::Capability wanted) const {
        if (id.empty()) return;
        const auto it = by_id_.find(id);
        if (it == by_id_.end()) {
            std::vector<std::string> known;
            for (const auto& [name, does] : by_id_)
                if (does == wanted) known.push_back(name);
            const auto meant = nearest_spelling(id, known);
            table.problem(
                key,
                fmt::format("{} names a device \"{}\" that is not there", table.name(), id),
                meant ? fmt::format("did you mean \"{}\"?", *meant)
                      : fmt::format("add [[device]] with id = \"{}\"", id));
        } else if (it->second != wanted) {
            table.problem(key,
                          fmt::format("\"{}\" is not a {}", id, adapters::name_of(wanted)),
                          fmt::format("name a {} in {}", adapters::name_of(wanted), table.name()));
        }
    }

private:
    std::map<std::string, adapters::Capability> by_id_;
};

/// Labels go to a printer that is there, and is another one.
void check_neighbours(SettingsTable& root, const DeviceNames& names) {
    for (auto& table : root.tables("device")) {
        const std::string neighbour = table.text("neighbour", "");
        names.check(table, "neighbour", neighbour, adapters::Capability::printer);
        if (!neighbour.empty() && neighbour == table.text("id", ""))
            table.problem("neighbour", "a printer is not its own neighbour", "name another one");
    }
}

std::uint16_t lane(SettingsTable& table, std::string_view key, std::int64_t fallback) {
    return static_cast<std::uint16_t>(table.integer(key, fallback, {0, register_max}));
}

std::optional<std::uint16_t> named_lane(SettingsTable& table, std::string_view key) {
    const auto number = lane(table, key, 0);
    return table.has(key) ? std::optional(number) : std::nullopt;
}

std::map<std::string, std::uint16_t> lanes(SettingsTable& table, std::string_view key) {
    std::map<std::string, std::uint16_t> by_name;
    for (const auto& [name, number] : table.integers_by_name(key, {0, register_max}))
        by_name.emplace(name, static_cast<std::uint16_t>(number));
    return by_name;
}

std::map<std::string, std::uint16_t> lanes_by_product(SettingsTable& table) {
    std::map<std::string, std::uint16_t> by_gtin;
    for (const auto& [name, number] : lanes(table, "lanes_by_product")) {
        const auto gtin = Gtin::parse(name);
        if (!gtin) {
            table.problem(
                "lanes_by_product", fmt::format("\"{}\" is no GTIN", name), gtin.error().detail());
            continue;
        }
        by_gtin.emplace(gtin->text(), number);
    }
    return by_gtin;
}

rules::StationPolicy parse_policy(SettingsTable& table) {
    rules::StationPolicy policy;
    policy.lane_by_route = lanes(table, "lanes");
    policy.lane_by_customer = lanes(table, "lanes_by_customer");
    policy.lane_by_order = lanes(table, "lanes_by_order");
    policy.lane_by_product = lanes_by_product(table);
    policy.lane_by_grade = lanes(table, "lanes_by_grade");
    for (const auto& [route, number] : policy.lane_by_grade)
        if (route != "restock" && route != "repair" && route != "recycle" && route != "scrap")
            table.problem("lanes_by_grade",
                          fmt::format("\"{}\" is no route of returned goods", route),
                          "write restock, repair, recycle or scrap");
    policy.lane_exception = lane(table, "lane_exception", 0);
    policy.lane_reject = named_lane(table, "lane_reject");
    policy.lane_overflow = named_lane(table, "lane_overflow");
    policy.lane_recirculate = named_lane(table, "lane_recirculate");
    policy.recirculations_max =
        static_cast<std::uint32_t>(table.integer("recirculations_max", 3, {0, 100}));
    policy.lane_default = lane(table, "lane_default", 0);
    policy.printer = table.text("printer", "");
    policy.label_template = table.text("label_template", "carton");
    policy.lot_label_template = table.text("lot_label_template", "lot");
    const auto stale = table.duration("label_stale_after", 15min, {1s, 24h});
    policy.label_stale_after_s = std::chrono::duration_cast<std::chrono::seconds>(stale).count();
    policy.scan_age_ms_max = table.duration("scan_age_max", 5s, {100ms, 1h}).count();
    policy.available_on = table.one_of("available_on", {"received", "putaway"});
    policy.door = table.text("door", "");
    policy.carrier = table.text("carrier", "");
    policy.packs_unpicked = table.flag("packs_unpicked", true);
    policy.partial_carton = table.one_of("partial_carton", {"allow", "confirm", "supervisor"});
    return policy;
}

std::optional<StationConfig> parse_station(SettingsTable& table,
                                           const DeviceNames& names,
                                           const SiteConfig& config) {
    StationConfig station;
    station.id = table.required_text("id");
    if (!station.id.empty() && !DeviceId::parse(station.id))
        table.problem("id", "a station's id has 1 to 40 of the characters A-Z a-z 0-9 . _ -");
    station.at = table.text("at", station.id);
    station.step = step_of(table);
    station.scanners = table.texts("scanners");
    for (const auto& scanner : station.scanners)
        names.check(table, "scanners", scanner, adapters::Capability::scanner);
    station.conveyor = table.text("conveyor", "");
    names.check(table, "conveyor", station.conveyor, adapters::Capability::conveyor);
    station.point = lane(table, "point", 0);
    station.decide_within = table.duration("decide_within", 800ms, {10ms, 60s});
    auto policy = parse_policy(table);
    policy.rotation = config.rotation;
    policy.rotation_by_zone = config.rotation_by_zone;
    policy.pack_verify = config.pack_verify;
    names.check(table, "printer", policy.printer, adapters::Capability::printer);
    station.lamp = table.text("lamp", "");
    station.lamp_name = table.text("lamp_name", "");
    names.check(table, "lamp", station.lamp, adapters::Capability::conveyor);
    if (station.step == rules::Step::divert && station.conveyor.empty())
        table.problem("conveyor",
                      fmt::format("{} diverts, and names no conveyor", table.name()),
                      "add conveyor = \"...\" with the id of a modbus_conveyor");
    if (station.step == rules::Step::divert && !table.has("lane_exception"))
        table.problem("lane_exception",
                      fmt::format("{} diverts, and has no lane_exception", table.name()),
                      "add the lane for cartons that may not go on: lane_exception = 9");
    station.policy = std::make_shared<const rules::StationPolicy>(policy);
    table.no_other_keys();
    return station;
}

void parse_stations(SettingsTable& root, SiteConfig& config) {
    const DeviceNames names(config.devices);
    check_neighbours(root, names);
    std::set<std::string> seen;
    std::map<std::string, std::string> station_of_scanner;
    for (auto& table : root.tables("station")) {
        auto station = parse_station(table, names, config);
        if (!station) continue;
        if (!seen.insert(station->id).second)
            table.problem("id",
                          fmt::format("two stations are called \"{}\"", station->id),
                          "give each station a name of its own");
        for (const auto& scanner : station->scanners) {
            const auto [it, is_new] = station_of_scanner.emplace(scanner, station->id);
            if (!is_new)
                table.problem(
                    "scanners",
                    fmt::format(
                        "scanner \"{}\" already reads for station \"{}\"", scanner, it->second),
                    "a scanner belongs to one station");
        }
        config.stations.push_back(std::move(*station));
    }
}

std::string line_of(const std::string& file, int number) {
    std::ifstream stream(file);
    std::string line;
    for (int i = 0; i < number; ++i)
        if (!std::getline(stream, line)) return {};
    return line;
}

}  // namespace

std::optional<SiteConfig> parse_site_config(const SettingsNode& root_node,
                                            SettingsProblems& problems) {
    const std::size_t before = problems.size();
    SettingsTable root(root_node, "the file", problems);
    SiteConfig config;
    parse_site(root, config);
    parse_store(root, config);
    config.retention = parse_retention(root);
    parse_api(root, config);
    parse_links(root, config);
    parse_devices(root, config);
    parse_stations(root, config);
    root.no_other_keys();
    std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) {
        return a.place.line < b.place.line;
    });
    if (problems.size() > before) return std::nullopt;
    return config;
}

std::optional<SiteConfig> load_site_config(const std::string& path, SettingsProblems& problems) {
    const auto root = read_toml_file(path, problems);
    if (!root) return std::nullopt;
    return parse_site_config(*root, problems);
}

std::string told(const SettingsProblems& problems) {
    std::string text;
    for (const auto& problem : problems) {
        const auto& place = problem.place;
        if (place.line == 0) {
            text += fmt::format("{}: error: {}\n", place.file, problem.message);
        } else {
            text += fmt::format(
                "{}:{}:{}: error: {}\n", place.file, place.line, place.column, problem.message);
            const std::string line = line_of(place.file, place.line);
            if (!line.empty())
                text += fmt::format(
                    "{:5} | {}\n      | {}^\n",
                    place.line,
                    line,
                    std::string(static_cast<std::size_t>(std::max(0, place.column - 1)), ' '));
        }
        if (!problem.hint.empty()) text += fmt::format("      = {}\n", problem.hint);
    }
    text += fmt::format("{} {}; nothing was opened or changed\n",
                        problems.size(),
                        problems.size() == 1 ? "problem" : "problems");
    return text;
}

}  // namespace lotgate::config
