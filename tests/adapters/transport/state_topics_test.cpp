#include "adapters/transport/state_topics.hpp"

#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <memory>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;

/// What the broker keeps, as a dashboard sees it.
struct Dashboard {
    boost::asio::awaitable<Handled> take(MqttMessage message) {
        kept[message.topic] = message.payload;
        ++messages;
        co_return Handled::done;
    }

    [[nodiscard]] bool says(const std::string& topic, const std::string& text) const {
        const auto found = kept.find("lotgate/v1/DC1/" + topic);
        return found != kept.end() && found->second.find(text) != std::string::npos;
    }

    std::map<std::string, std::string> kept;
    unsigned messages = 0;
};

MqttConfig config_for(const kit::Broker& broker, const std::string& client) {
    MqttConfig config;
    config.port = broker.port();
    config.client_id = client;
    config.clean_session = true;
    return config;
}

}  // namespace

TEST_CASE("the broker always tells who is there, also when the gateway cannot", "[mqtt][wire]") {
    const kit::Broker broker;
    boost::asio::io_context loop;
    Dashboard dashboard;
    MqttConfig watching = config_for(broker, "dashboard");
    watching.subscriptions.emplace_back("lotgate/#", 1);
    MqttSession watcher(loop.get_executor(), watching, [&](MqttMessage message) {
        return dashboard.take(std::move(message));
    });
    boost::asio::co_spawn(loop, watcher.run(), [](const std::exception_ptr&) {});

    MqttConfig config = config_for(broker, "lotgate-DC1");
    config.will = StateTopics::will("DC1");
    auto session = std::make_unique<MqttSession>(loop.get_executor(), config, nullptr);
    StateTopics states(*session, {"DC1", "0.1.0"});
    session->on_connected([&](bool) { states.connected(Instant{1}); });
    const DeviceId door = DeviceId::parse("D1").value();
    Health health;
    health.state = HealthState::retrying;
    health.because = "no such port \"x\"";
    // Known before the broker is there: told when it is.
    states.device(door, health, Instant{1});
    bool has_ended = false;
    boost::asio::co_spawn(
        loop, session->run(), [&](const std::exception_ptr&) { has_ended = true; });
    REQUIRE(kit::eventually(loop, [&] {
        return dashboard.says("state", "\"online\":true") &&
               dashboard.says("D1/health", "retrying");
    }));

    health.state = HealthState::ready;
    health.because.clear();
    states.device(door, health, Instant{2});
    REQUIRE(kit::eventually(loop, [&] { return dashboard.says("D1/health", "ready"); }));
    // Nothing new, nothing said; a useful moment alone waits for its minute.
    const unsigned before = dashboard.messages;
    health.last_useful = Instant{3};
    states.device(door, health, Instant{3});
    states.device(door, health, Instant{70'000'000});
    REQUIRE(kit::eventually(loop, [&] { return dashboard.says("D1/health", "last_useful"); }));
    CHECK(dashboard.messages == before + 1);

    states.forget(door);
    REQUIRE(
        kit::eventually(loop, [&] { return dashboard.kept["lotgate/v1/DC1/D1/health"].empty(); }));
    states.goodbye(Instant{4});
    session->stop();
    REQUIRE(kit::eventually(loop, [&] { return has_ended; }));
    CHECK(kit::eventually(loop, [&] { return dashboard.says("state", "\"online\":false"); }));
    watcher.stop();
}

}  // namespace lotgate::adapters
