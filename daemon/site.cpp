#include "daemon/site.hpp"

#include "daemon/api/to_json.hpp"
#include "daemon/cloud.hpp"
#include "daemon/device_set.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/site_parts.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace lotgate::site {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// SIGTERM to the end: systemd waits longer, a person does not.
constexpr auto stop_deadline = 1500ms;

/// A coroutine that lives as long as the site; an exception that leaves one is a bug.
void spawn(const asio::any_io_executor& loop, asio::awaitable<void> work) {
    auto ended = [](std::exception_ptr escaped) {
        if (escaped) std::rethrow_exception(escaped);
    };
    asio::co_spawn(loop, std::move(work), std::move(ended));
}

SiteTopics::Names topic_names(const config::SiteConfig& config) {
    return {config.site, LOTGATE_VERSION, config.mqtt_decisions};
}

adapters::DeviceServices device_services(Site::Startup& startup, SiteParts& parts) {
    adapters::DeviceServices services;
    services.loop = parts.loop->get_executor();
    services.clock = startup.clock;
    services.site = startup.config.site;
    services.mqtt = parts.mqtt.get();
    services.buses = parts.buses.get();
    services.log = [](const DeviceId& id) -> adapters::LogLine {
        return [name = id.text()](adapters::LogLevel level, const std::string& line) {
            const auto severity = level == adapters::LogLevel::error     ? spdlog::level::err
                                  : level == adapters::LogLevel::warning ? spdlog::level::warn
                                                                         : spdlog::level::info;
            spdlog::log(severity, "{}: {}", name, line);
        };
    };
    return services;
}

}  // namespace

Site::Site(std::unique_ptr<SiteParts> parts) : parts_(std::move(parts)) {}

Site::~Site() = default;

Result<std::unique_ptr<Site>> Site::open(Startup startup, asio::io_context& loop) {
    auto parts = std::make_unique<SiteParts>();
    parts->loop = &loop;
    parts->clock = startup.clock;
    parts->started = startup.clock->now();
    parts->started_mono = startup.clock->monotonic();
    parts->boot = boot_name();
    const auto executor = loop.get_executor();

    load_dictionary(*parts, startup.config.dictionary);
    load_accepted_units(*parts, startup.config.store_path);
    LG_TRY(Effects::Labels labels, adapters::LabelTemplates::load(startup.config.labels_dir));
    store::StoreConfig store_config;
    store_config.path = startup.config.store_path;
    store_config.site = startup.config.site;
    store_config.zone = startup.config.zone;
    store_config.has_exclusive_tracking = startup.config.has_exclusive_tracking;
    LG_TRY(parts->store, store::Store::open(store_config, *startup.clock));
    // Wakes the uplink; posted, since the store thread must not wait for the loop.
    SiteParts* raw = parts.get();
    parts->store->on_commit([raw](Seq head) {
        auto wake = [raw, head] {
            if (raw->cloud) raw->cloud->wake(head);
        };
        asio::post(raw->loop->get_executor(), std::move(wake));
    });
    parts->access =
        std::make_unique<StoreAccess>(*parts->store, startup.config.store_path, executor);
    parts->effects = std::make_unique<Effects>(*parts->access, *startup.clock, std::move(labels));
    if (startup.config.mqtt && startup.config.mqtt_states)
        startup.config.mqtt->will = adapters::StateTopics::will(startup.config.site);
    if (startup.config.mqtt)
        parts->mqtt = std::make_unique<adapters::MqttSession>(
            executor, *startup.config.mqtt, adapters::MqttSession::OnMessage());
    parts->buses = std::make_unique<adapters::ModbusBuses>();
    if (startup.config.cloud)
        parts->cloud =
            std::make_unique<Cloud>(startup.config, *parts->access, executor, *startup.clock);

    auto services = device_services(startup, *parts);
    std::unique_ptr<Site> site(new Site(std::move(parts)));
    SiteParts& made = *site->parts_;
    LG_TRY(made.server, api::Server::listen(executor, *site, startup.config.api));
    Site* self = site.get();
    self->hear_devices(services);
    made.devices = std::make_unique<DeviceSet>(std::move(services), *made.effects);
    made.tools = std::make_unique<SiteDevices>(
        made,
        [self](const std::string& device) { return self->station_of(device); },
        [self](api::OperationCall call) { return self->operate(std::move(call)); });
    self->publish_states(startup.config);
    make_sparkplug(made, startup.config, [self] { return self->devices(); });
    made.floor = site->floor();
    made.startup = std::move(startup);
    return site;
}

