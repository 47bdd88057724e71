#include "sync/hub/serve.hpp"

#include "adapters/transport/mqtt_session.hpp"
#include "adapters/transport/mqtt_topic.hpp"
#include "store/model/assert.hpp"
#include "store/model/time.hpp"
#include "sync/hub/feed.hpp"
#include "sync/hub/ingest.hpp"
#include "sync/hub/leases.hpp"
#include "sync/hub/pg.hpp"
#include "sync/hub/projector.hpp"
#include "sync/hub/schema.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace lotgate::hub {

namespace asio = boost::asio;
namespace wire = sync::wire;

namespace {

constexpr std::chrono::milliseconds chores_every{200};
constexpr std::chrono::milliseconds parked_look_every{10};
constexpr std::chrono::milliseconds parked_at_most{300};
constexpr std::size_t parked_per_site_max = 16;
constexpr std::size_t projector_steps_max = 20;  // in one round of chores
constexpr std::size_t chores_per_look = 10;      // at sites that have few numbers left

std::string random_word() {
    std::random_device source;
    return fmt::format("{:08x}", source());
}

// "lg/1/{tenant}/{site}/up"
std::optional<SiteName> site_of(std::string_view topic) {
    constexpr std::string_view head = "lg/1/";
    constexpr std::string_view tail = "/up";
    if (!topic.starts_with(head) || !topic.ends_with(tail)) return {};
    topic.remove_prefix(head.size());
    if (topic.size() <= tail.size()) return {};
    topic.remove_suffix(tail.size());
    const auto slash = topic.find('/');
    if (slash == topic.npos) return {};
    SiteName site{std::string(topic.substr(0, slash)), std::string(topic.substr(slash + 1))};
    if (site.tenant.empty() || site.site.empty() || site.site.find('/') != std::string::npos)
        return {};
    return site;
}

SiteName site_named(const std::string& site_id) {
    const auto slash = site_id.find('/');
    return {site_id.substr(0, slash), site_id.substr(slash + 1)};
}

/// Says a trouble once when it begins and once when it ends.
class Trouble {
public:
    explicit Trouble(std::string what) : what_(std::move(what)) {}

    void note(const std::string& because) {
        if (!because.empty() && because != because_) spdlog::warn("{}: {}", what_, because);
        if (because.empty() && !because_.empty()) spdlog::info("{}: well again", what_);
        because_ = because;
    }

private:
    std::string what_;
    std::string because_;
};

class Server {
public:
    explicit Server(const ServeConfig& config)
        : config_(config),
          ingest_database_(config.conninfo),
          ingest_(ingest_database_),
          chores_database_(config.conninfo),
          projector_(chores_database_) {}

    void run();

private:
    [[nodiscard]] adapters::MqttConfig broker() const;
    asio::awaitable<adapters::Handled> on_message(adapters::MqttMessage message);
    asio::awaitable<void> chores_loop();
    asio::awaitable<void> parked_loop();
    void publish(const SiteName& site, const Replies& replies);

    // on the ingest thread
    void take(const SiteName& site, const std::string& payload);
    void take_batch(const SiteName& site, wire::Batch batch);
    void look_at_parked(const SiteName& site);
    void look_at_all_parked();

    // on the chores thread
    void chores();
    void call_sites();
    void tell_news();
    void supply_sites();

    struct Parked {
        wire::Batch batch;
        std::chrono::nanoseconds until;
    };

    const ServeConfig config_;
    asio::io_context loop_{1};
    asio::thread_pool ingest_thread_{1};
    asio::thread_pool chores_thread_{1};
    std::unique_ptr<adapters::MqttSession> session_;

    std::atomic<std::size_t> waiting_{0};
    std::atomic<std::size_t> parked_count_{0};
    std::atomic<bool> is_chores_running_{false};
    std::atomic<bool> calls_sites_{true};
    std::atomic<bool> is_stopping_{false};
    std::uint64_t dropped_ = 0;  // loop

    Connection ingest_database_;
    Ingest ingest_;
    std::map<std::string, std::vector<Parked>> parked_;
    Trouble ingest_trouble_{"ingest"};

