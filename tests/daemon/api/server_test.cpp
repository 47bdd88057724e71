#include "daemon/api/server.hpp"

#include "tests/daemon/api/raw_client.hpp"
#include "tests/daemon/api/served_site.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include <sys/stat.h>

using namespace lotgate;
using namespace lotgate::test;

namespace {

api::Limits impatient() {
    api::Limits limits;
    limits.request_deadline = std::chrono::milliseconds(200);
    limits.idle_max = std::chrono::milliseconds(300);
    limits.connections_max = 3;
    limits.live_max = 2;
    limits.beat = std::chrono::milliseconds(50);
    return limits;
}

}  // namespace

TEST_CASE("The API answers several requests over one connection", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    RawClient client(served.port());
    for (int i = 0; i < 3; ++i) {
        REQUIRE(client.send(get("/healthz")));
        const RawReply reply = client.reply();
        REQUIRE(reply.status == 200);
        REQUIRE(reply.body == "ok\n");
    }
}

TEST_CASE("Every answer forbids foreign scripts, frames and guessing of types", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    for (const char* target : {"/", "/api/v1/devices", "/nothing"}) {
        RawClient client(served.port());
        REQUIRE(client.send(get(target)));
        auto headers = client.reply().headers;
        CHECK(headers["content-security-policy"].find("default-src 'self'") == 0);
        CHECK(headers["x-content-type-options"] == "nosniff");
        CHECK(headers["x-frame-options"] == "DENY");
    }
}

TEST_CASE("A name that is not the site's is not served, so a rebound name reads nothing",
          "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const auto status_for = [&served](const std::string& host) {
        RawClient client(served.port());
        REQUIRE(client.send("GET /api/v1/devices HTTP/1.1\r\nHost: " + host + "\r\n\r\n"));
        return client.reply().status;
    };
    CHECK(status_for("evil.example") == 421);
    CHECK(status_for("localhost.evil.example") == 421);
    CHECK(status_for("127.0.0.1.evil.example:8080") == 421);
    CHECK(status_for("") == 421);
    CHECK(status_for("localhost:8080") == 200);
    CHECK(status_for("127.0.0.1:9") == 200);
    CHECK(status_for("[::1]:8080") == 200);
    CHECK(status_for("Gate.LAN") == 200);
}

TEST_CASE("A page of another site cannot scan, decide or read", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const std::string scan = R"({"code":"X"})";
    const auto status_with = [&](const std::string& headers) {
        RawClient client(served.port());
        REQUIRE(client.send(post("/api/v1/stations/dock-1/scan", scan, headers)));
        return client.reply().status;
    };
    CHECK(status_with("Origin: http://evil.example\r\n") == 403);
    CHECK(status_with("Origin: http://localhost:3000\r\n") == 403);
    CHECK(status_with("Origin: null\r\n") == 403);
    CHECK(status_with("Sec-Fetch-Site: cross-site\r\n") == 403);
    CHECK(status_with("Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n") == 200);
    CHECK(status_with("") == 200);

    RawClient form(served.port());
    REQUIRE(
        form.send("POST /api/v1/stations/dock-1/scan HTTP/1.1\r\nHost: localhost\r\n"
                  "Content-Type: text/plain\r\nContent-Length: 12\r\n\r\n{\"code\":\"X\"}"));
    CHECK(form.reply().status == 415);

    RawClient link(served.port());
    REQUIRE(link.send(get("/", "Sec-Fetch-Site: cross-site\r\n")));
    CHECK(link.reply().status == 200);
}

TEST_CASE("What is too long is refused with its limit, and the next client is served",
          "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    SECTION("a header of 9 KiB") {
        RawClient client(served.port());
        client.send(get("/healthz", "X-Long: " + std::string(9 * 1024, 'x') + "\r\n"));
        CHECK(client.reply().status == 431);
    }
    SECTION("a body of 65 KiB, announced") {
        RawClient client(served.port());
        client.send(post("/api/v1/stations/dock-1/scan", std::string(65 * 1024, 'x')));
        CHECK(client.reply().status == 413);
    }
    SECTION("a body of 80 KiB, in chunks") {
        RawClient client(served.port());
        std::string request =
            "POST /api/v1/stations/dock-1/scan HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (int i = 0; i < 20; ++i) request += "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
        client.send(request + "0\r\n\r\n");
        CHECK(client.reply().status == 413);
    }
    SECTION("something that is not HTTP") {
        RawClient client(served.port());
        client.send("]d20109506000134352\r\n\r\n");
        CHECK(client.reply().status == 400);
    }
    RawClient next(served.port());
    next.send(get("/healthz"));
    CHECK(next.reply().status == 200);
}

