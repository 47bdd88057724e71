#include "adapters/transport/usb_identity.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

namespace lotgate::adapters {

namespace fs = std::filesystem;

namespace {

bool is_hex4(const std::string& text) {
    return text.size() == 4 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string first_line(const fs::path& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

/// The USB device is the nearest folder above the tty's that has a vendor.
std::optional<UsbIdentity> identity_above(const fs::path& tty) {
    std::error_code failed;
    fs::path folder = fs::canonical(tty, failed);
    while (!failed && folder.has_relative_path()) {
        if (fs::exists(folder / "idVendor", failed)) {
            return UsbIdentity{first_line(folder / "idVendor"),
                               first_line(folder / "idProduct"),
                               first_line(folder / "serial")};
        }
        folder = folder.parent_path();
    }
    return std::nullopt;
}

}  // namespace

Result<UsbIdentity> UsbIdentity::parse(const std::string& text) {
    const std::size_t first = text.find(':');
    const std::size_t second = first == std::string::npos ? first : text.find(':', first + 1);
    UsbIdentity identity;
    identity.vendor = text.substr(0, first);
    if (first != std::string::npos) identity.product = text.substr(first + 1, second - first - 1);
    if (second != std::string::npos) identity.serial = text.substr(second + 1);
    const auto lower = [](char letter) {
        return letter >= 'A' && letter <= 'F' ? static_cast<char>(letter - 'A' + 'a') : letter;
    };
    for (std::string* part : {&identity.vendor, &identity.product}) {
        std::transform(part->begin(), part->end(), part->begin(), lower);
    }
    const bool has_empty_serial = second != std::string::npos && identity.serial.empty();
    if (!is_hex4(identity.vendor) || !is_hex4(identity.product) || has_empty_serial) {
        return fail(FaultCode::invalid_input,
                    "a USB identity is vendor:product or vendor:product:serial, as lsusb shows "
                    "them: \"0403:6001:AB12CD\"");
    }
    return identity;
}

std::string UsbIdentity::text() const {
    return vendor + ":" + product + (serial.empty() ? "" : ":" + serial);
}

bool UsbIdentity::is_met_by(const UsbIdentity& found) const {
    return vendor == found.vendor && product == found.product &&
           (serial.empty() || serial == found.serial);
}

std::optional<UsbIdentity> usb_identity_of(const std::string& port, const std::string& sysfs) {
    std::error_code failed;
    const fs::path real = fs::canonical(port, failed);
    const std::string name = (failed ? fs::path(port) : real).filename().string();
    return identity_above(fs::path(sysfs) / "class" / "tty" / name);
}

Result<std::string> usb_port_of(const UsbIdentity& wanted, const std::string& sysfs) {
    std::vector<std::string> found;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(fs::path(sysfs) / "class" / "tty", failed)) {
        const std::optional<UsbIdentity> identity = identity_above(entry.path());
        if (identity && wanted.is_met_by(*identity)) {
            found.push_back("/dev/" + entry.path().filename().string());
        }
    }
    if (found.empty()) {
        return fail(FaultCode::unavailable,
                    "no USB device " + wanted.text() + " is plugged in: cable, or another unit?");
    }
    if (found.size() > 1) {
        std::sort(found.begin(), found.end());
        return fail(FaultCode::conflict,
                    "several USB devices are " + wanted.text() + " (" + found[0] + ", " + found[1] +
                        "): add the serial number");
    }
    return found.front();
}

namespace {

/// "usb-Maker_Model_SERIAL-if00" -> "usb-Maker_Model_" and "-if00".
struct ByIdName {
    std::string model;
    std::string tail;
};

std::optional<ByIdName> by_id_name(const fs::path& port) {
    const std::string name = port.filename().string();
    const std::size_t tail = name.find("-if");
    const std::size_t serial = name.rfind('_', tail);
    const bool is_one = port.parent_path().filename() == "by-id" && tail != std::string::npos &&
                        serial != std::string::npos;
    if (!is_one) return std::nullopt;
    return ByIdName{name.substr(0, serial + 1), name.substr(tail)};
}

std::optional<std::string> only_one_of(std::vector<std::string> found) {
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found.size() == 1 ? std::optional<std::string>(found.front()) : std::nullopt;
}

/// Another unit of the same model below the same by-id folder.
std::optional<std::string> port_beside(const fs::path& port) {
    const std::optional<ByIdName> wanted = by_id_name(port);
    if (!wanted) return std::nullopt;
    std::vector<std::string> found;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(port.parent_path(), failed)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(wanted->model) && name.ends_with(wanted->tail)) {
            found.push_back(entry.path().string());
        }
    }
    return only_one_of(std::move(found));
}

std::optional<std::string> same_model(const UsbIdentity& wanted, const std::string& sysfs) {
    std::vector<std::string> found;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(fs::path(sysfs) / "class" / "tty", failed)) {
        const std::optional<UsbIdentity> identity = identity_above(entry.path());
        const bool is_same_model =
            identity && identity->vendor == wanted.vendor && identity->product == wanted.product;
        if (is_same_model) found.push_back(identity->text());
    }
    return only_one_of(std::move(found));
}

}  // namespace

std::string WantedUnit::text() const {
    if (!usb) return port;
    return port.empty() ? usb->text() : port + " " + usb->text();
}

std::optional<std::string> unit_instead_of(const WantedUnit& wanted, const std::string& sysfs) {
    if (checked_port(wanted.port, wanted.usb, sysfs) && is_plugged_in(wanted, sysfs)) {
        return std::nullopt;
    }
    std::error_code failed;
    if (!wanted.usb) return port_beside(wanted.port);
    if (wanted.port.empty()) return same_model(*wanted.usb, sysfs);
    if (!fs::exists(wanted.port, failed)) return port_beside(wanted.port);
    const std::optional<UsbIdentity> found = usb_identity_of(wanted.port, sysfs);
    return found ? std::optional<std::string>(found->text()) : std::nullopt;
}

WantedUnit accepted_instead(WantedUnit wanted, const std::string& unit) {
    if (unit.starts_with('/')) {
        // Another path is another unit: the declared identity was the old one's.
        wanted.port = unit;
        wanted.usb.reset();
    } else if (const Result<UsbIdentity> identity = UsbIdentity::parse(unit)) {
        wanted.usb = *identity;
    }
    return wanted;
}

bool is_plugged_in(const WantedUnit& wanted, const std::string& sysfs) {
    std::error_code failed;
    if (!wanted.port.empty()) return fs::exists(wanted.port, failed);
    return wanted.usb && usb_port_of(*wanted.usb, sysfs).has_value();
}

Result<std::string> checked_port(const std::string& port,
                                 const std::optional<UsbIdentity>& wanted,
                                 const std::string& sysfs) {
    if (!wanted) return port;
    if (port.empty()) return usb_port_of(*wanted, sysfs);
    std::error_code failed;
    if (!fs::exists(port, failed)) return port;  // opening it says why
    const std::optional<UsbIdentity> found = usb_identity_of(port, sysfs);
    if (found && wanted->is_met_by(*found)) return port;
    return fail(
        FaultCode::conflict,
        "another unit stands at " + port + ": found " +
            (found ? found->text() : std::string("no USB device")) + ", expected " +
            wanted->text() +
            " (plug the right one in; if it was replaced, `lotgate devices replace` accepts "
            "the new one)");
}

}  // namespace lotgate::adapters
