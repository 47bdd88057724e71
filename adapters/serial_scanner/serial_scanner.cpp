#include "adapters/serial_scanner/serial_scanner.hpp"

#include <fmt/format.h>

#include <utility>

namespace lotgate::adapters {

namespace {

ScannerLine::Parts parts_of(DeviceId id,
                            const SerialScannerConfig& config,
                            OnScan on_scan,
                            World world) {
    OpenStream open = [serial = config.serial] { return open_serial(serial); };
    return {std::move(id), config.scanner, std::move(open), std::move(on_scan), std::move(world)};
}

}  // namespace

SerialScannerConfig SerialScanner::parse(SettingsTable& table) {
    SerialScannerConfig config;
    const ScannerProfile& profile = parse_profile(table);
    config.serial.line = profile.line;
    config.serial = parse_serial(table, config.serial);
    config.scanner = parse_scanner(table, profile);
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
    return fmt::format("serial scanner on {} at {} {}, flow control {}, {}",
                       config_.serial.port,
                       config_.serial.baud,
                       config_.serial.line,
                       config_.serial.flow,
                       lotgate::adapters::describe(config_.scanner));
}

}  // namespace lotgate::adapters
