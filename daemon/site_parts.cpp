#include "daemon/site_parts.hpp"

#include "store/model/ledger_row.hpp"
#include "store/model/site_time.hpp"
#include "store/rules/ship_date.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <system_error>

#include <sys/timex.h>

namespace lotgate::site {

namespace {

/// The kernel's own word on its clock (adjtimex(2)): synchronised by somebody, or running free.
std::string clock_quality(Instant now) {
    // 2026-01-01: before this was written, no clock that is set can show it.
    constexpr std::int64_t written_us = 1'767'225'600'000'000;
    if (now.us < written_us) return "unset";
    timex state{};
    const int answer = adjtimex(&state);
    return answer == -1 || answer == TIME_ERROR ? "holdover" : "synced";
}

}  // namespace

std::string boot_name() {
    std::random_device random;
    return fmt::format("{:08x}", random());
}

Moment moment_now(const SiteParts& parts) {
    Moment moment;
    moment.now = parts.clock->now();
    moment.site_date = site_date(moment.now, parts.startup.config.zone);
    moment.clock_quality = clock_quality(moment.now);
    moment.ship_date = rules::business_ship_date(moment.site_date,
                                                 site_minute(moment.now, parts.startup.config.zone),
                                                 parts.startup.config.shipping);
    return moment;
}

store::Operation housekeeping(const SiteParts& parts, std::string kind) {
    const Moment moment = moment_now(parts);
    store::Operation operation;
    operation.kind = std::move(kind);
    operation.authority.badge = store::gateway_badge;
    operation.is_housekeeping = true;
    operation.at = moment.now;
    operation.site_date = moment.site_date;
    operation.clock_quality = moment.clock_quality;
    return operation;
}

void load_dictionary(SiteParts& parts, const std::string& path) {
    if (path.empty()) return;
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    if (file) text << file.rdbuf();
    auto loaded = file ? barcode::load_gs1_dictionary(text.str())
                       : Result<std::unique_ptr<const barcode::LoadedDictionary>>(
                             fail(FaultCode::unavailable, "the file cannot be read"));
    if (!loaded) {
        parts.problem = fmt::format(
            "{}: {}; the built-in table of identifiers is used", path, loaded.error().detail());
        spdlog::error("{}", parts.problem);
        return;
    }
    parts.dictionary = std::move(*loaded);
    spdlog::info("identifiers from {}, release {}", path, parts.dictionary->release);
}

std::string fixed_difference(const config::SiteConfig& now, const config::SiteConfig& wanted) {
    if (now.site != wanted.site) return "[site] id";
    if (now.has_exclusive_tracking != wanted.has_exclusive_tracking) return "[site] tracking";
    if (now.store_path != wanted.store_path) return "[store] path";
    if (now.api.address != wanted.api.address || now.api.port != wanted.api.port ||
        now.api.socket != wanted.api.socket)
        return "[api]";
    if (now.links_fingerprint != wanted.links_fingerprint) return "[mqtt] or [cloud]";
    if (now.dictionary != wanted.dictionary) return "[barcode] dictionary";
    return {};
}

void make_sparkplug(SiteParts& parts,
                    const config::SiteConfig& config,
                    std::function<std::vector<api::DeviceView>()> devices) {
    if (!config.mqtt || config.sparkplug_group.empty()) return;
    const SparkplugNode::Names names{config.sparkplug_group, config.site, LOTGATE_VERSION};
    parts.sparkplug = std::make_unique<SparkplugNode>(names, *parts.clock, std::move(devices));
    adapters::MqttConfig broker = *config.mqtt;
    broker.client_id += "-spb";
    broker.clean_session = true;
    broker.will.reset();
    broker.next_will = parts.sparkplug->wills();
    parts.sparkplug_session = std::make_unique<adapters::MqttSession>(
        parts.loop->get_executor(), std::move(broker), adapters::MqttSession::OnMessage());
    parts.sparkplug->live_on(*parts.sparkplug_session);
}

void load_accepted_units(SiteParts& parts, const std::string& store_path) {
    const auto folder = std::filesystem::path(store_path).parent_path();
    parts.recordings = std::make_unique<Recordings>((folder / "recordings").string());
    const auto loaded = parts.accepted.load((folder / "accepted_units.json").string());
    if (loaded) return;
    parts.problem = loaded.error().detail();
    spdlog::error("{}", parts.problem);
}

void keep_last_good(const Site::Startup& startup) {
    if (startup.last_good.empty() || startup.is_last_good) return;
    const std::string next = startup.last_good + ".new";
    std::error_code error;
    std::filesystem::copy_file(
        startup.config_path, next, std::filesystem::copy_options::overwrite_existing, error);
    if (!error) std::filesystem::rename(next, startup.last_good, error);
    if (error)
        spdlog::warn("the configuration in use could not be kept as {}: {}",
                     startup.last_good,
                     error.message());
}

}  // namespace lotgate::site