TEST_CASE("A client that sends its request slowly is cut off", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site, impatient());
    RawClient slow(served.port());
    REQUIRE(slow.send("GET /healthz HTT"));
    CHECK(slow.sees_the_end());
}

TEST_CASE("A connection too many is told so, and room comes back", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site, impatient());
    {
        std::vector<std::unique_ptr<RawClient>> held;
        for (int i = 0; i < 3; ++i) {
            held.push_back(std::make_unique<RawClient>(served.port()));
            REQUIRE(held.back()->send(get("/healthz")));
            REQUIRE(held.back()->reply().status == 200);
        }
        RawClient one_too_many(served.port());
        CHECK(one_too_many.reply().status == 503);
        RawClient local(served.socket_path());
        local.send(get("/healthz"));
        CHECK(local.reply().status == 200);
        for (const auto& client : held) CHECK(client->sees_the_end());
    }
    RawClient next(served.port());
    next.send(get("/healthz"));
    CHECK(next.reply().status == 200);
}

TEST_CASE("The socket is for its owner and group, and goes away at the end", "[api][wire]") {
    FakeSite site;
    ServedSite served(site);

    struct stat file {};

    REQUIRE(::stat(served.socket_path().c_str(), &file) == 0);
    CHECK((file.st_mode & 0777) == 0660);
    served.stop();
    CHECK_FALSE(std::filesystem::exists(served.socket_path()));
}

TEST_CASE("What cannot be bound is said in one sentence with the next step", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    boost::asio::io_context loop;
    const auto fault_of = [&](const api::Config& config) {
        const auto server = api::Server::listen(loop.get_executor(), site, config);
        REQUIRE_FALSE(server);
        return server.error();
    };
    const std::string directory = fresh_directory();
    api::Config config;
    config.port = 0;
    config.socket = "";
    SECTION("a port in use") {
        config.port = served.port();
        const Fault fault = fault_of(config);
        CHECK(fault.code() == FaultCode::conflict);
        CHECK(fault.detail().find("change `listen` in [api]") != std::string::npos);
    }
    SECTION("an address other machines can reach") {
        config.address = "0.0.0.0";
        const Fault fault = fault_of(config);
        CHECK(fault.code() == FaultCode::invalid_input);
        CHECK(fault.detail().find("listen on 127.0.0.1") != std::string::npos);
    }
    SECTION("a socket another daemon answers at") {
        config.socket = served.socket_path();
        CHECK(fault_of(config).detail().find("another lotgated answers") != std::string::npos);
        CHECK(std::filesystem::exists(served.socket_path()));
    }
    SECTION("a file that is no socket") {
        config.socket = directory + "/precious";
        std::ofstream(config.socket) << "data";
        CHECK(fault_of(config).detail().find("is not a socket") != std::string::npos);
        CHECK(std::filesystem::file_size(config.socket) == 4);
    }
    SECTION("a directory that does not exist") {
        config.socket = directory + "/no/such/control.sock";
        CHECK(fault_of(config).code() == FaultCode::unavailable);
    }
    std::filesystem::remove_all(directory);
}

TEST_CASE("The socket of a daemon that was killed is taken over", "[api][wire]") {
    FakeSite site;
    const std::string directory = fresh_directory();
    api::Config config;
    config.address = "";
    config.socket = directory + "/control.sock";
    boost::asio::io_context loop;
    {
        // A listener that never removes its file, as after kill -9.
        auto first = api::Server::listen(loop.get_executor(), site, config);
        REQUIRE(first);
        std::filesystem::rename(config.socket, directory + "/kept");
    }
    std::filesystem::rename(directory + "/kept", config.socket);
    CHECK(api::Server::listen(loop.get_executor(), site, config));
    std::filesystem::remove_all(directory);
}
