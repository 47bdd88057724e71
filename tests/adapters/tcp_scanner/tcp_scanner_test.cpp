#include "adapters/tcp_scanner/tcp_scanner.hpp"

#include "tests/kit/raw_socket.hpp"
#include "tests/kit/running_scanner.hpp"
#include "tests/kit/settings_text.hpp"

#include <catch2/catch.hpp>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;

/// A TCP scanner declared by settings text, started on the loop.
void start(kit::RunningScanner& scanner, const std::string& settings) {
    scanner.start([&](OnScan on_scan) {
        kit::SettingsText text(settings);
        SettingsTable table = text.table();
        TcpScannerConfig config = TcpScanner::parse(table);
        table.no_other_keys();
        REQUIRE(text.complaints().empty());
        return std::make_unique<TcpScanner>(DeviceId::parse("S1").value(),
                                            std::move(config),
                                            std::move(on_scan),
                                            machine_world({}));
    });
}

std::string client_of(std::uint16_t port) {
    return "host = \"127.0.0.1\"\nport = " + std::to_string(port) +
           "\nsame_code_quiet = \"0ms\"\nanswer_good = 'OK {code}\\r\\n'\n";
}

std::string server_on(std::uint16_t port) {
    return "role = \"server\"\nport = " + std::to_string(port) +
           "\nsame_code_quiet = \"0ms\"\nanswer_good = 'OK {code}\\r\\n'\n";
}

