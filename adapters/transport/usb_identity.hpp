#pragma once

// Which USB device a serial port belongs to. Port numbers move when a cable is replugged, and a
// spare unit looks like the one it replaces; vendor, product and serial number do not lie.

#include "store/model/result.hpp"

#include <optional>
#include <string>

namespace lotgate::adapters {

/// As the kernel tells it: hexadecimal vendor and product, the device's own serial number.
struct UsbIdentity {
    std::string vendor;   ///< "0403"
    std::string product;  ///< "6001"
    std::string serial;   ///< empty = any (wanted), or the device has none (found)

    /// "0403:6001" or "0403:6001:AB12CD".
    [[nodiscard]] static Result<UsbIdentity> parse(const std::string& text);

    [[nodiscard]] std::string text() const;

    /// Whether `found` is what this asks for.
    [[nodiscard]] bool is_met_by(const UsbIdentity& found) const;
};

/// Of the device behind "/dev/ttyUSB0" or a link to it; nothing where it is not on USB.
[[nodiscard]] std::optional<UsbIdentity> usb_identity_of(const std::string& port,
                                                         const std::string& sysfs = "/sys");

/// The port the wanted device has now. Fault unavailable when it is not plugged in, conflict when
/// several are and no serial number tells them apart.
[[nodiscard]] Result<std::string> usb_port_of(const UsbIdentity& wanted,
                                              const std::string& sysfs = "/sys");

/// The port to open for a device that is declared by port, by identity, or both; Fault conflict
/// with both identities where another unit stands at that port.
[[nodiscard]] Result<std::string> checked_port(const std::string& port,
                                               const std::optional<UsbIdentity>& wanted,
                                               const std::string& sysfs = "/sys");

/// What names one physical unit in the configuration: a USB identity, a port below
/// /dev/serial/by-id, or both.
struct WantedUnit {
    std::string port;
    std::optional<UsbIdentity> usb;

    /// "/dev/serial/by-id/...", "0403:6001:AB12CD", or both with a blank between.
    [[nodiscard]] std::string text() const;
};

/// The unit that is plugged in where another is wanted, as the configuration would name it: of the
/// same model, or at the same port. Nothing where the wanted one is there, where none is, or where
/// several are and nobody can say which.
[[nodiscard]] std::optional<std::string> unit_instead_of(const WantedUnit& wanted,
                                                         const std::string& sysfs = "/sys");

/// `wanted` with the accepted unit in the place of the declared one.
[[nodiscard]] WantedUnit accepted_instead(WantedUnit wanted, const std::string& unit);

/// Whether its port is there now; no more than a look at the file system.
[[nodiscard]] bool is_plugged_in(const WantedUnit& wanted, const std::string& sysfs = "/sys");

}  // namespace lotgate::adapters
