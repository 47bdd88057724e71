// What the daemon keeps and looks for on behalf of devices.

#include "daemon/accepted_units.hpp"
#include "daemon/discover.hpp"
#include "daemon/recordings.hpp"
#include "tests/kit/raw_socket.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <thread>

namespace lotgate::site {

namespace fs = std::filesystem;

TEST_CASE("an accepted unit counts after a restart, and for the unit it replaced only",
          "[devices][C13]") {
    const kit::TemporaryFolder folder;
    const std::string path = (folder.path() / "accepted_units.json").string();
    {
        AcceptedUnits units;
        REQUIRE(units.load(path));
        CHECK_FALSE(units.instead_of("D1", "0403:6001:OLD"));
        REQUIRE(units.accept("D1", {"0403:6001:OLD", "0403:6001:NEW", "B7", "now"}));
    }
    AcceptedUnits units;
    REQUIRE(units.load(path));
    CHECK(units.instead_of("D1", "0403:6001:OLD") == "0403:6001:NEW");
    CHECK_FALSE(units.instead_of("D1", "0403:6001:THIRD"));
    CHECK_FALSE(units.instead_of("D2", "0403:6001:OLD"));
}

TEST_CASE("accepted units that cannot be understood or written are told, not guessed",
          "[devices]") {
    const kit::TemporaryFolder folder;
    const std::string path = (folder.path() / "accepted_units.json").string();
    std::ofstream(path) << "{\"D1\": {\"declared\": \"a\", \"un";
    AcceptedUnits units;
    CHECK(units.load(path).error().code() == FaultCode::corrupt);
    CHECK_FALSE(units.instead_of("D1", "a"));
    AcceptedUnits nowhere;
    REQUIRE(nowhere.load((folder.path() / "no/such/folder/file.json").string()));
    CHECK_FALSE(nowhere.accept("D1", {"a", "b", "B7", "now"}));
    CHECK_FALSE(nowhere.instead_of("D1", "a"));
}

TEST_CASE("recordings are kept by event, the newest of them", "[devices]") {
    const kit::TemporaryFolder folder;
    const fs::path kept = folder.path() / "recordings";
    constexpr std::uint64_t last = Recordings::files_max * 2;
    {
        Recordings recordings(kept.string());
        for (std::uint64_t seq = 1; seq <= last;) {
            const bool is_kept =
                recordings.keep(seq, [seq] { return "{\"seq\":" + std::to_string(seq) + "}"; });
            if (is_kept) ++seq;
        }
    }
    const Recordings again(kept.string());
    CHECK(again.read(last).value() == "{\"seq\":" + std::to_string(last) + "}");
    CHECK(again.read(1).error().code() == FaultCode::invalid_input);
    const auto files = std::distance(fs::directory_iterator(kept), fs::directory_iterator());
    CHECK(files <= static_cast<std::ptrdiff_t>(Recordings::files_max * 11 / 10 + 1));
    CHECK(files >= static_cast<std::ptrdiff_t>(Recordings::files_max));
}

TEST_CASE("a recording is put into words where no scanner waits for it", "[devices]") {
    const kit::TemporaryFolder folder;
    std::thread::id worded;
    {
        Recordings recordings(folder.path().string());
        REQUIRE(recordings.keep(7, [&worded] {
            worded = std::this_thread::get_id();
            return "{}";
        }));
    }
    CHECK(worded != std::thread::id());
    CHECK(worded != std::this_thread::get_id());
}

TEST_CASE("a disk that is slow or gone loses recordings, never time", "[devices]") {
    Recordings recordings("/proc/no/such/folder");
    for (int i = 0; i < 10'000; ++i) (void)recordings.keep(1, [] { return "{}"; });
    CHECK(recordings.not_kept() > 0);
    CHECK_FALSE(recordings.read(1));
}

TEST_CASE("only small ranges of private networks are looked at", "[devices]") {
    CHECK(addresses_of("10.1.2.7").value().size() == 1);
    CHECK(addresses_of("192.168.7.0/24").value().size() == 254);
    CHECK(addresses_of("127.0.0.0/30").value().size() == 2);
    CHECK(addresses_of("172.31.255.255/32").value().size() == 1);
    for (const char* no : {"",
                           "8.8.8.8",
                           "10.0.0.0/23",
                           "172.32.0.0/24",
                           "11.0.0.1",
                           "::1",
                           "10.1.2.0/33",
                           "10.1.2",
                           "printer"}) {
        INFO(no);
        CHECK_FALSE(addresses_of(no));
    }
}

TEST_CASE("who takes a connection is found, and is sent nothing", "[devices][wire]") {
    boost::asio::io_context loop;
    kit::RawListener printer;
    std::vector<std::string> found;
    bool has_ended = false;
    auto range = addresses_of("127.0.0.1").value();
    auto look = [](std::vector<boost::asio::ip::address_v4> addresses,
                   std::uint16_t port,
                   std::vector<std::string>& out) -> boost::asio::awaitable<void> {
        out = co_await answering_on(std::move(addresses), port);
    };
    boost::asio::co_spawn(loop,
                          look(std::move(range), printer.port(), found),
                          [&](const std::exception_ptr&) { has_ended = true; });
    REQUIRE(kit::eventually(loop, [&] { return has_ended; }));
    CHECK(found == std::vector<std::string>{"127.0.0.1"});
    REQUIRE(printer.has_caller());
    kit::RawSocket caller = printer.accept();
    CHECK(caller.received().empty());
}

}  // namespace lotgate::site