void Site::hear_devices(adapters::DeviceServices& services) {
    services.on_scan = [this](adapters::Scan scan) { return answer_scanner(std::move(scan)); };
    services.on_print = [this](adapters::PrintReport report) {
        return parts_->effects->printed(std::move(report));
    };
    services.on_divert = [this](DeviceId conveyor, adapters::DivertReport report) {
        return carton_went(conveyor.text(), std::move(report));
    };
    services.on_unread = [this](DeviceId conveyor, adapters::Induction induction) {
        return route_unread(conveyor.text(), induction);
    };
    services.on_carton = [this](const DeviceId& conveyor, std::uint16_t point) {
        announce_carton(conveyor.text(), point);
    };
    services.accepted_unit = [this](const DeviceId& id, const std::string& declared) {
        return parts_->accepted.instead_of(id.text(), declared);
    };
}

void Site::publish_states(const config::SiteConfig& config) {
    SiteParts& made = *parts_;
    if (!made.mqtt || !config.mqtt_states) return;
    made.topics = std::make_unique<SiteTopics>(
        *made.mqtt, topic_names(config), *made.clock, [this] { return devices(); });
    made.topics->on_trigger([this](const std::string& device) -> Result<> {
        LG_CHECK(parts_->tools->trigger(device));
        return {};
    });
}

void Site::tell(const api::DecisionView& view) {
    if (parts_->topics && parts_->topics->tells_decisions())
        parts_->topics->decided(view, api::to_json(view));
    if (parts_->sparkplug) parts_->sparkplug->decided(view);
    if (parts_->told) parts_->told(api::Change(view));
}

Floor Site::floor() {
    Floor floor;
    floor.store = parts_->access.get();
    floor.effects = parts_->effects.get();
    floor.clock = parts_->clock;
    if (parts_->dictionary) floor.dictionary = parts_->dictionary->dictionary.get();
    floor.moment = [this] { return moment_now(*parts_); };
    floor.next_request_id = [this](const std::string& device) {
        return fmt::format("{}:{}:{}", device, parts_->boot, ++parts_->requests);
    };
    floor.decided = [this](const api::DecisionView& view) {
        if (!view.document.empty()) parts_->in_hand[view.station] = {view.document, view.progress};
        // The device is answered first: screens and brokers hear of it in the loop's next turn.
        asio::post(*parts_->loop, [this, view] { tell(view); });
    };
    return floor;
}

void Site::start() {
    const auto executor = parts_->loop->get_executor();
    adopt_stations(parts_->startup.config.stations);
    auto declared = parts_->startup.config.devices;
    parts_->devices->adopt(std::move(declared));
    spawn(executor, parts_->server->run());
    if (parts_->mqtt) spawn(executor, parts_->mqtt->run());
    if (parts_->topics) spawn(executor, parts_->topics->run());
    if (parts_->sparkplug) spawn(executor, parts_->sparkplug_session->run());
    if (parts_->sparkplug) spawn(executor, parts_->sparkplug->run());
    if (parts_->cloud) spawn(executor, parts_->cloud->run());
    spawn(executor, resume_effects());
    spawn(executor, hold_expired());
    spawn(executor, watch_outages());
    spawn(executor, parts_->effects->watch());
    Site* self = this;
    spawn(executor,
          ServiceManager::watch([self] { return self->parts_->store->progress(); },
                                [self] { return self->status_line(); }));
    ServiceManager::ready(status_line());
    spdlog::info("{} is ready: {} devices, {} stations, page http://{}:{}/",
                 parts_->startup.config.site,
                 parts_->startup.config.devices.size(),
                 parts_->stations.size(),
                 parts_->startup.config.api.address,
                 parts_->server->port());
}

asio::awaitable<void> Site::resume_effects() {
    auto open = co_await parts_->access->open_effects();
    if (!open) {
        spdlog::error("what was asked before the last stop cannot be read: {}",
                      open.error().detail());
        co_return;
    }
    if (!open->empty()) spdlog::info("{} effects were open at the last stop", open->size());
    co_await parts_->effects->resume(std::move(*open));
}

void Site::adopt_stations(std::vector<config::StationConfig> configs) {
    std::map<std::string, std::unique_ptr<Station>> before = std::move(parts_->stations);
    parts_->stations.clear();
    parts_->station_of_scanner.clear();
    for (auto& config : configs) {
        for (const auto& scanner : config.scanners) parts_->station_of_scanner[scanner] = config.id;
        const std::string id = config.id;
        // A station stays the same object: a scan that is under way ends where it began.
        auto it = before.find(id);
        if (it != before.end()) {
            it->second->reconfigure(std::move(config));
            parts_->stations[id] = std::move(it->second);
        } else {
            parts_->stations[id] = std::make_unique<Station>(std::move(config), parts_->floor);
        }
    }
    for (auto& [id, station] : before)
        if (station) parts_->former_stations.push_back(std::move(station));
}

