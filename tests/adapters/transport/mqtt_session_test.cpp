#include "adapters/transport/mqtt_session.hpp"

#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <optional>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;

MqttConfig config_for(const kit::Broker& broker) {
    MqttConfig config;
    config.port = broker.port();
    config.client_id = "lotgate-test";
    config.keepalive = 1s;
    config.handled_within = 2000ms;
    config.subscriptions.emplace_back("scans/#", 1);
    return config;
}

/// A loop, and what a handler on it does with each message.
struct Site {
    boost::asio::io_context loop;
    std::vector<MqttMessage> seen;
    Handled how = Handled::done;
    std::chrono::milliseconds takes{0};

    boost::asio::awaitable<Handled> handle(MqttMessage message) {
        seen.push_back(message);
        const Handled answer = how;
        if (takes.count() > 0) {
            boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
            timer.expires_after(takes);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        co_return answer;
    }

    MqttSession::OnMessage handler() {
        return [this](MqttMessage message) { return handle(std::move(message)); };
    }

    [[nodiscard]] std::size_t times_seen(const std::string& payload) const {
        std::size_t times = 0;
        for (const MqttMessage& message : seen) times += message.payload == payload ? 1U : 0U;
        return times;
    }
};

struct Running {
    Running(Site& site, MqttConfig config)
        : site_(site), session(site.loop.get_executor(), std::move(config), site.handler()) {
        boost::asio::co_spawn(site.loop,
                              session.run(),
                              [ended = ended_](const std::exception_ptr&) { *ended = true; });
    }

    [[nodiscard]] bool connects() {
        return kit::eventually(site_.loop, [&] { return session.is_connected(); });
    }

    [[nodiscard]] bool stops() {
        session.stop();
        return kit::eventually(site_.loop, [&] { return *ended_; });
    }

    Site& site_;
    /// Shared with run(): it may end after this.
    std::shared_ptr<bool> ended_ = std::make_shared<bool>(false);
    MqttSession session;
};

/// A peer that is not ours.
void publish(boost::asio::io_context& loop,
             const kit::Broker& broker,
             const std::string& topic,
             const std::string& payload) {
    const kit::TemporaryFolder folder;
    kit::Process peer({"mosquitto_pub",
                       "-p",
                       std::to_string(broker.port()),
                       "-q",
                       "1",
                       "-t",
                       topic,
                       "-m",
                       payload},
                      folder.path() / "log");
    REQUIRE(kit::eventually(loop, [&] { return !peer.is_running(); }));
}

/// What mosquitto_sub wrote, one message a line.
class Listener {
public:
    Listener(const kit::Broker& broker, const std::string& topic)
        : process_({"stdbuf",
                    "-oL",
                    "mosquitto_sub",
                    "-d",
                    "-p",
                    std::to_string(broker.port()),
                    "-q",
                    "1",
                    "-t",
                    topic},
                   folder_.path() / "out") {
        boost::asio::io_context loop;
        REQUIRE(kit::eventually(loop, [&] { return has("Subscribed"); }));
    }

    [[nodiscard]] bool has(const std::string& text) const {
        std::ifstream file(folder_.path() / "out");
        const std::string all((std::istreambuf_iterator<char>(file)),
                              std::istreambuf_iterator<char>());
        return all.find(text) != std::string::npos;
    }

private:
    kit::TemporaryFolder folder_;
    kit::Process process_;
};

}  // namespace

TEST_CASE("a message reaches the loop and is acknowledged when it is durable", "[mqtt][wire]") {
    const kit::Broker broker;
    Site site;
    Running running(site, config_for(broker));
    REQUIRE(running.connects());
    publish(site.loop, broker, "scans/1", "A");
    REQUIRE(kit::eventually(site.loop, [&] { return site.seen.size() == 1; }));
    CHECK(site.seen[0].topic == "scans/1");
    CHECK(site.seen[0].payload == "A");
    CHECK(running.stops());

    // Acknowledged: the next session with this name is not sent it again.
    Running next(site, config_for(broker));
    REQUIRE(next.connects());
    publish(site.loop, broker, "scans/1", "B");
    REQUIRE(kit::eventually(site.loop, [&] { return site.times_seen("B") == 1; }));
    CHECK(site.times_seen("A") == 1);
    CHECK(next.session.counters().redelivered == 0);
}