    Connection chores_database_;
    Projector projector_;
    std::map<std::pair<std::string, std::uint32_t>, std::uint64_t> told_heads_;
    Trouble chores_trouble_{"feed and projector"};
    bool has_folded_ = true;
    std::size_t chores_without_look_ = 0;
    Trouble leases_trouble_{"numbers for sites"};
};

adapters::MqttConfig Server::broker() const {
    adapters::MqttConfig broker;
    broker.host = config_.broker_host;
    broker.port = config_.broker_port;
    broker.user = config_.broker_user;
    broker.password_file = config_.broker_password_file;
    broker.ca_file = config_.broker_ca_file;
    broker.client_id = "lotgate-hub-" + random_word();
    broker.clean_session = true;
    broker.payload_bytes_max = wire::frame_bytes_max;
    const std::string tenant = config_.tenant.empty() ? "+" : config_.tenant;
    const std::string filter = fmt::format("lg/1/{}/+/up", tenant);
    const std::string shared = "$share/hub/" + filter;
    // Where the session cannot tell a shared subscription's messages, every hub takes every frame:
    // the compare-and-set makes that safe, only wasteful.
    const bool is_shared = adapters::topic_matches(shared, "lg/1/" + tenant + "/any/up");
    broker.subscriptions.emplace_back(is_shared ? shared : filter, 1);
    return broker;
}

void Server::run() {
    auto on_message = [this](adapters::MqttMessage message) -> asio::awaitable<adapters::Handled> {
        return this->on_message(std::move(message));
    };
    session_ = std::make_unique<adapters::MqttSession>(
        loop_.get_executor(), broker(), std::move(on_message));
    session_->on_connected([this](bool) {
        spdlog::info("connected to the broker at {}:{}", config_.broker_host, config_.broker_port);
        calls_sites_ = true;
    });
    session_->on_lost([](const Fault& fault) { spdlog::warn("broker: {}", fault.detail()); });

    asio::signal_set signals(loop_, SIGINT, SIGTERM);
    signals.async_wait([this](const boost::system::error_code&, int) {
        is_stopping_ = true;
        session_->stop();
    });
    auto ended = [](const std::exception_ptr& bug) { LG_ASSERT(!bug); };
    auto session_ended = [this](const std::exception_ptr& bug) {
        LG_ASSERT(!bug);
        loop_.stop();
    };
    asio::co_spawn(loop_, session_->run(), session_ended);
    asio::co_spawn(loop_, chores_loop(), ended);
    asio::co_spawn(loop_, parked_loop(), ended);
    loop_.run();
    ingest_thread_.stop();
    chores_thread_.stop();
    ingest_thread_.join();
    chores_thread_.join();
    session_.reset();
}

// The frame is acknowledged to the broker at once: what is lost here is sent again by the site,
// which waits for the acknowledgement of the database, not of the broker.
asio::awaitable<adapters::Handled> Server::on_message(adapters::MqttMessage message) {
    auto site = site_of(message.topic);
    if (!site) co_return adapters::Handled::done;
    if (waiting_ >= config_.queue_max) {
        if (dropped_++ == 0) spdlog::warn("ingest cannot keep up: frames are dropped");
        co_return adapters::Handled::done;
    }
    ++waiting_;
    auto work = [this, site = std::move(*site), payload = std::move(message.payload)] {
        --waiting_;
        if (!is_stopping_) take(site, payload);
    };
    asio::post(ingest_thread_, std::move(work));
    co_return adapters::Handled::done;
}

void Server::publish(const SiteName& site, const Replies& replies) {
    for (const Reply& reply : replies) {
        const auto topic = fmt::format("lg/1/{}/{}/{}", site.tenant, site.site, reply.leaf);
        // A reply that cannot leave is a reply lost: the site asks again.
        static_cast<void>(session_->publish(topic, wire::encode(reply.message), 1, false));
    }
}

void Server::take(const SiteName& site, const std::string& payload) {
    auto message = wire::decode(payload);
    if (!message) {
        spdlog::debug("{}: {}", printable(site.id()), message.error().detail());
        return;
    }
    if (auto* batch = std::get_if<wire::Batch>(&*message)) {
        take_batch(site, std::move(*batch));
        return;
    }
    publish(site, ingest_.take(site, *message));
    ingest_trouble_.note(ingest_.last_fault());
}

void Server::take_batch(const SiteName& site, wire::Batch batch) {
    const auto replies = ingest_.take_batch(site, batch);
    ingest_trouble_.note(ingest_.last_fault());
    if (replies) {
        publish(site, *replies);
        look_at_parked(site);
        return;
    }
    // Too early: with several hubs the batch before it may be in another one's hands just now.
    auto& waiting = parked_[site.id()];
    if (waiting.size() >= parked_per_site_max) {
        publish(site, ingest_.refuse_gap(site, batch));
        return;
    }
    waiting.push_back({std::move(batch), system_clock().monotonic() + parked_at_most});
    ++parked_count_;
}

void Server::look_at_parked(const SiteName& site) {
    const auto found = parked_.find(site.id());
    if (found == parked_.end()) return;
    const auto now = system_clock().monotonic();
    bool is_moving = true;
    while (is_moving) {
        is_moving = false;
        auto& waiting = found->second;
        for (std::size_t at = 0; at < waiting.size();) {
            auto replies = ingest_.take_batch(site, waiting[at].batch);
            if (!replies && now >= waiting[at].until)
                replies = ingest_.refuse_gap(site, waiting[at].batch);
            else if (replies)
                is_moving = true;
            if (!replies) {
                ++at;
                continue;
            }
            publish(site, *replies);
            waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(at));
            --parked_count_;
        }
    }
    if (found->second.empty()) parked_.erase(found);
}

