// The whole way: the sync client over MQTT, a real mosquitto, lotgate-hub processes and a private
// PostgreSQL cluster, any of which is killed while rows are on their way.

#include "store/model/time.hpp"
#include "sync/hub/pg.hpp"
#include "sync/mqtt_link.hpp"
#include "sync/sync_client.hpp"
#include "tests/sync/kit/ledger_of.hpp"
#include "tests/sync/kit/processes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <csignal>
#include <fstream>

namespace lotgate::sync::test {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

/// A site whose ledger is in memory and whose clock is the machine's.
class Site {
public:
    Site(std::uint16_t broker_port, const std::string& name, std::uint8_t instance)
        : ledger_(name, instance),
          link_(loop_.get_executor(), broker(broker_port), "default", name) {
        SyncConfig config;
        config.site = name;
        config.ack_within = 2s;
        config.silence_max = 2s;
        config.status_every = 300ms;
        SiteLedger functions;
        functions.head = [this]() -> Result<store::LedgerHead> { return ledger_.head(); };
        functions.rows_after = [this](Seq after, std::size_t rows, std::size_t bytes)
            -> Result<std::vector<LedgerRow>> { return ledger_.rows_after(after, rows, bytes); };
        functions.apply_page = [this](store::FeedPage page) { return apply(std::move(page)); };
        functions.acknowledged = [this](store::UplinkAcknowledged what) { return note(what); };
        functions.epoch_granted = [this](store::EpochGranted what) { return grant(what); };
        client_ = std::make_unique<SyncClient>(
            config, link_, std::move(functions), loop_.get_executor(), system_clock());
        asio::co_spawn(
            loop_, client_->run(), [this](const std::exception_ptr&) { has_ended_ = true; });
    }

    ~Site() {
        client_->stop();
        static_cast<void>(run_until([this] { return has_ended_; }, 10s));
    }

    /// Runs the loop until it is so; false after `deadline`.
    template <class Condition>
    [[nodiscard]] bool run_until(Condition condition, std::chrono::seconds deadline) {
        const auto end = system_clock().monotonic() + deadline;
        while (!condition()) {
            if (system_clock().monotonic() > end) return false;
            loop_.restart();
            loop_.run_for(5ms);
        }
        return true;
    }

    [[nodiscard]] bool is_all_acknowledged() const {
        return number_of(ledger_.head().seq) == client_->view().acked_through;
    }

    void record(int rows) {
        for (int row = 0; row < rows; ++row)
            client_->wake(ledger_.append(fmt::format(
                R"({{"verdict":{{"decision":"accept"}},"changes":[{{"do":"unit","gtin":)"
                R"("09506000134352","serial":"S{}","way":["EXPECTED","RECEIVED"]}}]}})",
                ++serial_)));
    }

    void record(std::string body) { client_->wake(ledger_.append(std::move(body))); }

    [[nodiscard]] SyncView view() const { return client_->view(); }

    [[nodiscard]] MemoryLedger& ledger() { return ledger_; }

    [[nodiscard]] const std::vector<store::FeedItem>& applied() const { return applied_; }

private:
    static adapters::MqttConfig broker(std::uint16_t port) {
        adapters::MqttConfig config;
        config.port = port;
        config.keepalive = 2s;
        config.client_id = fmt::format("site-{}", port);
        return config;
    }

    asio::awaitable<Result<>> apply(store::FeedPage page) {
        auto& cursor =
            page.lane == "urgent" ? ledger_.head().cursor_urgent : ledger_.head().cursor_main;
        if (page.after != cursor) co_return fail(FaultCode::conflict, "does not continue");
        for (store::FeedItem& item : page.items) applied_.push_back(item);
        if (!page.items.empty()) cursor = page.items.back().dseq;
        co_return Result<>{};
    }

    asio::awaitable<Result<>> note(store::UplinkAcknowledged what) {
        ledger_.head().acked = what.seq;
        co_return Result<>{};
    }

    asio::awaitable<Result<>> grant(store::EpochGranted what) {
        ledger_.grant(what.epoch);
        co_return Result<>{};
    }

    asio::io_context loop_{1};
    MemoryLedger ledger_;
    MqttLink link_;
    std::unique_ptr<SyncClient> client_;
    std::vector<store::FeedItem> applied_;
    bool has_ended_ = false;
    int serial_ = 0;
};

/// Broker, database and hub; the site DC1 is registered.
class Cloud {
public:
    Cloud() : broker_(directory_.path()), cluster_(directory_.path()) {
        REQUIRE(hub({"init"}) == 0);
        REQUIRE(hub({"site", "add", "DC1"}) == 0);
    }

