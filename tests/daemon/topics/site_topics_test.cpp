#include "daemon/site_topics.hpp"

#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

using namespace lotgate;
using namespace lotgate::site;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// What a dashboard sees: mosquitto_sub, which is not ours.
struct Dashboard {
    explicit Dashboard(const kit::Broker& broker)
        : log(folder.path() / "seen"),
          program({"mosquitto_sub",
                   "-p",
                   std::to_string(broker.port()),
                   "-q",
                   "1",
                   "-v",
                   "-t",
                   "lotgate/v1/#",
                   "-V",
                   "5"},
                  log) {}

    [[nodiscard]] std::string seen() const {
        std::ifstream file(log);
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    }

    [[nodiscard]] bool has(const std::string& text) const {
        return seen().find(text) != std::string::npos;
    }

    [[nodiscard]] std::size_t count(const std::string& text) const {
        const auto all = seen();
        std::size_t found = 0;
        for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1))
            ++found;
        return found;
    }

    kit::TemporaryFolder folder;
    std::filesystem::path log;
    kit::Process program;
};

struct Topics {
    kit::Broker broker;
    asio::io_context loop;
    Dashboard dashboard{broker};
    std::vector<api::DeviceView> devices;
    std::unique_ptr<adapters::MqttSession> session;
    std::unique_ptr<SiteTopics> topics;
    std::vector<std::unique_ptr<kit::Process>> publishers;
    bool has_ended = false;

    explicit Topics(bool is_version_5) {
        adapters::MqttConfig config;
        config.port = broker.port();
        config.client_id = "lotgate-DC1";
        config.clean_session = true;
        config.is_version_5 = is_version_5;
        config.will = adapters::StateTopics::will("DC1");
        session = std::make_unique<adapters::MqttSession>(loop.get_executor(), config, nullptr);
        topics = std::make_unique<SiteTopics>(
            *session, SiteTopics::Names{"DC1", "0.1.0", true}, system_clock(), [this] {
                return devices;
            });
        api::DeviceView plc;
        plc.id = "PLC1";
        plc.health.state = adapters::HealthState::retrying;
        plc.health.because = "connection refused";
        devices.push_back(plc);
        asio::co_spawn(loop, session->run(), [this](std::exception_ptr) { has_ended = true; });
        asio::co_spawn(loop, topics->run(), [](std::exception_ptr) {});
    }

    void says(const std::string& topic, const std::string& payload, bool is_retained = false) {
        std::vector<std::string> command{"mosquitto_pub",
                                         "-p",
                                         std::to_string(broker.port()),
                                         "-q",
                                         "1",
                                         "-t",
                                         topic,
                                         "-m",
                                         payload};
        if (is_retained) command.emplace_back("-r");
        publishers.push_back(
            std::make_unique<kit::Process>(command, dashboard.folder.path() / "published"));
    }

    bool sees(const std::string& text) {
        return kit::eventually(
            loop, [&] { return dashboard.has(text); }, 20s);
    }

    void ends() {
        topics->goodbye();
        session->stop();
        CHECK(kit::eventually(loop, [this] { return has_ended; }));
    }
};

}  // namespace

TEST_CASE("a dashboard sees the site, its devices and its decisions, and that they are gone",
          "[topics][wire]") {
    const bool is_version_5 = GENERATE(false, true);
    INFO("MQTT 5: " << is_version_5);
    Topics site(is_version_5);
    REQUIRE(site.sees("lotgate/v1/DC1/state {\"online\":true"));
    REQUIRE(site.sees("lotgate/v1/DC1/PLC1/health {\"online\":false,\"state\":\"retrying\""));
    site.devices[0].health.state = adapters::HealthState::ready;
    REQUIRE(site.sees("lotgate/v1/DC1/PLC1/health {\"online\":true,\"state\":\"ready\""));

    api::DecisionView decision;
    decision.seq = 42;
    decision.station = "TUNNEL-1";
    site.topics->decided(decision, R"({"seq":42,"scanned":"<b>\"^FS"})");
    REQUIRE(site.sees("lotgate/v1/DC1/TUNNEL-1/decision {\"id\":\"DC1:42\""));

    site.devices.clear();  // no longer configured: its retained state is taken away
    REQUIRE(site.sees("lotgate/v1/DC1/PLC1/health (null)"));
    site.ends();
    CHECK(site.sees("lotgate/v1/DC1/state {\"online\":false"));
}

TEST_CASE("a command is answered once, with its id, and refused when it comes too late",
          "[topics][wire]") {
    Topics site(false);
    REQUIRE(site.sees("lotgate/v1/DC1/PLC1/health"));
    site.says("lotgate/v1/DC1/cmd", R"({"id":"c1","do":"ping"})");
    REQUIRE(site.sees("lotgate/v1/DC1/ack {\"id\":\"c1\",\"ok\":true"));
    site.says("lotgate/v1/DC1/PLC1/cmd",
              R"({"id":"c2","do":"ping","deadline":"2099-01-01T00:00:00Z"})");
    REQUIRE(site.sees("lotgate/v1/DC1/PLC1/ack {\"id\":\"c2\",\"ok\":true"));
    site.says("lotgate/v1/DC1/cmd", R"({"id":"c3","do":"ping","deadline":"2020-01-01T00:00:00Z"})");
    REQUIRE(site.sees("{\"id\":\"c3\",\"ok\":false,\"because\":\"too late"));
    site.says("lotgate/v1/DC1/cmd", R"({"id":"c4","do":"reprint","job":"7"})");
    REQUIRE(site.sees("{\"id\":\"c4\",\"ok\":false,\"because\":\"a label is printed again only"));
    site.says("lotgate/v1/DC1/NOBODY/cmd", R"({"id":"c5","do":"ping"})");
    REQUIRE(site.sees("{\"id\":\"c5\",\"ok\":false,\"because\":\"there is no such device"));
    site.says("lotgate/v1/DC1/cmd", "no JSON at all");
    REQUIRE(site.sees("lotgate/v1/DC1/ack {\"ok\":false,\"because\":\"a command is one JSON"));
    site.says("lotgate/v1/DC1/cmd", R"({"id":"c1","do":"ping"})");  // sent again
    site.says("lotgate/v1/DC1/cmd", R"({"id":"c6","do":"ping"})");
    REQUIRE(site.sees("{\"id\":\"c6\",\"ok\":true"));
    CHECK(site.dashboard.count("ack {\"id\":\"c1\"") == 1);
    site.ends();
}

TEST_CASE("a command of a wrong form says what is wrong with it", "[topics]") {
    CHECK(parse_topic_command(R"({"id":"a","do":"ping"})")->wants == "ping");
    CHECK_FALSE(parse_topic_command(R"({"do":"ping"})"));
    CHECK_FALSE(parse_topic_command(R"({"id":7,"do":"ping"})"));
    CHECK_FALSE(parse_topic_command("[]"));
    CHECK_FALSE(parse_topic_command(std::string(5000, ' ')));
    CHECK_FALSE(parse_topic_command(R"({"id":"a","do":"ping","deadline":"soon"})"));
    CHECK(parse_topic_command(R"({"id":"a","deadline":"2027-01-31T10:00:00Z"})")->deadline);
}
