#include "adapters/serial_scanner/serial_scanner.hpp"

#include <fmt/format.h>

#include <utility>

namespace lotgate::adapters {

namespace {

const std::string by_usb = "(by USB identity)";

boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> open_checked(
    SerialConfig serial, std::optional<UsbIdentity> usb) {
    LG_CO_TRY(serial.port, checked_port(serial.port, usb));
    co_return co_await open_serial(std::move(serial));
}

ScannerLine::Parts parts_of(DeviceId id,
                            const SerialScannerConfig& config,
                            OnScan on_scan,
                            World world) {
    OpenStream open = [serial = config.serial, usb = config.usb] {
        return open_checked(serial, usb);
    };
    return {std::move(id), config.scanner, std::move(open), std::move(on_scan), std::move(world)};
}

}  // namespace

SerialScannerConfig SerialScanner::parse(SettingsTable& table) {
    SerialScannerConfig config;
    const ScannerProfile& profile = parse_profile(table);
    config.serial.line = profile.line;
    // Found by its USB identity, a scanner needs no port.
    const bool is_found_by_usb = table.has("usb") && !table.has("port");
    if (is_found_by_usb) config.serial.port = by_usb;
    config.serial = parse_serial(table, config.serial);
    if (is_found_by_usb) config.serial.port.clear();
    config.scanner = parse_scanner(table, profile);
    if (const std::string usb = table.text("usb", ""); !usb.empty()) {
        const Result<UsbIdentity> identity = UsbIdentity::parse(usb);
        if (!identity) table.problem("usb", identity.error().detail());
        if (identity) config.usb = *identity;
    }
    config.scanner.joins_midway = true;
    // Opening discards what the port had buffered, so that what comes afterwards is new.
    if (!table.has("stale_window")) config.scanner.stale_window = {};
    return config;
}

SerialScanner::SerialScanner(DeviceId id, SerialScannerConfig config, OnScan on_scan, World world)
    : SerialScanner(parts_of(std::move(id), config, std::move(on_scan), std::move(world)), config) {
}

SerialScanner::SerialScanner(ScannerLine::Parts parts, SerialScannerConfig config)
    : config_(std::move(config)), line_(std::move(parts)) {}

boost::asio::awaitable<void> SerialScanner::run() {
    return line_.run();
}

void SerialScanner::stop() {
    line_.stop();
}

std::string SerialScanner::describe() const {
    return fmt::format(
        "serial scanner on {} at {} {}, flow control {}, {}",
        config_.usb ? config_.serial.port + " USB " + config_.usb->text() : config_.serial.port,
        config_.serial.baud,
        config_.serial.line,
        config_.serial.flow,
        lotgate::adapters::describe(config_.scanner));
}

}  // namespace lotgate::adapters