bool gets(boost::asio::io_context& loop, kit::RawSocket& peer, const std::string& wanted) {
    std::string got;
    return kit::eventually(loop, [&] {
        got += peer.received();
        return got.find(wanted) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("a scanner we dial is read and answered on the same connection", "[tcp][wire]") {
    boost::asio::io_context loop;
    kit::RawListener device;
    kit::RunningScanner scanner(loop);
    start(scanner, client_of(device.port()));
    REQUIRE(kit::eventually(loop, [&] { return device.has_caller(); }));
    kit::RawSocket peer = device.accept();
    peer.send("]C1A\r");
    REQUIRE(scanner.has_scans(1));
    CHECK(scanner.scans[0].bytes == "]C1A");
    CHECK(scanner.scans[0].device.text() == "S1");
    CHECK(gets(loop, peer, "OK ACCEPT\r\n"));
    CHECK(scanner.adapter().health().state == HealthState::ready);
    CHECK(scanner.stops());
    CHECK(kit::eventually(loop, [&] { return peer.is_ended(); }));
}

TEST_CASE("a scanner that resets the connection in mid-frame is dialled again", "[tcp][wire]") {
    boost::asio::io_context loop;
    kit::RawListener device;
    kit::RunningScanner scanner(loop);
    start(scanner, client_of(device.port()));
    for (int round = 0; round < 3; ++round) {
        REQUIRE(kit::eventually(loop, [&] { return device.has_caller(); }));
        kit::RawSocket peer = device.accept();
        peer.send("]C1HALF");
        REQUIRE(kit::eventually(loop, [&] { return scanner.counter("bytes_in") % 7 == 0; }));
        peer.reset();
        REQUIRE(scanner.becomes(HealthState::retrying));
        CHECK_FALSE(scanner.adapter().health().because.empty());
    }
    CHECK(scanner.scans.empty());
}

TEST_CASE("reads a scanner kept while the link was away carry their age", "[tcp][wire]") {
    boost::asio::io_context loop;
    kit::RawListener device;
    kit::RunningScanner scanner(loop);
    start(scanner, client_of(device.port()));
    REQUIRE(kit::eventually(loop, [&] { return device.has_caller(); }));
    { const kit::RawSocket first = device.accept(); }
    REQUIRE(scanner.becomes(HealthState::retrying));
    REQUIRE(kit::eventually(loop, [&] { return device.has_caller(); }));
    kit::RawSocket peer = device.accept();
    peer.send("]C1KEPT\r");
    REQUIRE(scanner.has_scans(1));
    // The pause before dialling again is at least a tenth of a second.
    CHECK(scanner.scans[0].age >= 100ms);
    CHECK_FALSE(kit::eventually(
        loop, [] { return false; }, 300ms));
    peer.send("]C1NEW\r");
    REQUIRE(scanner.has_scans(2));
    CHECK(scanner.scans[1].age == 0ms);
}

TEST_CASE("a scanner that dials us is read, and dials again when it likes", "[tcp][wire]") {
    boost::asio::io_context loop;
    const std::uint16_t port = kit::free_port();
    kit::RunningScanner scanner(loop);
    start(scanner, server_on(port));
    REQUIRE(kit::eventually(loop, [&] { return !scanner.adapter().health().because.empty(); }));
    CHECK(scanner.adapter().health().state == HealthState::starting);
    for (std::size_t round = 1; round <= 3; ++round) {
        kit::RawSocket peer(port);
        REQUIRE(peer.is_open());
        peer.send("]C1A\r");
        REQUIRE(scanner.has_scans(round));
        CHECK(gets(loop, peer, "OK ACCEPT\r\n"));
    }
}

TEST_CASE("a scanner that was switched off and on replaces its own dead connection",
          "[tcp][wire]") {
    boost::asio::io_context loop;
    const std::uint16_t port = kit::free_port();
    kit::RunningScanner scanner(loop);
    start(scanner, server_on(port));
    REQUIRE(kit::eventually(loop, [&] { return kit::is_listening(port); }));
    kit::RawSocket before(port);
    before.send("]C1A\r");
    REQUIRE(scanner.has_scans(1));
    // Half-open: the first connection was never ended, and a second one comes.
    kit::RawSocket after(port);
    after.send("]C1B\r");
    REQUIRE(scanner.has_scans(2));
    CHECK(scanner.scans[1].bytes == "]C1B");
    CHECK(gets(loop, after, "OK ACCEPT\r\n"));
    CHECK(kit::eventually(loop, [&] {
        (void)before.received();  // its own answer
        return before.is_ended();
    }));
}

TEST_CASE("a port that another program has is named until it is free", "[tcp][wire]") {
    boost::asio::io_context loop;
    auto other = std::make_unique<kit::RawListener>();
    const std::uint16_t port = other->port();
    kit::RunningScanner scanner(loop);
    start(scanner, server_on(port));
    REQUIRE(scanner.becomes(HealthState::failed));
    CHECK(scanner.adapter().health().because.find("in use") != std::string::npos);
    other.reset();
    kit::RawSocket peer(port);
    REQUIRE(kit::eventually(loop, [&] {
        if (peer.is_open()) return true;
        peer.~RawSocket();
        new (&peer) kit::RawSocket(port);
        return peer.is_open();
    }));
    peer.send("]C1A\r");
    CHECK(scanner.has_scans(1));
}

TEST_CASE("stopping loses no code that was read", "[tcp][wire]") {
    boost::asio::io_context loop;
    kit::RawListener device;
    kit::RunningScanner scanner(loop);
    scanner.verdict_takes = 50ms;
    start(scanner, client_of(device.port()));
    REQUIRE(kit::eventually(loop, [&] { return device.has_caller(); }));
    kit::RawSocket peer = device.accept();
    peer.send("]C1A\r]C1B\r]C1C\r");
    REQUIRE(scanner.has_scans(1));
    CHECK(scanner.stops());
    CHECK(scanner.scans.size() == 3);
    std::string answers = peer.received();
    CHECK(answers == "OK ACCEPT\r\nOK ACCEPT\r\nOK ACCEPT\r\n");
}

TEST_CASE("a flood is held back by the wire and answered in order", "[tcp][wire]") {
    boost::asio::io_context loop;
    kit::RawListener device;
    kit::RunningScanner scanner(loop);
    start(scanner, client_of(device.port()));
    REQUIRE(kit::eventually(loop, [&] { return device.has_caller(); }));
    kit::RawSocket peer = device.accept();
    std::string all;
    for (int i = 0; i < 2000; ++i) all += "]C1" + std::to_string(i) + "\r";
    peer.send(all);
    REQUIRE(scanner.has_scans(2000));
    for (std::size_t i = 0; i < 2000; ++i) {
        REQUIRE(scanner.scans[i].bytes == "]C1" + std::to_string(i));
    }
}

TEST_CASE("settings of a TCP scanner name all their problems", "[tcp]") {
    kit::SettingsText client("role = \"client\"\n");
    SettingsTable client_table = client.table();
    (void)TcpScanner::parse(client_table);
    CHECK(client.problems().size() == 1);
    kit::SettingsText server("role = \"server\"\nallow = [\"10.1.2.0/99\"]\n");
    SettingsTable server_table = server.table();
    (void)TcpScanner::parse(server_table);
    CHECK(server.problems().size() == 2);
}

TEST_CASE("every setting of the sample is one the tcp scanner knows", "[settings]") {
    const std::string sample = kit::text_of(std::filesystem::path(LOTGATE_SOURCE_DIR) /
                                            "adapters/tcp_scanner/sample.toml");
    std::vector<std::string> texts{sample};
    for (const std::string& one : kit::optional_settings(sample)) {
        std::string needed;
        if (one.starts_with("frame_start") || one.starts_with("frame_end")) {
            needed = "framing = \"custom\"\nframe_end = '\\r'\n";
        }
        if (one.starts_with("read_window") || one.starts_with("codes_expected")) {
            needed = "reads = \"window\"\n";
        }
        const bool is_of_server = one.starts_with("listen") || one.starts_with("allow");
        // In the server role there is nobody to dial.
        const std::string server =
            "id = \"S1\"\nkind = \"tcp_scanner\"\nat = \"a\"\nrole = \"server\"\nport = 2112\n";
        texts.push_back(is_of_server ? server + one : sample + needed + one);
    }
    REQUIRE(texts.size() > 5);
    for (const std::string& text : texts) {
        kit::SettingsText settings(text);
        SettingsTable table = settings.table();
        for (const char* common : {"id", "kind", "at"}) CHECK_FALSE(table.text(common, "").empty());
        (void)TcpScanner::parse(table);
        table.no_other_keys();
        CHECK(settings.complaints() == "");
    }
}

}  // namespace lotgate::adapters
