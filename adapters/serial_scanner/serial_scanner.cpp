#include "adapters/serial_scanner/serial_scanner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lotgate::adapters {

namespace {

const std::string by_usb = "(by USB identity)";

/// Between two attempts: looked for so often that a replugged unit is back within a second.
constexpr auto look_every = std::chrono::milliseconds(500);

boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> open_checked(SerialConfig serial,
                                                                         WantedUnit meant) {
    if (!is_plugged_in(meant)) {
        // Looked up only when it is missing: a new unit of the same model is named.
        if (const auto other = unit_instead_of(meant)) {
            co_return fail(
                FaultCode::conflict,
                meant.text() + " is not plugged in, but another unit of its model is: " + *other +
                    " (if it replaces the old one, `lotgate devices replace` accepts it)");
        }
    }
    LG_CO_TRY(serial.port, checked_port(meant.port, meant.usb));
    co_return co_await open_serial(std::move(serial));
}

/// The pause between two attempts ends early when the unit is plugged in again.
boost::asio::awaitable<void> pause(std::chrono::milliseconds time, WantedUnit meant, Wait wait) {
    bool was_there = is_plugged_in(meant);
    while (time.count() > 0) {
        const auto part = std::min<std::chrono::milliseconds>(time, look_every);
        co_await wait(part);
        time -= part;
        const bool is_there = is_plugged_in(meant);
        if (is_there && !was_there) co_return;
        was_there = is_there;
    }
}

ScannerLine::Parts parts_of(DeviceId id,
                            const SerialScannerConfig& config,
                            OnScan on_scan,
                            World world) {
    OpenStream open = [serial = config.serial, meant = config.meant()] {
        return open_checked(serial, meant);
    };
    Wait pause_until_back = [meant = config.meant(),
                             wait = world.wait](std::chrono::milliseconds time) {
        return pause(time, meant, wait);
    };
    return {std::move(id),
            config.scanner,
            std::move(open),
            std::move(on_scan),
            std::move(world),
            std::move(pause_until_back)};
}

}  // namespace

WantedUnit SerialScannerConfig::meant() const {
    return accepted ? accepted_instead(wanted(), *accepted) : wanted();
}

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

SerialScanner::SerialScanner(DeviceId id,
                             const SerialScannerConfig& config,
                             OnScan on_scan,
                             World world)
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
        "serial scanner on {}{} at {} {}, flow control {}, {}",
        config_.meant().text(),
        config_.accepted ? " (accepted in place of " + config_.wanted().text() + ")" : "",
        config_.serial.baud,
        config_.serial.line,
        config_.serial.flow,
        lotgate::adapters::describe(config_.scanner));
}

}  // namespace lotgate::adapters
