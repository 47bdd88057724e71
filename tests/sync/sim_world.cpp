#include "tests/sync/sim_world.hpp"

#include <fmt/format.h>

namespace lotgate::sync::test {

namespace {

using namespace std::chrono_literals;
using hub::BatchVerdict;
using hub::Cursor;

constexpr Ticks tick_every = 250ms;

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

    void wrong(const std::string& what) {
        if (result_.wrong.empty()) result_.wrong = fmt::format("{} ms: {}", now_ / 1ms, what);
    }

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

// ---- network

void World::carry(const Task& deliver) {
    if (!is_calm() && chance(options_.drop)) {
        ++result_.frames_lost;
        return;
    }
    const Ticks slowest = is_calm() ? Ticks(20ms) : options_.delay_max;
    after(between(1ms, slowest), deliver);
    if (!is_calm() && chance(options_.twice)) after(between(1ms, slowest * 3), deliver);
}

void World::send_up(Node& node, const wire::Message& message) {
    if (!node.is_link_up || node.is_black_hole) return;
    // The frame goes through its bytes, as it would.
    const std::string payload = wire::encode(message);
    carry([this, site = node.site, payload] { hub_takes(site, *wire::decode(payload), 0); });
}

void World::send_down(const std::string& site, const wire::Message& message) {
    const std::string payload = wire::encode(message);
    for (const auto& node : nodes_) {
        if (node->site != site) continue;
        Node* const to = node.get();
        carry([this, to, payload] {
            if (!to->is_link_up || to->is_black_hole) return;
            UplinkActions actions;
            DownlinkActions feed;
            const auto frame = wire::decode(payload);
            to->down->heard(now_, *frame, feed);
            to->up->heard(now_, *frame, actions);
            settle(*to, actions, feed);
        });
    }
}

// ---- sites

void World::later(Node& node, std::function<void(UplinkActions&, DownlinkActions&)> what) {
    const int life = node.life;
    after(between(1ms, 8ms), [this, &node, life, what = std::move(what)] {
        if (node.life != life) return;
        UplinkActions actions;
        DownlinkActions feed;
        what(actions, feed);
        settle(node, actions, feed);
    });
}

void World::settle(Node& node, UplinkActions& actions, DownlinkActions& feed) {
    node.up->hold_back(now_, node.down->holds_uplink_back(now_), actions);
    for (const DownlinkAction& action : feed) {
        if (const auto* pull = std::get_if<PullFeed>(&action)) send_up(node, pull->pull);
        if (const auto* page = std::get_if<ApplyPage>(&action)) apply(node, *page);
    }
    for (const UplinkAction& action : actions) carry_out(node, action);
}

void World::carry_out(Node& node, const UplinkAction& action) {
    if (const auto* send = std::get_if<SendFrame>(&action)) send_up(node, send->message);
    if (std::holds_alternative<ReadHead>(action)) {
        later(node, [this, &node](UplinkActions& out, DownlinkActions& feed) {
            const auto& head = node.ledger.head();
            if (node.is_link_up)
                node.down->link_up(now_, {head.cursor_main, head.cursor_urgent}, feed);
            node.up->head_read(now_, head, out);
        });
    }
    if (const auto* read = std::get_if<ReadBatch>(&action)) read_batch(node, *read);
    if (const auto* read = std::get_if<ReadHash>(&action)) {
        const Seq seq = read->seq;
        later(node, [this, &node, seq](UplinkActions& out, DownlinkActions&) {
            std::optional<Hash> hash;
            if (number_of(seq) <= node.ledger.rows().size())
                hash = node.ledger.rows()[number_of(seq) - 1].hash;
            node.up->hash_read(now_, seq, hash, out);
        });
    }
    if (const auto* told = std::get_if<TellAcknowledged>(&action)) {
        if (told->what.seq > node.ledger.head().seq) wrong("acknowledged beyond the durable head");
        const Seq seq = told->what.seq;
        later(node, [&node, seq](UplinkActions&, DownlinkActions&) {
            node.ledger.head().acked = std::max(node.ledger.head().acked, seq);
        });
    }
    if (const auto* grant = std::get_if<GrantEpoch>(&action)) {
        const std::uint64_t epoch = grant->what.epoch;
        later(node, [this, &node, epoch](UplinkActions& out, DownlinkActions&) {
            if (node.ledger.head().epoch != 0 && !node.ledger.rows().empty())
                return node.up->read_failed(now_, "the ledger has rows in another epoch");
            node.ledger.grant(epoch);
            node.up->head_read(now_, node.ledger.head(), out);
        });
    }
    if (std::holds_alternative<RenewLink>(action)) {
        link_goes_down(node);
        after(between(100ms, 2s), [this, &node] { link_comes_up(node); });
    }
}

void World::read_batch(Node& node, const ReadBatch& what) {
    later(node, [this, &node, what](UplinkActions& out, DownlinkActions&) {
        const auto rows = node.ledger.rows_after(what.after, what.rows_max, what.bytes_max);
        PreparedBatch batch;
        batch.first = next(what.after);
        batch.last = what.after;
        if (!rows.empty()) {
            batch.last = rows.back().seq;
            batch.last_hash = rows.back().hash;
            batch.packed = wire::pack_rows(rows);
        }
        node.up->batch_read(now_, what.ticket, std::move(batch), out);
    });
}

void World::apply(Node& node, const ApplyPage& what) {
    later(node, [this, &node, what](UplinkActions&, DownlinkActions& feed) {
        auto& head = node.ledger.head();
        const bool is_urgent = what.lane == wire::Lane::urgent;
        std::uint64_t& cursor = is_urgent ? head.cursor_urgent : head.cursor_main;
        if (cursor != what.page.after || chance(is_calm() ? 0 : 0.1)) {
            node.down->apply_failed(
                now_, what.lane, {head.cursor_main, head.cursor_urgent}, "not now");
            return;
        }
        for (const auto& item : what.page.items)
            (is_urgent ? node.applied_urgent : node.applied_main).push_back(item.dseq);
        cursor = what.page.items.back().dseq;
        node.down->applied(now_, what.lane, feed);
    });
}

void World::wake_up(Node& node) {
    UplinkConfig config;
    config.rows_max = 5;  // many small batches
    DownlinkConfig down;
    down.items_max = 3;
    node.up = std::make_unique<Uplink>(config, random_());
    node.down = std::make_unique<Downlink>(down);
    ++node.life;
    after(between(10ms, 2s), [this, &node] { link_comes_up(node); });
}

void World::crash(Node& node) {
    node.is_link_up = false;
    wake_up(node);
}

void World::link_comes_up(Node& node) {
    if (node.is_link_up) return;
    node.is_link_up = true;
    node.is_black_hole = false;
    UplinkActions actions;
    DownlinkActions feed;
    node.up->hold_back(now_, true, actions);
    node.up->link_up(now_, actions);
    settle(node, actions, feed);
}

void World::link_goes_down(Node& node) {
    node.is_link_up = false;
    node.up->link_down("the link was lost");
    node.down->link_down();
}

void World::work(Node& node) {
    if (is_calm()) return;
    const Seq head = node.ledger.append(fmt::format("{}", random_()));
    UplinkActions actions;
    DownlinkActions feed;
    node.up->committed(now_, head, actions);
    settle(node, actions, feed);
    // Trucks come in bursts.
    after(chance(0.1) ? between(1s, 5s) : between(1ms, 150ms), [this, &node] { work(node); });
}

void World::live_on(Node& node) {
    UplinkActions actions;
    DownlinkActions feed;
    node.down->tick(now_, feed);
    node.up->tick(now_, actions);
    settle(node, actions, feed);
    const double per_tick = std::chrono::duration<double>(tick_every).count();
    if (!is_calm() && chance(options_.site_crash * per_tick)) crash(node);
    if (!is_calm() && node.is_link_up && chance(options_.link_loss * per_tick)) {
        if (chance(options_.black_hole)) {
            node.is_black_hole = true;
        } else {
            link_goes_down(node);
            after(between(100ms, 8s), [this, &node] { link_comes_up(node); });
        }
    }
    after(tick_every, [this, &node] { live_on(node); });
}

// The disk is put back to an earlier image, as somebody with a backup does.
void World::restore(Node& node) {
    const std::size_t have = node.ledger.rows().size();
    if (have < 2) return;
    ++result_.restores;
    torn_sites_.insert(node.site);
    old_branches_[node.site].push_back(node.ledger.rows());
    node.ledger.restore(static_cast<Seq>(
        std::uniform_int_distribution<std::size_t>(have > 40 ? have - 40 : 0, have - 1)(random_)));
    // The image has the feed as it was, too; items are applied again from there.
    node.applied_main.resize(std::min(node.applied_main.size(), node.applied_main.size() / 2));
    node.ledger.head().cursor_main = node.applied_main.empty() ? 0 : node.applied_main.back();
    crash(node);
}

void World::clone(const Node& node) {
    ++result_.restores;
    torn_sites_.insert(node.site);
    auto copy = std::make_unique<Node>(node.site);
    copy->ledger = node.ledger;
    copy->applied_main = node.applied_main;
    copy->applied_urgent = node.applied_urgent;
    nodes_.push_back(std::move(copy));
    Node& made = *nodes_.back();
    wake_up(made);
    live_on(made);
    work(made);
}

// ---- cloud: frames are taken side by side, as by many hubs

void World::hub_takes(const std::string& site, const wire::Message& message, int looks) {
    CloudSite& cloud = cloud_[site];
    if (const auto* hello = std::get_if<wire::Hello>(&message)) {
        if (!cloud.cursor) cloud.cursor = hub::first_cursor(site, hello->instance, 1);
        if (const auto refusal = hub::refuse_hello(*cloud.cursor, *hello)) {
            send_down(site, hub::fenced_of(*cloud.cursor, hello->instance, *refusal, hello->nonce));
            return;
        }
        wire::Welcome welcome;
        welcome.nonce = hello->nonce;
        welcome.instance = hello->instance;
        welcome.epoch = cloud.cursor->epoch;
        welcome.last_seq = cloud.cursor->last_seq;
        welcome.last_hash = cloud.cursor->last_hash;
        welcome.window = 8;
        welcome.rows_max = 5;
        welcome.feed_main = cloud.feed_main.size();
        welcome.feed_urgent = cloud.feed_urgent.size();
        send_down(site, welcome);
    }
    if (const auto* status = std::get_if<wire::Status>(&message); status && cloud.cursor) {
        send_down(site, hub::answer_to_status(*cloud.cursor, *status));
        for (const wire::Lane lane : {wire::Lane::urgent, wire::Lane::main}) {
            const auto& items = lane == wire::Lane::urgent ? cloud.feed_urgent : cloud.feed_main;
            wire::Feed news;
            news.lane = static_cast<std::uint32_t>(lane);
            news.after = news.head = items.size();
            send_down(site, news);
        }
    }
    if (const auto* pull = std::get_if<wire::FeedPull>(&message)) {
        const bool is_urgent = pull->lane == static_cast<std::uint32_t>(wire::Lane::urgent);
        const auto& items = is_urgent ? cloud.feed_urgent : cloud.feed_main;
        wire::Feed page;
        page.lane = pull->lane;
        page.after = pull->after;
        page.head = items.size();
        for (std::size_t at = pull->after; at < items.size() && page.items.size() < pull->items_max;
             ++at)
            page.items.push_back(items[at]);
        send_down(site, page);
    }
    if (const auto* batch = std::get_if<wire::Batch>(&message))
        hub_takes_batch(site, *batch, looks);
}

void World::hub_takes_batch(const std::string& site, const wire::Batch& batch, int looks) {
    CloudSite& cloud = cloud_[site];
    if (!cloud.cursor) return;
    const Cursor seen = *cloud.cursor;
    const auto rows = wire::unpack_rows(batch.rows);
    const auto decision = hub::decide_rows(seen, batch, *rows);
    switch (decision.verdict) {
        case BatchVerdict::gap:
            ++result_.gaps;
            if (looks < 2) {
                after(100ms, [this, site, batch, looks] { hub_takes(site, batch, looks + 1); });
                return;
            }
            return send_down(site, hub::nack_of(seen, batch, wire::NackReason::gap, "gap"));
        case BatchVerdict::duplicate:
            ++result_.duplicates;
            if (!options_.dedupe) write(cloud, batch, *rows);
            return send_down(site, hub::ack_of(seen, batch.attempt));
        case BatchVerdict::malformed:
            return wrong("a batch of ours is malformed: " + decision.told);
        case BatchVerdict::fenced:
            return send_down(site, hub::answer_to_fenced(seen, batch, decision));
        case BatchVerdict::append:
            break;
    }
    // Between looking and writing other hubs look and write.
    const std::vector<wire::WireRow> fresh(
        rows->begin() + static_cast<std::ptrdiff_t>(decision.skip), rows->end());
    after(between(0ms, 60ms),
          [this, site, batch, seen, fresh] { hub_commits(site, batch, seen, fresh); });
}

void World::hub_commits(const std::string& site,
                        const wire::Batch& batch,
                        const Cursor& seen,
                        const std::vector<wire::WireRow>& rows) {
    CloudSite& cloud = cloud_[site];
    const bool has_crashed = !is_calm() && chance(options_.hub_crash);
    if (has_crashed && chance(0.5)) return;  // before COMMIT
    if (options_.compare_and_set && *cloud.cursor != seen)
        return hub_takes(site, batch, 0);  // somebody was faster: look again
    write(cloud, batch, rows);
    check_prefix(site);
    if (!has_crashed) send_down(site, hub::ack_of(*cloud.cursor, batch.attempt));
}

void World::write(CloudSite& cloud, const wire::Batch& batch, std::span<const wire::WireRow> rows) {
    Hash hash = rows.front().row.seq == batch.first_seq ? batch.prev_hash : cloud.cursor->last_hash;
    for (const wire::WireRow& one : rows) {
        hash = chain_next(hash, one.row);
        cloud.log.push_back({one.row.seq, hash});
        ++result_.rows;
    }
    cloud.cursor->last_seq = rows.back().row.seq;
    cloud.cursor->last_hash = hash;
}

void World::add_feed() {
    if (is_calm()) return;
    for (auto& [site, cloud] : cloud_) {
        const bool is_urgent = chance(0.2);
        auto& items = is_urgent ? cloud.feed_urgent : cloud.feed_main;
        items.push_back({items.size() + 1, is_urgent ? "hold" : "product", "{}"});
        wire::Feed news;
        news.lane = static_cast<std::uint32_t>(is_urgent ? wire::Lane::urgent : wire::Lane::main);
        news.after = news.head = items.size();
        send_down(site, news);
    }
    after(between(50ms, 3s), [this] { add_feed(); });
}

// ---- checks

bool World::is_prefix_of_a_branch(const std::string& site) const {
    const auto& log = cloud_.at(site).log;
    const auto is_prefix_of = [&log](const std::vector<LedgerRow>& rows) {
        if (log.size() > rows.size()) return false;
        for (std::size_t at = 0; at < log.size(); ++at)
            if (log[at].seq != rows[at].seq || log[at].hash != rows[at].hash) return false;
        return true;
    };
    for (const auto& node : nodes_)
        if (node->site == site && is_prefix_of(node->ledger.rows())) return true;
    const auto old = old_branches_.find(site);
    if (old == old_branches_.end()) return false;
    return std::any_of(old->second.begin(), old->second.end(), is_prefix_of);
}

// I-4: the cloud's log is a prefix of one branch of the site; with it I-6 so far (nothing doubled,
// nothing left out, nothing of two branches mixed).
void World::check_prefix(const std::string& site) {
    if (!is_prefix_of_a_branch(site))
        wrong("I-4: the cloud's log of " + site + " is no prefix of a branch of the site");
}

void World::check_feed(const Node& node) {
    const CloudSite& cloud = cloud_[node.site];
    const auto is_all = [](const std::vector<std::uint64_t>& applied, std::size_t items) {
        for (std::size_t at = 0; at < applied.size(); ++at)
            if (applied[at] != at + 1) return false;
        return applied.size() == items;
    };
    if (!is_all(node.applied_main, cloud.feed_main.size()) ||
        !is_all(node.applied_urgent, cloud.feed_urgent.size()))
        wrong("the feed of " + node.site + " was not applied once each and in order");
}

void World::check_end() {
    std::map<std::string, std::set<std::string>> sending;
    for (const auto& node : nodes_) {
        check_prefix(node->site);
        check_feed(*node);
        const CloudSite& cloud = cloud_[node->site];
        const auto& rows = node->ledger.rows();
        const bool is_equal = cloud.log.size() == rows.size() &&
                              (rows.empty() || cloud.log.back().hash == rows.back().hash);
        const bool is_stopped = node->up->stopped().has_value();
        if (is_stopped) ++result_.forks;
        // I-5 where there is one history; I-7 where there are two.
        if (!is_equal && !is_stopped)
            wrong(fmt::format("I-5: the cloud has {} rows of {}, the site {} ({})",
                              cloud.log.size(),
                              node->site,
                              rows.size(),
                              node->up->because()));
        if (is_equal && is_stopped) wrong("I-5: a site that is as the cloud has it is stopped");
        if (is_stopped && torn_sites_.count(node->site) == 0)
            wrong("I-7: a site with one history was stopped: " + node->up->because());
        if (is_stopped && node->up->stopped() != UplinkState::forked)
            wrong("I-7: a second history is called something else than a fork");
    }
}

SimResult World::run() {
    for (int number = 1; number <= options_.sites; ++number) {
        nodes_.push_back(std::make_unique<Node>(fmt::format("DC{}", number)));
        Node& node = *nodes_.back();
        cloud_[node.site];
        // Some sites work before they ever hear of a cloud.
        if (chance(0.3))
            for (int row = 0; row < 12; ++row) node.ledger.append("before the first contact");
        wake_up(node);
        live_on(node);
        after(between(1s, 3s), [this, &node] { work(node); });
    }
    after(1s, [this] { add_feed(); });
    if (chance(options_.restore))
        after(between(5s, options_.faults_for - 1s), [this] { restore(*nodes_.front()); });
    if (chance(options_.clone))
        after(between(5s, options_.faults_for - 1s), [this] { clone(*nodes_.front()); });
    const Ticks end = options_.faults_for + options_.calm_for;
    while (result_.wrong.empty() && !due_.empty() && due_.top().at < end) {
        // Moved out before it is popped: the task may push.
        Due due = due_.top();
        due_.pop();
        now_ = due.at;
        due.task();
    }
    if (result_.wrong.empty()) check_end();
    for (const auto& [site, cloud] : cloud_)
        for (const CloudRow& row : cloud.log)
            result_.digest = result_.digest * 1099511628211U + row.hash[0] + row.hash[7] * 256U;
    return result_;
}

}  // namespace

SimResult simulate(std::uint64_t seed, const SimOptions& options) {
    return World(seed, options).run();
}

}  // namespace lotgate::sync::test
