#include "adapters/mqtt_scanner/mqtt_scanner.hpp"

#include "tests/kit/running_scanner.hpp"
#include "tests/kit/settings_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;

/// A site's session, one scanner on it, and a device of ours at the other end of the broker.
class Bench {
public:
    explicit Bench(const kit::Broker& broker, const std::string& settings = "")
        : site_(loop.get_executor(), config_for(broker, "lotgate-site"), {}),
          device_(loop.get_executor(),
                  device_config(broker),
                  [this](MqttMessage message) { return take_answer(std::move(message)); }),
          scanner(loop) {
        run(site_, site_ended_);
        run(device_, device_ended_);
        scanner.start([&](OnScan on_scan) {
            kit::SettingsText text(settings);
            SettingsTable table = text.table();
            MqttScannerConfig config = MqttScanner::parse(table);
            table.no_other_keys();
            REQUIRE(text.complaints().empty());
            MqttScanner::Place place{DeviceId::parse("H1").value(), "DC1"};
            return std::make_unique<MqttScanner>(
                std::move(place), std::move(config), site_, std::move(on_scan), machine_world({}));
        });
        REQUIRE(
            kit::eventually(loop, [&] { return site_.is_connected() && device_.is_connected(); }));
    }

    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    ~Bench() {
        site_.stop();
        device_.stop();
        (void)kit::eventually(loop, [&] { return site_ended_ && device_ended_; });
    }

    void send(const std::string& payload, bool retain = false) {
        REQUIRE(kit::eventually(loop, [&] {
            return device_.publish("lotgate/v1/DC1/H1/event", payload, 1, retain).has_value();
        }));
    }

    [[nodiscard]] bool is_answered(std::size_t times) {
        return kit::eventually(loop, [&] { return answers.size() >= times; });
    }

    boost::asio::io_context loop;
    std::vector<std::string> answers;

private:
    static MqttConfig config_for(const kit::Broker& broker, const std::string& client) {
        MqttConfig config;
        config.port = broker.port();
        config.client_id = client;
        config.keepalive = 1s;
        config.handled_within = 1s;
        return config;
    }

    static MqttConfig device_config(const kit::Broker& broker) {
        MqttConfig config = config_for(broker, "hand-held");
        config.subscriptions.emplace_back("lotgate/v1/DC1/H1/ack", 1);
        return config;
    }

    void run(MqttSession& session, bool& ended) {
        boost::asio::co_spawn(
            loop, session.run(), [&ended](const std::exception_ptr&) { ended = true; });
    }

    boost::asio::awaitable<Handled> take_answer(MqttMessage message) {
        answers.push_back(std::move(message.payload));
        co_return Handled::done;
    }

    bool site_ended_ = false;
    bool device_ended_ = false;
    MqttSession site_;
    MqttSession device_;

public:
    kit::RunningScanner scanner;  ///< goes before the session it lives on
};

}  // namespace

TEST_CASE("a hand-held publishes a scan and is told the verdict under its own id", "[mqtt][wire]") {
    const kit::Broker broker;
    Bench bench(broker);
    bench.send(R"({"id":"s-1","code":"]C1A","step":"pack","badge":"7"})");
    REQUIRE(bench.is_answered(1));
    REQUIRE(bench.scanner.scans.size() == 1);
    CHECK(bench.scanner.scans[0].message_id == "s-1");
    CHECK(bench.scanner.scans[0].step == "pack");
    CHECK(bench.scanner.scans[0].badge == "7");
    const boost::json::value answer = boost::json::parse(bench.answers[0]);
    CHECK(answer.at("id").as_string() == "s-1");
    CHECK(answer.at("light").as_string() == "good");
    CHECK(answer.at("code").as_string() == "ACCEPT");
    CHECK(bench.scanner.becomes(HealthState::ready));
}

TEST_CASE("a scan the store could not take comes again with the same identity", "[mqtt][wire]") {
    const kit::Broker broker;
    Bench bench(broker);
    bench.scanner.answer = ScanAnswer(Light::unavailable, "STORE_FULL", "Wait.");
    bench.send(R"({"id":"s-1","code":"]C1A"})");
    REQUIRE(bench.scanner.has_scans(2));
    bench.scanner.answer = ScanAnswer(Light::good, "ACCEPT", "Go on.");
    const std::size_t before = bench.scanner.scans.size();
    REQUIRE(bench.scanner.has_scans(before + 1));
    for (const Scan& scan : bench.scanner.scans) CHECK(scan.message_id == "s-1");
    CHECK(bench.scanner.counter("kept") == before);
}

