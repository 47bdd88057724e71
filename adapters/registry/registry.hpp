#pragma once

// Every kind of device this program knows: one row each in registry.cpp, found by grep.

#include "adapters/adapter.hpp"
#include "adapters/transport/health_keeper.hpp"
#include "adapters/transport/supervision.hpp"
#include "store/model/settings.hpp"
#include "store/model/time.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

class ModbusBuses;
class MqttSession;

/// What a device can do for a station.
enum class Capability { scanner, printer, conveyor };

[[nodiscard]] std::string_view name_of(Capability capability);

/// What a device is given to live in. Outlives the device.
struct DeviceServices {
    boost::asio::any_io_executor loop;
    Clock* clock = nullptr;
    std::string site;
    MqttSession* mqtt = nullptr;  ///< the site's broker, where [mqtt] is configured
    ModbusBuses* buses = nullptr;
    std::function<LogLine(const DeviceId&)> log;
    /// Timers, clock and randomness of each device; empty: the machine's. `log` still counts.
    std::function<World()> world;
    /// The unit a person has accepted in the place of the declared one, or nothing. May be empty.
    std::function<std::optional<std::string>(const DeviceId&, const std::string& declared)>
        accepted_unit;
    OnScan on_scan;
    OnPrint on_print;
    /// Which PLC, and what became of the carton on it.
    std::function<boost::asio::awaitable<void>(DeviceId, DivertReport)> on_divert;
    std::function<boost::asio::awaitable<void>(DeviceId, Induction)> on_unread;
    /// Which PLC has announced a carton, and at which of its points.
    std::function<void(const DeviceId&, std::uint16_t)> on_carton;
};

/// A device as declared: all checked, nothing opened.
struct DeviceDeclaration {
    DeviceId id;
    std::string kind;
    std::string at;
    Capability does;
    bool needs_mqtt = false;
    std::string neighbour;  ///< of a printer: the one that its labels may go to; or empty
    /// The declaration's own text in canonical form: a reload leaves a device running whose
    /// fingerprint is unchanged.
    std::string fingerprint;
    std::function<std::unique_ptr<Adapter>(const DeviceServices&)> make;
};

/// Reads one [[device]]; nothing (and problems recorded) where its id or kind is not usable.
[[nodiscard]] std::optional<DeviceDeclaration> declare_device(SettingsTable& table);

/// The kinds by name, for errors, samples and docs.
[[nodiscard]] std::vector<std::string> device_kinds();

}  // namespace lotgate::adapters