    /// A command of lotgate-hub, run to its end.
    int hub(std::vector<std::string> words) {
        words.insert(words.begin(), LOTGATE_BIN_DIR "/lotgate-hub");
        words.emplace_back("--db");
        words.push_back(cluster_.conninfo());
        return run_to_end(words, directory_.path() + "/hub-cli.log");
    }

    void start_hub(Process& process) {
        process.start({LOTGATE_BIN_DIR "/lotgate-hub",
                       "serve",
                       "--db",
                       cluster_.conninfo(),
                       "--broker",
                       fmt::format("127.0.0.1:{}", broker_.port())},
                      directory_.path() + "/hub.log");
    }

    void import(const std::string& items) {
        const std::string file = directory_.path() + "/feed.jsonl";
        std::ofstream(file) << items;
        REQUIRE(hub({"feed", "import", "DC1", file}) == 0);
    }

    [[nodiscard]] std::uint64_t count(const std::string& sql) {
        hub::Connection database(cluster_.conninfo());
        const auto rows = database.run(sql);
        REQUIRE(rows);
        return rows->number(0, 0);
    }

    [[nodiscard]] Broker& broker() { return broker_; }

    [[nodiscard]] Cluster& cluster() { return cluster_; }

private:
    TemporaryDirectory directory_;
    Broker broker_;
    Cluster cluster_;
};

void check_exactly(Cloud& cloud, Site& site) {
    const std::uint64_t rows = site.ledger().rows().size();
    CHECK(cloud.count("SELECT count(*) FROM event") == rows);
    CHECK(cloud.count("SELECT count(DISTINCT seq) FROM event") == rows);
    CHECK(cloud.count("SELECT last_seq FROM site_cursor") == rows);
    CHECK(cloud.hub({"verify", "DC1"}) == 0);
}

TEST_CASE("rows recorded at a site are committed in the cloud, and its feed reaches the site",
          "[sync][wire]") {
    Cloud cloud;
    cloud.import(
        "{\"kind\":\"product\",\"body\":{\"gtin\":\"09506000134352\"}}\n"
        "{\"kind\":\"asn\",\"body\":{\"id\":\"ASN-1\"}}\n"
        "{\"kind\":\"hold\",\"body\":{\"id\":\"H-1\"}}\n");
    Process hub;
    cloud.start_hub(hub);
    Site site(cloud.broker().port(), "DC1", 1);
    REQUIRE(site.run_until([&] { return site.view().state == SyncState::live; }, 20s));
    REQUIRE(site.run_until([&] { return site.applied().size() == 3; }, 10s));
    CHECK(site.applied().front().kind == "hold");
    CHECK(site.ledger().head().epoch == 1);

    site.record(2500);
    REQUIRE(site.run_until([&] { return site.is_all_acknowledged(); }, 30s));
    check_exactly(cloud, site);

    REQUIRE(cloud.hub({"hold", "DC1", "--lot", "09506000134352/L-88", "--class", "II"}) == 0);
    REQUIRE(site.run_until([&] { return site.applied().size() == 4; }, 5s));
    CHECK(site.applied().back().body.find("L-88") != std::string::npos);

    // The projector follows by itself.
    CHECK(site.run_until(
        [&] { return cloud.count("SELECT coalesce(max(seq), 0) FROM projector_cursor") == 2500; },
        30s));
    CHECK(cloud.count("SELECT count(*) FROM unit WHERE state = 'RECEIVED'") == 2500);
    CHECK(cloud.count("SELECT sum(events) FROM event_count") == 2500);
}

TEST_CASE("what only the cloud can see is told to the sites it concerns", "[sync][wire]") {
    Cloud cloud;
    REQUIRE(cloud.hub({"site", "add", "DC2"}) == 0);
    Process hub;
    cloud.start_hub(hub);
    {
        Site first(cloud.broker().port(), "DC1", 1);
        REQUIRE(first.run_until([&] { return first.view().state == SyncState::live; }, 20s));
        first.record(1);
        REQUIRE(first.run_until([&] { return first.is_all_acknowledged(); }, 20s));
    }
    Site second(cloud.broker().port(), "DC2", 2);
    REQUIRE(second.run_until([&] { return second.view().state == SyncState::live; }, 20s));
    second.record(1);
    REQUIRE(second.run_until([&] { return second.applied().size() == 1; }, 20s));
    CHECK(second.applied().front().kind == "serial_conflict");
    CHECK(second.applied().front().body.find("\"other_site\":\"DC1\"") != std::string::npos);
    CHECK(cloud.count("SELECT count(*) FROM feed WHERE kind = 'serial_conflict' "
                      "AND site_id = 'default/DC1'") == 1);

    // A unit comes back to a site that has never shipped it; the other one has it in its rack.
    second.record(std::string(R"({"verdict":{"decision":"divert","code":"RETURN_NO_OUTBOUND"},)"
                              R"("what":{"gtin":"09506000134352","serial":"S1"}})"));
    REQUIRE(second.run_until([&] { return second.applied().size() == 2; }, 20s));
    CHECK(second.applied().back().kind == "return_answer");
    CHECK(second.applied().back().body.find("\"answer\":\"never_sold\"") != std::string::npos);
}

TEST_CASE("killing hub, broker and database over and over loses no row and doubles none",
          "[sync][wire]") {
    Cloud cloud;
    Process hub;
    cloud.start_hub(hub);
    Site site(cloud.broker().port(), "DC1", 1);
    for (int round = 0; round < 12; ++round) {
        site.record(700);
        // Some of the rows are on their way when the blow falls, and it falls elsewhere each time.
        const auto acked = site.view().acked_through;
        static_cast<void>(site.run_until([&] { return site.view().acked_through > acked; }, 4s));
        if (round % 3 == 0) hub.kill_now();
        if (round % 3 == 1) cloud.cluster().crash();
        if (round % 3 == 2) cloud.broker().kill_now();
        site.record(20);
        static_cast<void>(site.run_until([] { return false; }, 0s));
        if (round % 3 == 0) cloud.start_hub(hub);
        if (round % 3 == 1) cloud.cluster().start();
        if (round % 3 == 2) cloud.broker().start();
    }
    REQUIRE(site.run_until([&] { return site.is_all_acknowledged(); }, 90s));
    CHECK(site.view().state == SyncState::live);
    check_exactly(cloud, site);
}

TEST_CASE("two hubs share the frames of one site and its rows stay in order", "[sync][wire]") {
    Cloud cloud;
    Process first;
    Process second;
    cloud.start_hub(first);
    cloud.start_hub(second);
    Site site(cloud.broker().port(), "DC1", 1);
    REQUIRE(site.run_until([&] { return site.view().state == SyncState::live; }, 20s));
    site.record(10'000);
    REQUIRE(site.run_until([&] { return site.is_all_acknowledged(); }, 60s));
    check_exactly(cloud, site);
}

TEST_CASE("a second gateway of a site is fenced and goes on recording", "[sync][wire]") {
    Cloud cloud;
    Process hub;
    cloud.start_hub(hub);
    {
        Site real(cloud.broker().port(), "DC1", 1);
        real.record(10);
        REQUIRE(real.run_until([&] { return real.is_all_acknowledged(); }, 20s));
    }
    Site other(cloud.broker().port(), "DC1", 2);
    other.record(3);
    REQUIRE(other.run_until([&] { return other.view().state == SyncState::fenced; }, 20s));
    CHECK(other.view().because.find("Another gateway") != std::string::npos);
    other.record(3);
    CHECK(cloud.count("SELECT count(*) FROM event") == 10);

    // A person decides that the other one is the real one from now on.
    REQUIRE(cloud.hub({"site", "release", "DC1"}) == 0);
    CHECK(other.run_until([&] { return other.is_all_acknowledged(); }, 30s));
    CHECK(other.view().because == "");
    CHECK(other.view().state == SyncState::live);
}

TEST_CASE("a site the cloud does not know is told the command that registers it", "[sync][wire]") {
    Cloud cloud;
    Process hub;
    cloud.start_hub(hub);
    Site site(cloud.broker().port(), "DC9", 1);
    site.record(5);
    REQUIRE(site.run_until([&] { return site.view().state == SyncState::fenced; }, 20s));
    CHECK(site.view().because.find("lotgate-hub site add DC9") != std::string::npos);
    REQUIRE(cloud.hub({"site", "add", "DC9"}) == 0);
    CHECK(site.run_until([&] { return site.is_all_acknowledged(); }, 30s));
}

TEST_CASE("a broker that freezes is noticed, and the backlog leaves when it thaws",
          "[sync][wire]") {
    Cloud cloud;
    Process hub;
    cloud.start_hub(hub);
    Site site(cloud.broker().port(), "DC1", 1);
    REQUIRE(site.run_until([&] { return site.view().state == SyncState::live; }, 20s));
    cloud.broker().send(SIGSTOP);
    site.record(600);
    CHECK(site.run_until([&] { return site.view().state == SyncState::offline; }, 15s));
    cloud.broker().send(SIGCONT);
    REQUIRE(site.run_until([&] { return site.is_all_acknowledged(); }, 60s));
    check_exactly(cloud, site);
}

}  // namespace
}  // namespace lotgate::sync::test
