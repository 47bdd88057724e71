#include "daemon/api/live.hpp"

#include "tests/daemon/api/raw_client.hpp"
#include "tests/daemon/api/served_site.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lotgate;
using namespace lotgate::test;

namespace {

api::Limits quick() {
    api::Limits limits;
    limits.live_max = 2;
    limits.beat = std::chrono::milliseconds(50);
    return limits;
}

std::string next_of(api::LiveClient& client, boost::asio::io_context& loop) {
    std::string got = "(nothing)";
    boost::asio::co_spawn(
        loop, client.next(), [&got](const std::exception_ptr&, std::optional<std::string> text) {
            got = text ? *text : "(ended)";
        });
    loop.restart();
    loop.run();
    return got;
}

}  // namespace

TEST_CASE("A live stream begins with the whole state and beats", "[api][live][wire]") {
    FakeSite site;
    const ServedSite served(site, quick());
    RawClient client(served.port());
    REQUIRE(client.send(get("/api/v1/live")));
    const std::string text = client.read_until("event: stations");
    CHECK(text.find("Content-Type: text/event-stream") != std::string::npos);
    CHECK(text.find("event: beat\ndata: {") != std::string::npos);
    CHECK(text.find("\"OFFLINE\"") != std::string::npos);
    CHECK(text.find("event: devices\ndata: [{\"id\":\"D1\"") != std::string::npos);
    client.forget();
    CHECK(client.read_until("\"ATL-3\"").find("event: beat\ndata: {") == 0);
}

TEST_CASE("A decision is on every live stream as it happens", "[api][live][wire]") {
    FakeSite site;
    ServedSite served(site, quick());
    RawClient one(served.port());
    RawClient two(served.port());
    for (const RawClient* client : {&one, &two}) REQUIRE(client->send(get("/api/v1/live")));
    (void)one.read_until("event: stations");
    (void)two.read_until("event: stations");
    RawClient wedge(served.port());
    REQUIRE(wedge.send(post("/api/v1/stations/dock-1/scan", R"({"code":"BAD-1"})")));
    REQUIRE(wedge.reply().status == 200);
    for (RawClient* client : {&one, &two}) {
        CHECK(client->read_until("\"code\":\"LOT_HELD\"").find("event: decision") !=
              std::string::npos);
    }
}

TEST_CASE("A stream too many is refused, and a closed one makes room", "[api][live][wire]") {
    FakeSite site;
    const ServedSite served(site, quick());
    RawClient stays(served.port());
    REQUIRE(stays.send(get("/api/v1/live")));
    (void)stays.read_until("event: stations");
    {
        RawClient goes(served.port());
        REQUIRE(goes.send(get("/api/v1/live")));
        (void)goes.read_until("event: stations");
        RawClient refused(served.port());
        REQUIRE(refused.send(get("/api/v1/live")));
        CHECK(refused.reply().status == 503);
    }
    int status = 503;
    for (int tries = 0; tries < 100 && status == 503; ++tries) {
        RawClient next(served.port());
        REQUIRE(next.send(get("/api/v1/live")));
        stays.forget();
        (void)stays.read_until("event: beat");
        const std::string head = next.read_until("\r\n");
        status = std::stoi(head.substr(9, 3));
    }
    CHECK(status == 200);
}

TEST_CASE("A stream ends when the daemon stops", "[api][live][wire]") {
    FakeSite site;
    ServedSite served(site, quick());
    RawClient client(served.port());
    REQUIRE(client.send(get("/api/v1/live")));
    (void)client.read_until("event: stations");
    served.stop();
    CHECK(client.sees_the_end());
}

TEST_CASE("A client gets what was published while it was busy, in order", "[api][live]") {
    boost::asio::io_context loop;
    api::Live live(loop.get_executor(), 4, 1000);
    const auto client = live.join();
    live.publish("a", "1");
    live.publish("b", "2");
    CHECK(next_of(*client, loop) == "event: a\ndata: 1\n\nevent: b\ndata: 2\n\n");
}

TEST_CASE("A client that does not read is dropped, the others are not", "[api][live]") {
    boost::asio::io_context loop;
    api::Live live(loop.get_executor(), 4, 200);
    const auto slow = live.join();
    const auto quick_one = live.join();
    for (int i = 0; i < 5; ++i) {
        live.publish("a", std::string(60, 'x'));
        (void)next_of(*quick_one, loop);
    }
    CHECK(slow->has_ended());
    CHECK(next_of(*slow, loop) == "(ended)");
    CHECK_FALSE(quick_one->has_ended());
    CHECK(live.clients() == 1);
}
