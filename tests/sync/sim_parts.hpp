#pragma once

// The world of the simulation: its parts and what happens in it. sim_world.cpp has the sites and
// the network, sim_cloud.cpp the hubs and the checks.

#include "tests/sync/sim_world.hpp"

#include <algorithm>
#include <span>

namespace lotgate::sync::test {

using hub::Cursor;

constexpr Ticks tick_every = std::chrono::milliseconds(250);

struct CloudRow {
    Seq seq{};
    Hash hash{};
};

/// What the cloud's database holds of one site.
struct CloudSite {
    std::optional<Cursor> cursor;
    std::vector<CloudRow> log;
    std::vector<wire::FeedEntry> feed_main;
    std::vector<wire::FeedEntry> feed_urgent;
};

struct Node {
    std::string site;
    MemoryLedger ledger;
    std::unique_ptr<Uplink> up;
    std::unique_ptr<Downlink> down;
    int life = 0;  // answers of an earlier life are not delivered
    bool is_link_up = false;
    bool is_black_hole = false;
    std::vector<std::uint64_t> applied_main;
    std::vector<std::uint64_t> applied_urgent;

    explicit Node(const std::string& name) : site(name), ledger(name) {}
};

class World {
public:
    World(std::uint64_t seed, const SimOptions& options) : options_(options), random_(seed) {}

    SimResult run();

private:
    using Task = std::function<void()>;

    struct Due {
        Ticks at;
        std::uint64_t order;
        Task task;

        bool operator<(const Due& other) const {
            return std::pair(at, order) > std::pair(other.at, other.order);
        }
    };

    [[nodiscard]] bool chance(double of) {
        return std::uniform_real_distribution<>(0, 1)(random_) < of;
    }

    [[nodiscard]] Ticks between(Ticks low, Ticks high) {
        return Ticks(std::uniform_int_distribution<Ticks::rep>(low.count(), high.count())(random_));
    }

    [[nodiscard]] bool is_calm() const { return now_ >= options_.faults_for; }

    void after(Ticks delay, Task task) { due_.push({now_ + delay, ++order_, std::move(task)}); }

    void wrong(const std::string& what);

    // sites
    void wake_up(Node& node);
    void crash(Node& node);
    void live_on(Node& node);
    void work(Node& node);
    void link_comes_up(Node& node);
    void link_goes_down(Node& node);
    void restore(Node& node);
    void clone(const Node& node);
    void settle(Node& node, UplinkActions& actions, DownlinkActions& feed);
    void carry_out(Node& node, const UplinkAction& action);
    void read_batch(Node& node, const ReadBatch& what);
    void apply(Node& node, const ApplyPage& what);
    void later(Node& node, std::function<void(UplinkActions&, DownlinkActions&)> what);

    // network
    void carry(const Task& deliver);
    void send_up(Node& node, const wire::Message& message);
    void send_down(const std::string& site, const wire::Message& message);

    // cloud
    void hub_takes(const std::string& site, const wire::Message& message, int looks);
    void hub_takes_batch(const std::string& site, const wire::Batch& batch, int looks);
    void hub_commits(const std::string& site,
                     const wire::Batch& batch,
                     const Cursor& seen,
                     const std::vector<wire::WireRow>& rows);
    void write(CloudSite& cloud, const wire::Batch& batch, std::span<const wire::WireRow> rows);
    void add_feed();

    // checks
    void check_prefix(const std::string& site);
    void check_end();
    void check_feed(const Node& node);
    [[nodiscard]] bool is_prefix_of_a_branch(const std::string& site) const;

    const SimOptions options_;
    std::mt19937_64 random_;
    Ticks now_{};
    std::uint64_t order_ = 0;
    std::priority_queue<Due> due_;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::map<std::string, CloudSite> cloud_;
    std::map<std::string, std::vector<std::vector<LedgerRow>>> old_branches_;
    std::set<std::string> torn_sites_;  // restored or cloned: two histories may exist
    SimResult result_;
};

}  // namespace lotgate::sync::test