TEST_CASE("kill -9 of the broker in the middle of a shift loses no scan and doubles no identity",
          "[mqtt][wire][C5]") {
    kit::Broker broker;
    Bench bench(broker);
    // The device sends a scan again until it is answered, as a hand-held does.
    std::set<std::string> wanted;
    std::set<std::string> decided;
    for (int i = 0; i < 40; ++i) {
        const std::string id = "s-" + std::to_string(i);
        wanted.insert(id);
        if (i == 10 || i == 25) broker.kill();
        if (i == 12 || i == 27) broker.start();
        REQUIRE((i == 10 || i == 11 || i == 25 || i == 26 || bench.answers.size() <= 1000));
        if (i == 10 || i == 11 || i == 25 || i == 26) continue;
        const std::string payload = "{\"id\":\"" + id + "\",\"code\":\"]C1A\"}";
        REQUIRE(kit::eventually(bench.loop, [&] {
            bench.send(payload);
            return kit::eventually(
                bench.loop,
                [&] {
                    for (const std::string& answer : bench.answers) {
                        if (answer.find("\"" + id + "\"") != std::string::npos) return true;
                    }
                    return false;
                },
                1s);
        }));
    }
    for (const Scan& scan : bench.scanner.scans) decided.insert(scan.message_id);
    wanted.erase("s-10");
    wanted.erase("s-11");
    wanted.erase("s-25");
    wanted.erase("s-26");
    CHECK(decided == wanted);
}

TEST_CASE("a message nobody can read is counted, shown and not sent again", "[mqtt][wire]") {
    const kit::Broker broker;
    Bench bench(broker);
    bench.send("not JSON");
    REQUIRE(bench.scanner.becomes(HealthState::degraded));
    CHECK(bench.scanner.counter("malformed") == 1);
    bench.send(R"({"id":"s-2","code":"]C1B"})");
    REQUIRE(bench.scanner.has_scans(1));
    CHECK(bench.scanner.becomes(HealthState::ready));
    CHECK(bench.scanner.counter("malformed") == 1);
}

TEST_CASE("an old scan says how old it is", "[mqtt][wire]") {
    const kit::Broker broker;
    Bench bench(broker);
    bench.send(R"({"id":"s-1","code":"]C1A","ts":"2026-01-01T00:00:00Z"})");
    REQUIRE(bench.scanner.has_scans(1));
    CHECK(bench.scanner.scans[0].age > 1h);
    bench.send(R"({"id":"s-2","code":"]C1A","ts":"2036-01-01T00:00:00Z"})");
    REQUIRE(bench.scanner.has_scans(2));
    CHECK(bench.scanner.scans[1].age == 0ms);
}

TEST_CASE("a scan that the broker kept from an earlier day is not a scan", "[mqtt][wire]") {
    const kit::Broker broker;
    {
        Bench yesterday(broker);
        yesterday.send(R"({"id":"s-1","code":"]C1A"})", true);
        REQUIRE(yesterday.scanner.has_scans(1));
    }
    Bench today(broker);
    REQUIRE(kit::eventually(today.loop,
                            [&] { return today.scanner.counter("retained_ignored") == 1; }));
    today.send(R"({"id":"s-2","code":"]C1A"})");
    REQUIRE(today.scanner.has_scans(1));
    CHECK(today.scanner.scans[0].message_id == "s-2");
}

TEST_CASE("a device that says it is offline is shown as away", "[mqtt][wire]") {
    const kit::Broker broker;
    Bench bench(broker, "state_topic = \"lotgate/v1/DC1/H1/ack\"\n");
    REQUIRE(bench.scanner.becomes(HealthState::ready));
    bench.send(R"({"id":"s-1","code":"]C1A"})");
    REQUIRE(bench.is_answered(1));
    CHECK(bench.scanner.adapter().health().state == HealthState::ready);
}

TEST_CASE("a verdict over MQTT comes in milliseconds", "[.][mqtt][bench]") {
    const kit::Broker broker;
    Bench bench(broker);
    std::vector<double> times;
    for (std::size_t i = 0; i < 200; ++i) {
        const auto began = std::chrono::steady_clock::now();
        bench.send("{\"id\":\"s-" + std::to_string(i) + "\",\"code\":\"]C1A\"}");
        REQUIRE(kit::eventually(bench.loop, [&] { return bench.scanner.scans.size() > i; }));
        REQUIRE(bench.is_answered(i + 1));
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
                .count());
    }
    std::sort(times.begin(), times.end());
    WARN("p50 " << times[100] << " ms, p99 " << times[198] << " ms, max " << times[199]);
}

TEST_CASE("settings of an MQTT scanner name all their problems", "[mqtt]") {
    kit::SettingsText text(
        "topic = \"a/#/b\"\nack_topic = \"a/+\"\ncode_path = \".x\"\npayload = \"jsn\"\n");
    SettingsTable table = text.table();
    (void)MqttScanner::parse(table);
    CHECK(text.problems().size() == 4);
}

TEST_CASE("every setting of the sample is one the mqtt scanner knows", "[settings]") {
    const std::string sample = kit::text_of(std::filesystem::path(LOTGATE_SOURCE_DIR) /
                                            "adapters/mqtt_scanner/sample.toml");
    std::vector<std::string> texts{sample};
    for (const std::string& one : kit::optional_settings(sample)) {
        std::string needed;
        texts.push_back(sample + needed + one);
    }
    REQUIRE(texts.size() > 5);
    for (const std::string& text : texts) {
        kit::SettingsText settings(text);
        SettingsTable table = settings.table();
        for (const char* common : {"id", "kind", "at"}) CHECK_FALSE(table.text(common, "").empty());
        (void)MqttScanner::parse(table);
        table.no_other_keys();
        CHECK(settings.complaints() == "");
    }
}

}  // namespace lotgate::adapters