void Site::reload() {
    ServiceManager::reloading();
    SettingsProblems problems;
    auto config = config::load_site_config(parts_->startup.config_path, problems);
    if (!config) {
        spdlog::error("the new configuration is not used, the old one goes on:\n{}",
                      config::told(problems));
        parts_->problem = "the configuration file has problems; the one before goes on";
    } else if (const std::string fixed = fixed_difference(parts_->startup.config, *config);
               !fixed.empty()) {
        spdlog::error("the new configuration changes {}: that needs a restart; nothing changed",
                      fixed);
        parts_->problem = fmt::format("{} in the configuration needs a restart", fixed);
    } else if (auto labels = adapters::LabelTemplates::load(config->labels_dir); !labels) {
        spdlog::error("the new label templates are not used, nothing changed:\n{}",
                      labels.error().detail());
        parts_->problem = "the label templates have problems; those before go on";
    } else {
        parts_->effects->adopt(std::move(*labels));
        parts_->problem.clear();
        parts_->startup.is_last_good = false;
        parts_->startup.config = std::move(*config);
        adopt_stations(parts_->startup.config.stations);
        auto declared = parts_->startup.config.devices;
        const std::string told = parts_->devices->adopt(std::move(declared));
        keep_last_good(parts_->startup);
        spdlog::info("configuration reloaded: {}", told);
    }
    if (parts_->told) parts_->told(api::Change(api::StateChanged()));
    ServiceManager::ready(status_line());
}

void Site::stop() {
    if (parts_->is_stopping) return;
    parts_->is_stopping = true;
    spawn(parts_->loop->get_executor(), shut_down());
}

asio::awaitable<void> Site::shut_down() {
    ServiceManager::stopping();
    spdlog::info("stopping");
    parts_->server->stop();
    if (parts_->topics) parts_->topics->goodbye();
    parts_->effects->stop();
    if (parts_->mqtt) parts_->mqtt->stop();
    if (parts_->sparkplug) parts_->sparkplug->goodbye();
    if (parts_->sparkplug) parts_->sparkplug_session->stop();
    co_await parts_->devices->stop_all(stop_deadline);
    if (parts_->cloud) parts_->cloud->stop();
    asio::steady_timer settle(co_await asio::this_coro::executor);
    settle.expires_after(50ms);
    co_await settle.async_wait(asio::as_tuple(asio::use_awaitable));
    // The store carries out what it has taken when it is destroyed, after the loop.
    parts_->loop->stop();
}

Station* Site::station_named(const std::string& id) const {
    const auto it = parts_->stations.find(id);
    return it == parts_->stations.end() ? nullptr : it->second.get();
}

Station* Site::station_of(const std::string& device) const {
    const auto it = parts_->station_of_scanner.find(device);
    return it == parts_->station_of_scanner.end() ? nullptr : station_named(it->second);
}

asio::awaitable<adapters::ScanAnswer> Site::answer_scanner(adapters::Scan scan) {
    const std::string device = scan.device.text();
    Station* station = station_of(device);
    if (station == nullptr)
        co_return adapters::ScanAnswer(adapters::Light::unavailable,
                                       "NO_STATION",
                                       "This scanner belongs to no station: tell your integrator.");
    const auto view = co_await station->scan(std::move(scan));
    if (!view)
        co_return adapters::ScanAnswer(
            adapters::Light::unavailable, "STORE_UNSAFE", "Nothing was recorded. Scan again.");
    parts_->tools->keep_recording(device, *view);
    co_return adapters::ScanAnswer(view->light, view->code, view->told);
}

void Site::announce_carton(const std::string& conveyor, std::uint16_t point) {
    for (const auto& [id, station] : parts_->stations) {
        const auto& config = station->config();
        if (config.conveyor != conveyor || config.point != point) continue;
        for (const std::string& scanner : config.scanners) {
            auto* const told = dynamic_cast<adapters::Triggered*>(parts_->devices->named(scanner));
            if (told != nullptr) told->object_here();
        }
    }
}

Station* Site::station_deciding(const std::string& conveyor, std::uint16_t point) const {
    for (const auto& [id, station] : parts_->stations) {
        const auto& config = station->config();
        if (config.conveyor == conveyor && config.point == point) return station.get();
    }
    return nullptr;
}

asio::awaitable<void> Site::route_unread(std::string conveyor, adapters::Induction induction) {
    if (Station* station = station_deciding(conveyor, induction.point)) {
        co_await station->unread(induction);
    }
}

asio::awaitable<void> Site::carton_went(std::string conveyor, adapters::DivertReport report) {
    if (report.effect_id != 0) {
        co_await parts_->effects->diverted(std::move(report));
        co_return;
    }
    store::CartonPassed carton;
    carton.point = report.point;
    carton.sequence = report.sequence;
    carton.tracking_id = report.tracking_id;
    carton.lane = report.lane;
    const Station* station = station_deciding(conveyor, report.point);
    if (station != nullptr) carton.station = station->config().id;
    carton.conveyor = std::move(conveyor);
    co_await parts_->effects->passed(std::move(carton));
    if (parts_->told) parts_->told(api::Change(api::StateChanged()));
}

}  // namespace lotgate::site
