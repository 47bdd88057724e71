#include "tests/sync/sim_parts.hpp"

#include <fmt/format.h>

namespace lotgate::sync::test {

using namespace std::chrono_literals;
using hub::BatchVerdict;

void World::wrong(const std::string& what) {
    if (result_.wrong.empty()) result_.wrong = fmt::format("{} ms: {}", now_ / 1ms, what);
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

SimResult simulate(std::uint64_t seed, const SimOptions& options) {
    return World(seed, options).run();
}

}  // namespace lotgate::sync::test
