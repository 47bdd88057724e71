#include "daemon/config/retention_config.hpp"

#include "daemon/config/toml_reader.hpp"
#include "store/model/identity.hpp"

#include <fmt/format.h>

namespace lotgate::config {

namespace {

constexpr std::int64_t days_max = 36'525;  // a hundred years

}  // namespace

store::RetentionSettings parse_retention(SettingsTable& root) {
    store::RetentionSettings settings;
    auto table = root.table("retention");
    if (!table) return settings;
    const auto days = [&](std::string_view key, std::int64_t& value) {
        value = table->integer(key, value, {0, days_max});
    };
    days("keep_days", settings.keep_days);
    days("device_report_days", settings.device_report_days);
    days("fsma204_days", settings.fsma204_days);
    days("dscsa_days", settings.dscsa_days);
    days("part111_after_expiry_days", settings.part111_after_expiry_days);
    days("part111_after_leaving_days", settings.part111_after_leaving_days);
    days("iatf_days", settings.iatf_days);
    for (const auto& [name, value] : table->integers_by_name("by_product", {0, days_max})) {
        if (const auto gtin = Gtin::parse(name))
            settings.by_product.emplace(gtin->text(), value);
        else
            table->problem(
                "by_product", fmt::format("\"{}\" is no GTIN", name), gtin.error().detail());
    }
    settings.by_owner = table->integers_by_name("by_owner", {0, days_max});
    table->no_other_keys();
    return settings;
}

std::optional<ArchiveConfig> load_archive_config(const std::string& path,
                                                 SettingsProblems& problems) {
    const auto node = read_toml_file(path, problems);
    if (!node) return std::nullopt;
    const std::size_t before = problems.size();
    SettingsTable root(*node, "the file", problems);
    ArchiveConfig config;
    config.retention = parse_retention(root);
    config.has_cloud = root.has("cloud");
    if (auto store = root.table("store")) config.store_path = store->text("path", "");
    if (problems.size() > before) return std::nullopt;
    return config;
}

}  // namespace lotgate::config