void Server::look_at_all_parked() {
    std::vector<std::string> sites;
    for (const auto& [site_id, waiting] : parked_) sites.push_back(site_id);
    for (const std::string& site_id : sites) look_at_parked(site_named(site_id));
}

asio::awaitable<void> Server::parked_loop() {
    asio::steady_timer timer(loop_);
    while (!is_stopping_) {
        timer.expires_after(parked_look_every);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        auto work = [this] { look_at_all_parked(); };
        if (parked_count_ > 0) asio::post(ingest_thread_, work);
    }
}

asio::awaitable<void> Server::chores_loop() {
    asio::steady_timer timer(loop_);
    while (!is_stopping_) {
        timer.expires_after(chores_every);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        if (is_chores_running_.exchange(true)) continue;
        auto work = [this] {
            chores();
            is_chores_running_ = false;
        };
        asio::post(chores_thread_, work);
    }
}

void Server::chores() {
    if (session_->is_connected()) {
        if (calls_sites_.exchange(false)) call_sites();
        tell_news();
    }
    for (std::size_t step = 0; step < projector_steps_max && !is_stopping_; ++step) {
        const auto folded = projector_.step();
        chores_trouble_.note(folded ? std::string() : folded.error().detail());
        if (!folded) return;
        if (*folded == 0) break;
        has_folded_ = true;
    }
    supply_sites();
}

// Numbers are taken by events, or become free to give by a command: the one is looked at when there
// were events, the other now and then.
void Server::supply_sites() {
    const bool is_due = has_folded_ || ++chores_without_look_ >= chores_per_look;
    if (!is_due) return;
    has_folded_ = false;
    chores_without_look_ = 0;
    const auto leases = top_up(chores_database_);
    leases_trouble_.note(leases ? std::string() : leases.error().detail());
    if (leases && *leases > 0) spdlog::info("{} ranges of numbers were leased to sites", *leases);
}

// A hub has come up: sites that wait for acknowledgements of one that is gone need not wait longer.
void Server::call_sites() {
    told_heads_.clear();
    const auto rows =
        chores_database_.run_prepared("SELECT site_id, instance FROM site_cursor", {});
    if (!rows) return;
    for (std::size_t at = 0; at < rows->size(); ++at) {
        const SiteName site = site_named(rows->text(at, 0));
        wire::Welcome call;
        call.instance = instance_from(rows->bytes(at, 1));
        publish(site, Replies{{"ctl", call}});
    }
}

void Server::tell_news() {
    auto heads = all_feed_heads(chores_database_);
    chores_trouble_.note(heads ? std::string() : heads.error().detail());
    if (!heads) return;
    for (const auto& [lane, head] : *heads) {
        if (told_heads_[lane] == head) continue;
        const Reply news{"down", news_of(static_cast<wire::Lane>(lane.second), head)};
        publish(site_named(lane.first), Replies{news});
    }
    told_heads_ = std::move(*heads);
}

}  // namespace

Result<> serve(const ServeConfig& config) {
    Connection database(config.conninfo);
    const auto schema = check_schema(database);
    // A database that is away comes back; one of another version does not change by waiting.
    if (!schema && schema.error().code() != FaultCode::unavailable) return schema;
    if (!schema) spdlog::warn("{}; trying again", schema.error().detail());
    Server server(config);
    server.run();
    return {};
}

}  // namespace lotgate::hub