TEST_CASE("a message that could not be taken is sent again until it can", "[mqtt][wire]") {
    const kit::Broker broker;
    Site site;
    site.how = Handled::keep;
    Running running(site, config_for(broker));
    REQUIRE(running.connects());
    publish(site.loop, broker, "scans/1", "A");
    REQUIRE(kit::eventually(site.loop, [&] { return site.seen.size() >= 2; }));
    site.how = Handled::done;
    const std::size_t before = site.seen.size();
    REQUIRE(kit::eventually(site.loop, [&] { return site.seen.size() == before + 1; }));
    publish(site.loop, broker, "scans/1", "B");
    REQUIRE(kit::eventually(site.loop, [&] { return site.times_seen("B") == 1; }));
    CHECK(site.times_seen("A") == before + 1);
    CHECK(running.session.counters().withheld == before);
    CHECK(running.session.counters().redelivered == before);
}

TEST_CASE("a message that takes too long is not acknowledged silently", "[mqtt][wire]") {
    const kit::Broker broker;
    Site site;
    site.takes = 700ms;
    MqttConfig config = config_for(broker);
    config.handled_within = 200ms;
    Running running(site, config);
    REQUIRE(running.connects());
    publish(site.loop, broker, "scans/1", "A");
    REQUIRE(kit::eventually(site.loop, [&] { return site.seen.size() == 1; }));
    site.takes = 0ms;
    REQUIRE(kit::eventually(site.loop, [&] { return site.seen.size() == 2; }));
    CHECK(site.seen[1].payload == "A");
    CHECK(site.seen[1].is_redelivered);
    CHECK(running.session.counters().withheld == 1);
    CHECK(running.connects());
}

TEST_CASE("a crash before the acknowledgement brings the message again", "[mqtt][wire]") {
    const kit::Broker broker;
    Site site;
    site.takes = 1h;
    {
        Running crashed(site, config_for(broker));
        REQUIRE(crashed.connects());
        publish(site.loop, broker, "scans/1", "A");
        REQUIRE(kit::eventually(site.loop, [&] { return site.seen.size() == 1; }));
        // The session ends here with the message in hand.
    }
    site.takes = 0ms;
    Running next(site, config_for(broker));
    REQUIRE(kit::eventually(site.loop, [&] { return site.seen.size() == 2; }));
    CHECK(site.seen[1].payload == "A");
    CHECK(site.seen[1].is_redelivered);
}

TEST_CASE("kill -9 of the broker: the session comes back and listens again", "[mqtt][wire]") {
    kit::Broker broker;
    Site site;
    Running running(site, config_for(broker));
    unsigned lost = 0;
    unsigned connected = 0;
    running.session.on_lost([&](const Fault&) { ++lost; });
    running.session.on_connected([&](bool) { ++connected; });
    REQUIRE(kit::eventually(site.loop, [&] { return connected == 1; }));
    broker.kill();
    REQUIRE(kit::eventually(site.loop, [&] { return lost >= 1; }));
    CHECK_FALSE(running.session.is_connected());
    CHECK_FALSE(running.session.last_error().empty());
    const Result<> refused = running.session.publish("scans/ack", "x", 1, false);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == FaultCode::unavailable);
    broker.start();
    REQUIRE(kit::eventually(site.loop, [&] { return connected == 2; }));
    // The broker forgot the subscriptions; they were renewed.
    publish(site.loop, broker, "scans/1", "A");
    CHECK(kit::eventually(site.loop, [&] { return site.times_seen("A") == 1; }));
    CHECK(running.stops());
}

