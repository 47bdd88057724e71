#pragma once

// A fixed scanner on a serial line or on USB (CDC): a dock door, a tunnel, a pack bench.
// Wiring and options: README.md beside this file.

#include "adapters/adapter.hpp"
#include "adapters/transport/scanner_line.hpp"
#include "adapters/transport/usb_identity.hpp"

#include <optional>
#include <string_view>

namespace lotgate::adapters {

struct SerialScannerConfig {
    SerialConfig serial;             ///< its port may be empty where `usb` is given
    std::optional<UsbIdentity> usb;  ///< the unit that is meant, where declared
    /// The unit a person accepted in the place of the declared one (Replaceable).
    std::optional<std::string> accepted;
    ScannerConfig scanner;

    /// As declared.
    [[nodiscard]] WantedUnit wanted() const { return {serial.port, usb}; }

    /// As accepted, where somebody has.
    [[nodiscard]] WantedUnit meant() const;
};

class SerialScanner final : public Adapter, public Recorded, public Triggered, public Replaceable {
public:
    static constexpr std::string_view kind_name = "serial_scanner";

    /// Asks for all keys but id, kind and at. Opens nothing.
    [[nodiscard]] static SerialScannerConfig parse(SettingsTable& table);

    SerialScanner(DeviceId id, const SerialScannerConfig& config, OnScan on_scan, World world);
    /// With another link than the port (tests, simulator).
    SerialScanner(ScannerLine::Parts parts, SerialScannerConfig config);

    boost::asio::awaitable<void> run() override;
    void stop() override;

    void object_here() override { line_.object_here(); }

    [[nodiscard]] const DeviceId& id() const override { return line_.device(); }

    [[nodiscard]] std::string_view kind() const override { return kind_name; }

    [[nodiscard]] Health health() const override { return line_.health(); }

    [[nodiscard]] std::vector<Counter> counters() const override { return line_.counters(); }

    [[nodiscard]] std::string describe() const override;

    [[nodiscard]] std::string declared_unit() const override { return config_.wanted().text(); }

    [[nodiscard]] std::optional<std::string> other_unit() const override {
        return unit_instead_of(config_.meant());
    }

    [[nodiscard]] const FlightRecorder& recorder() const override { return line_.recorder(); }

private:
    const SerialScannerConfig config_;
    ScannerLine line_;
};

}  // namespace lotgate::adapters
