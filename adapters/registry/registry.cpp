#include "adapters/registry/registry.hpp"

#include "adapters/modbus_conveyor/modbus_conveyor.hpp"
#include "adapters/mqtt_scanner/mqtt_scanner.hpp"
#include "adapters/serial_scanner/serial_scanner.hpp"
#include "adapters/tcp_scanner/tcp_scanner.hpp"
#include "adapters/transport/code_reading.hpp"
#include "adapters/transport/supervision.hpp"
#include "adapters/tspl_printer/tspl_printer.hpp"
#include "adapters/zpl_printer/zpl_printer.hpp"
#include "store/model/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace lotgate::adapters {

namespace {

using MakeAdapter = std::function<std::unique_ptr<Adapter>(const DeviceServices&)>;

/// One kind of device: how its table is read, and what makes it.
struct KindRow {
    std::string_view name;
    Capability does;
    bool needs_mqtt;
    MakeAdapter (*declare)(DeviceId, SettingsTable&);
};

World world_of(const DeviceServices& services, const DeviceId& id) {
    LogLine log = services.log ? services.log(id) : LogLine();
    if (!services.world) return machine_world(std::move(log));
    World world = services.world();
    world.log = std::move(log);
    return world;
}

MakeAdapter declare_serial_scanner(DeviceId id, SettingsTable& table) {
    auto config = SerialScanner::parse(table);
    return [id = std::move(id), config](const DeviceServices& services) {
        SerialScannerConfig meant = config;
        if (services.accepted_unit) {
            meant.accepted = services.accepted_unit(id, config.wanted().text());
        }
        OnScan on_scan = with_reading(services.on_scan, config.scanner.reading);
        return std::make_unique<SerialScanner>(
            id, std::move(meant), std::move(on_scan), world_of(services, id));
    };
}

MakeAdapter declare_tcp_scanner(DeviceId id, SettingsTable& table) {
    auto config = TcpScanner::parse(table);
    return [id = std::move(id), config](const DeviceServices& services) {
        OnScan on_scan = with_reading(services.on_scan, config.scanner.reading);
        return std::make_unique<TcpScanner>(id, config, std::move(on_scan), world_of(services, id));
    };
}

MakeAdapter declare_mqtt_scanner(DeviceId id, SettingsTable& table) {
    auto config = MqttScanner::parse(table);
    return [id = std::move(id), config](const DeviceServices& services) {
        LG_ASSERT(services.mqtt != nullptr);
        MqttScanner::Place place{id, services.site};
        OnScan on_scan = with_reading(services.on_scan, config.reading);
        return std::make_unique<MqttScanner>(
            std::move(place), config, *services.mqtt, std::move(on_scan), world_of(services, id));
    };
}

MakeAdapter declare_zpl_printer(DeviceId id, SettingsTable& table) {
    auto config = LabelPrinter::parse(table);
    return [id = std::move(id), config](const DeviceServices& services) {
        return std::make_unique<ZplPrinter>(id, config, services.on_print, world_of(services, id));
    };
}

MakeAdapter declare_tspl_printer(DeviceId id, SettingsTable& table) {
    auto config = LabelPrinter::parse(table);
    return [id = std::move(id), config](const DeviceServices& services) {
        return std::make_unique<TsplPrinter>(id, config, services.on_print, world_of(services, id));
    };
}

MakeAdapter declare_modbus_conveyor(DeviceId id, SettingsTable& table) {
    auto config = ModbusConveyor::parse(table);
    return [id = std::move(id), config](const DeviceServices& services) {
        // Fails on settings only, and parse() has judged those.
        auto bus = services.buses->on(config.bus, services.loop);
        LG_ASSERT(bus.has_value());
        auto on_unread = [told = services.on_unread, id](Induction induction) {
            return told(id, induction);
        };
        auto on_divert = [told = services.on_divert, id](DivertReport report) {
            return told(id, std::move(report));
        };
        auto on_carton = [told = services.on_carton, id](std::uint16_t point) {
            if (told) told(id, point);
        };
        ModbusConveyor::Ears ears{std::move(on_divert), std::move(on_unread), std::move(on_carton)};
        ModbusConveyor::Around around{world_of(services, id), std::move(ears), services.loop};
        return ModbusConveyor::on_bus(id, config, *bus, std::move(around));
    };
}

constexpr std::array kinds = std::to_array<KindRow>({
    {"serial_scanner", Capability::scanner, false, declare_serial_scanner},
    {"tcp_scanner", Capability::scanner, false, declare_tcp_scanner},
    {"mqtt_scanner", Capability::scanner, true, declare_mqtt_scanner},
    {"zpl_printer", Capability::printer, false, declare_zpl_printer},
    {"tspl_printer", Capability::printer, false, declare_tspl_printer},
    {"modbus_conveyor", Capability::conveyor, false, declare_modbus_conveyor},
});

const KindRow* kind_of(SettingsTable& table) {
    const std::string kind = table.required_text("kind");
    const auto row = std::find_if(
        kinds.begin(), kinds.end(), [&](const KindRow& known) { return known.name == kind; });
    if (row != kinds.end()) return &*row;
    if (!kind.empty()) {
        const auto meant = nearest_spelling(kind, device_kinds());
        table.problem("kind",
                      fmt::format("there is no kind of device \"{}\"", kind),
                      meant ? fmt::format("did you mean \"{}\"?", *meant)
                            : fmt::format("kinds: {}", fmt::join(device_kinds(), ", ")));
    }
    return nullptr;
}

}  // namespace

std::string_view name_of(Capability capability) {
    switch (capability) {
        case Capability::scanner:
            return "scanner";
        case Capability::printer:
            return "printer";
        case Capability::conveyor:
            return "conveyor";
    }
    return "device";
}

std::vector<std::string> device_kinds() {
    std::vector<std::string> names;
    names.reserve(kinds.size());
    for (const auto& row : kinds) names.emplace_back(row.name);
    return names;
}

std::optional<DeviceDeclaration> declare_device(SettingsTable& table) {
    const std::string id_text = table.required_text("id");
    const KindRow* kind = kind_of(table);
    const std::string at = table.text("at", "");
    auto id = DeviceId::parse(id_text);
    if (!id && !id_text.empty()) table.problem("id", id.error().detail());
    if (!id || kind == nullptr) return std::nullopt;
    DeviceDeclaration declaration{
        *id,
        std::string(kind->name),
        at,
        kind->does,
        kind->needs_mqtt,
        kind->does == Capability::printer ? table.text("neighbour", "") : std::string(),
        table.fingerprint(),
        kind->declare(*id, table)};
    table.no_other_keys();
    return declaration;
}

}  // namespace lotgate::adapters
