#include "adapters/transport/usb_identity.hpp"

#include "tests/kit/wire.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

namespace lotgate::adapters {

namespace {

namespace fs = std::filesystem;

/// A /sys with the ttys a test plugs in.
class Sysfs {
public:
    Sysfs() { fs::create_directories(root() / "class/tty"); }

    void plug_in(const std::string& tty, const UsbIdentity& identity, const std::string& socket) {
        const fs::path device = root() / "devices/pci0/usb1" / socket;
        const fs::path node = device / (socket + ":1.0") / tty / "tty" / tty;
        fs::create_directories(node);
        std::ofstream(device / "idVendor") << identity.vendor << '\n';
        std::ofstream(device / "idProduct") << identity.product << '\n';
        if (!identity.serial.empty()) std::ofstream(device / "serial") << identity.serial << '\n';
        fs::create_directory_symlink(node, root() / "class/tty" / tty);
    }

    void pull_out(const std::string& tty, const std::string& socket) {
        fs::remove(root() / "class/tty" / tty);
        fs::remove_all(root() / "devices/pci0/usb1" / socket);
    }

    void add_builtin(const std::string& tty) {
        fs::create_directories(root() / "devices/platform/serial8250/tty" / tty);
        fs::create_directory_symlink(root() / "devices/platform/serial8250/tty" / tty,
                                     root() / "class/tty" / tty);
    }

    [[nodiscard]] fs::path root() const { return folder_.path(); }

    [[nodiscard]] std::string text() const { return root().string(); }

private:
    kit::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a USB identity is written as lsusb shows it", "[adapters][usb]") {
    CHECK(UsbIdentity::parse("0403:6001")->text() == "0403:6001");
    CHECK(UsbIdentity::parse("0C2E:0B01:S12:3")->text() == "0c2e:0b01:S12:3");
    for (const char* bad :
         {"", "0403", "0403:", "403:6001", "0403:60011", "04g3:6001", "0403:6001:"}) {
        INFO(bad);
        CHECK_FALSE(UsbIdentity::parse(bad));
    }
}

TEST_CASE("a scanner is found again under another port number", "[adapters][usb]") {
    Sysfs sysfs;
    sysfs.add_builtin("ttyS0");
    const UsbIdentity door{"0403", "6001", "DOOR"};
    const UsbIdentity bench{"0403", "6001", "BENCH"};
    sysfs.plug_in("ttyUSB0", door, "1-1");
    sysfs.plug_in("ttyUSB1", bench, "1-2");
    CHECK(usb_port_of(door, sysfs.text()).value() == "/dev/ttyUSB0");
    CHECK(usb_port_of(bench, sysfs.text()).value() == "/dev/ttyUSB1");
    // Both are pulled and come back the other way round.
    sysfs.pull_out("ttyUSB0", "1-1");
    sysfs.pull_out("ttyUSB1", "1-2");
    CHECK(usb_port_of(door, sysfs.text()).error().code() == FaultCode::unavailable);
    sysfs.plug_in("ttyUSB0", bench, "1-2");
    sysfs.plug_in("ttyUSB1", door, "1-1");
    CHECK(usb_port_of(door, sysfs.text()).value() == "/dev/ttyUSB1");
    CHECK(checked_port("", door, sysfs.text()).value() == "/dev/ttyUSB1");
}

TEST_CASE("two units without a serial number cannot be told apart", "[adapters][usb]") {
    Sysfs sysfs;
    const UsbIdentity any{"0403", "6001", ""};
    sysfs.plug_in("ttyUSB0", any, "1-1");
    CHECK(usb_port_of(any, sysfs.text()));
    sysfs.plug_in("ttyUSB1", any, "1-2");
    CHECK(usb_port_of(any, sysfs.text()).error().code() == FaultCode::conflict);
}

TEST_CASE("another unit at the same port is noticed and named", "[adapters][usb]") {
    Sysfs sysfs;
    sysfs.plug_in("ttyUSB7", {"0403", "6001", "SPARE"}, "1-1");
    // The port's name is looked up in sysfs; the file itself only has to be there.
    const std::string port = (sysfs.root() / "ttyUSB7").string();
    std::ofstream(port) << "";
    const UsbIdentity wanted{"0403", "6001", "DOOR"};
    const auto refused = checked_port(port, wanted, sysfs.text());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == FaultCode::conflict);
    CHECK(refused.error().detail().find("0403:6001:SPARE") != std::string::npos);
    CHECK(refused.error().detail().find("0403:6001:DOOR") != std::string::npos);
    CHECK(checked_port(port, UsbIdentity{"0403", "6001", "SPARE"}, sysfs.text()).value() == port);
    CHECK(checked_port(port, std::nullopt, sysfs.text()).value() == port);
}

TEST_CASE("a new unit of the same model is named where the old one is missing",
          "[adapters][usb][C13]") {
    Sysfs sysfs;
    const WantedUnit wanted{"", UsbIdentity{"0403", "6001", "OLD"}};
    CHECK_FALSE(unit_instead_of(wanted, sysfs.text()));
    sysfs.plug_in("ttyUSB0", {"0403", "6001", "NEW"}, "1-1");
    sysfs.plug_in("ttyUSB1", {"067b", "2303", "OTHER"}, "1-2");
    CHECK(unit_instead_of(wanted, sysfs.text()) == "0403:6001:NEW");
    const WantedUnit meant = accepted_instead(wanted, "0403:6001:NEW");
    CHECK(meant.text() == "0403:6001:NEW");
    CHECK(is_plugged_in(meant, sysfs.text()));
    CHECK_FALSE(unit_instead_of(meant, sysfs.text()));
    // Two that could be meant: nobody guesses.
    sysfs.plug_in("ttyUSB2", {"0403", "6001", "NEWER"}, "1-3");
    CHECK_FALSE(unit_instead_of(wanted, sysfs.text()));
    // The right one is there: nothing stands in its place.
    sysfs.plug_in("ttyUSB3", {"0403", "6001", "OLD"}, "1-4");
    CHECK_FALSE(unit_instead_of(wanted, sysfs.text()));
}

TEST_CASE("a lasting name tells the model, and the new unit's lasting name is named",
          "[adapters][usb][C13]") {
    kit::TemporaryFolder folder;
    const fs::path by_id = folder.path() / "by-id";
    fs::create_directories(by_id);
    const auto name = [&](const char* end) { return (by_id / end).string(); };
    const WantedUnit wanted{name("usb-Maker_Scanner_X_OLD-if00"), std::nullopt};
    CHECK_FALSE(unit_instead_of(wanted, folder.path().string()));
    std::ofstream(name("usb-Maker_Scanner_Y_1-if00")) << "";
    std::ofstream(name("usb-Maker_Scanner_X_NEW-if01")) << "";
    CHECK_FALSE(unit_instead_of(wanted, folder.path().string()));
    std::ofstream(name("usb-Maker_Scanner_X_NEW-if00")) << "";
    CHECK(unit_instead_of(wanted, folder.path().string()) == name("usb-Maker_Scanner_X_NEW-if00"));
    CHECK(accepted_instead(wanted, name("usb-Maker_Scanner_X_NEW-if00")).port ==
          name("usb-Maker_Scanner_X_NEW-if00"));
    // A port that is no lasting name says nothing about units.
    const WantedUnit plain{"/dev/no-such-tty", std::nullopt};
    CHECK_FALSE(unit_instead_of(plain, folder.path().string()));
}

}  // namespace lotgate::adapters
