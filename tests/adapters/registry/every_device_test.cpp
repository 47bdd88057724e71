// What every kind of device survives, whatever it is: a row in registry.cpp and a sample.toml are
// enough to be put through this. The sample's needed settings say what its wire is; the other end
// here is a peer that misbehaves, on loopback or on a tty.

#include "adapters/registry/registry.hpp"
#include "tests/adapters/registry/device_bench.hpp"
#include "tests/kit/raw_socket.hpp"
#include "tests/kit/wire.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <random>

#include <fcntl.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): posix_openpt is POSIX's
#include <termios.h>
#include <unistd.h>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;
using test::device_of;
using test::is_dialled;
using test::is_serial;
using test::needed_settings;

class Bench : public test::DeviceBench {
public:
    Bench(const std::string& kind, const std::string& settings)
        : DeviceBench(device_of(kind, settings)) {}
};

/// A tty whose other end is held here; nothing is sent unless a test does.
class Tty {
public:
    Tty() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
        REQUIRE(master_ >= 0);
        REQUIRE(::grantpt(master_) == 0);
        REQUIRE(::unlockpt(master_) == 0);
        char name[64] = {};
        REQUIRE(::ptsname_r(master_, name, sizeof name) == 0);
        path_ = name;
        // Held open, so that the master does not read errors before the device opens its end.
        slave_ = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
        termios settings{};
        REQUIRE(::tcgetattr(slave_, &settings) == 0);
        ::cfmakeraw(&settings);
        REQUIRE(::tcsetattr(slave_, TCSANOW, &settings) == 0);
    }

    Tty(const Tty&) = delete;
    Tty& operator=(const Tty&) = delete;

    ~Tty() { pull(); }

    [[nodiscard]] const std::string& path() const { return path_; }

    /// As much as the line takes.
    void send(const std::string& bytes) { (void)!::write(master_, bytes.data(), bytes.size()); }

    void pull() {
        for (int* end : {&slave_, &master_}) {
            if (*end >= 0) ::close(*end);
            *end = -1;
        }
    }

private:
    int master_;
    int slave_ = -1;
    std::string path_;
};

std::string noise(unsigned seed, std::size_t size) {
    std::minstd_rand engine(seed);
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(engine() % 256);
    return bytes;
}

}  // namespace

TEST_CASE("every kind of device is declared by its sample and says why it is not there",
          "[registry][conformance]") {
    REQUIRE(device_kinds().size() >= 5);
    for (const std::string& kind : device_kinds()) {
        INFO(kind);
        Bench bench(kind, needed_settings(kind, kit::free_port(), "/dev/no-such-tty"));
        CHECK(bench.waits_until([&] { return bench.says_why(); }));
        CHECK(bench.is_well());
        CHECK(bench.stops());
    }
}

TEST_CASE("every kind of device ends at once when it is told to before it has begun",
          "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        INFO(kind);
        Bench bench(kind, needed_settings(kind, kit::free_port(), "/dev/no-such-tty"));
        CHECK(bench.stops());
    }
}

TEST_CASE("every dialled device outlives a peer that hangs up after any number of bytes",
          "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        if (!is_dialled(kind)) continue;
        INFO(kind);
        kit::RawListener peer;
        Bench bench(kind, needed_settings(kind, peer.port(), ""));
        for (std::size_t bytes = 0; bytes < 4; ++bytes) {
            INFO("hangs up after " << bytes << " bytes");
            REQUIRE(bench.waits_until([&] { return peer.has_caller(); }, 40s));
            kit::RawSocket link = peer.accept();
            link.send(noise(1, bytes));
            if (bytes % 2 == 0) link.reset();
        }
        CHECK(bench.waits_until([&] { return bench.says_why(); }, 20s));
        CHECK(bench.is_well());
        CHECK(bench.stops());
    }
}

TEST_CASE("no dialled device is shaken by garbage or by a flood", "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        if (!is_dialled(kind)) continue;
        INFO(kind);
        kit::RawListener peer;
        Bench bench(kind, needed_settings(kind, peer.port(), ""));
        for (unsigned seed = 1; seed <= 3; ++seed) {
            REQUIRE(bench.waits_until([&] { return peer.has_caller(); }, 40s));
            kit::RawSocket link = peer.accept();
            for (int burst = 0; burst < 16; ++burst) {
                link.send(noise(seed, 2048));
                bench.goes_on_for(2ms);
            }
            link.reset();
        }
        CHECK(bench.is_well());
        CHECK(bench.stops());
        // A machine of two busy cores holds a thread up for longer than any of this takes.
        CHECK(bench.longest_hold() < 1s);
    }
}

TEST_CASE("no dialled device shows a peer as ready that takes the call and says nothing",
          "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        if (!is_dialled(kind)) continue;
        // A scanner that is silent has nothing to read: being connected is all it can show.
        if (kind.find("scanner") != std::string::npos) continue;
        INFO(kind);
        kit::RawListener peer;
        Bench bench(kind, needed_settings(kind, peer.port(), ""));
        REQUIRE(bench.waits_until([&] { return peer.has_caller(); }, 40s));
        const kit::RawSocket link = peer.accept();
        bench.goes_on_for(300ms);
        CHECK(bench.device().health().state != HealthState::ready);
        CHECK(bench.waits_until([&] { return bench.says_why(); }, 20s));
        CHECK(bench.stops());
    }
}

TEST_CASE("every serial device outlives garbage, a flood and a cable that is pulled",
          "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        if (!is_serial(kind)) continue;
        INFO(kind);
        Tty tty;
        Bench bench(kind, needed_settings(kind, 0, tty.path()));
        const auto is_ready = [&] { return bench.device().health().state == HealthState::ready; };
        REQUIRE(bench.waits_until(is_ready));
        for (int burst = 0; burst < 32; ++burst) {
            tty.send(noise(static_cast<unsigned>(burst), 1024));
            bench.goes_on_for(2ms);
        }
        CHECK(bench.is_well());
        tty.pull();
        CHECK(bench.waits_until([&] { return bench.says_why(); }));
        CHECK(bench.stops());
        CHECK(bench.longest_hold() < 1s);
    }
}

}  // namespace lotgate::adapters