TEST_CASE("a frozen broker is noticed, and the loop goes on meanwhile", "[mqtt][wire]") {
    kit::Broker broker;
    Site site;
    Running running(site, config_for(broker));
    REQUIRE(running.connects());
    broker.freeze();
    // Publishing never blocks the loop: it is queued, then refused.
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 3000; ++i) {
        (void)running.session.publish("scans/ack", std::string(10'000, 'x'), 1, false);
    }
    CHECK(std::chrono::steady_clock::now() - began < 1s);
    CHECK(running.session.publish("scans/ack", "x", 1, false).error().code() == FaultCode::full);
    CHECK(kit::eventually(
        site.loop, [&] { return !running.session.is_connected(); }, 20s));
    broker.thaw();
    CHECK(running.connects());
    CHECK(running.session.counters().publish_failed > 0);
}

TEST_CASE("answers published from a handler leave while it still works", "[mqtt][wire]") {
    const kit::Broker broker;
    Site site;
    Running running(site, config_for(broker));
    REQUIRE(running.connects());
    const Listener listener(broker, "answers");
    // The callback holds the library's lock until the handler ends; the loop must not care.
    auto route = running.session.route(MqttSubscription("ask", 1), [&](MqttMessage message) {
        CHECK(running.session.publish("answers", "to " + message.payload, 1, false));
        return site.handle(std::move(message));
    });
    publish(site.loop, broker, "ask", "A");
    REQUIRE(kit::eventually(site.loop, [&] { return site.times_seen("A") == 1; }));
    CHECK(kit::eventually(site.loop, [&] { return listener.has("to A"); }));
}

TEST_CASE("what the broker kept for an absent session can be answered at once", "[mqtt][wire]") {
    const kit::Broker broker;
    Site site;
    {
        Running first(site, config_for(broker));
        REQUIRE(first.connects());
        REQUIRE(first.stops());
    }
    const Listener listener(broker, "answers");
    publish(site.loop, broker, "scans/1", "A");
    Running next(site, config_for(broker));
    // It comes before the broker has answered SUBSCRIBE.
    auto route = next.session.route(MqttSubscription("scans/#", 1), [&](MqttMessage message) {
        CHECK(next.session.publish("answers", "to " + message.payload, 1, false));
        return site.handle(std::move(message));
    });
    CHECK(kit::eventually(site.loop, [&] { return listener.has("to A"); }));
}

TEST_CASE("a route gets its own messages and ends with its subscription", "[mqtt][wire]") {
    const kit::Broker broker;
    Site site;
    Running running(site, config_for(broker));
    REQUIRE(running.connects());
    Site other;
    {
        std::vector<bool> links;
        const MqttRoute route = running.session.route(MqttSubscription("other/+", 1),
                                                      other.handler(),
                                                      [&](bool is_up) { links.push_back(is_up); });
        // The subscription is made by the session's own thread.
        REQUIRE(kit::eventually(site.loop, [&] {
            publish(site.loop, broker, "other/1", "A");
            return other.times_seen("A") > 0;
        }));
    }
    const std::size_t before = other.seen.size();
    publish(site.loop, broker, "other/1", "B");
    publish(site.loop, broker, "scans/1", "C");
    REQUIRE(kit::eventually(site.loop, [&] { return site.times_seen("C") == 1; }));
    CHECK(other.seen.size() == before);
}

TEST_CASE("the will speaks for a session that was cut, not for one that said goodbye",
          "[mqtt][wire]") {
    const kit::Broker broker;
    const Listener listener(broker, "state");
    Site site;
    MqttConfig config = config_for(broker);
    config.will.emplace("state", "offline", false);
    {
        Running polite(site, config);
        REQUIRE(polite.connects());
        CHECK(polite.session.publish("state", "goodbye", 1, false));
        REQUIRE(polite.stops());
    }
    REQUIRE(kit::eventually(site.loop, [&] { return listener.has("goodbye"); }));
    CHECK_FALSE(listener.has("offline"));
    site.how = Handled::keep;
    Running cut(site, config);
    REQUIRE(cut.connects());
    publish(site.loop, broker, "scans/1", "A");
    CHECK(kit::eventually(site.loop, [&] { return listener.has("offline"); }));
}

TEST_CASE("an absent broker and an unreadable password are named", "[mqtt][wire]") {
    Site site;
    MqttConfig config;
    config.port = kit::free_port();
    config.client_id = "lotgate-test";
    Running absent(site, config);
    REQUIRE(kit::eventually(site.loop, [&] { return !absent.session.last_error().empty(); }));
    CHECK(absent.session.last_error().find("no broker at 127.0.0.1") != std::string::npos);
    config.password_file = "/nonexistent/password";
    Running unreadable(site, config);
    REQUIRE(kit::eventually(site.loop, [&] { return !unreadable.session.last_error().empty(); }));
    CHECK(unreadable.session.last_error().find("/nonexistent/password") != std::string::npos);
    CHECK(absent.stops());
    CHECK(unreadable.stops());
}

}  // namespace lotgate::adapters
