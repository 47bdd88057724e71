#include "tests/sync/sim_parts.hpp"

#include <fmt/format.h>

namespace lotgate::sync::test {

using namespace std::chrono_literals;

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
        if (!what.page.items.empty()) cursor = what.page.items.back().dseq;
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

}  // namespace lotgate::sync::test
