#include "sync/uplink.hpp"

#include "sync/wire/rows.hpp"
#include "tests/sync/kit/ledger_of.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace lotgate::sync {
namespace {

using namespace std::chrono_literals;
using test::MemoryLedger;

/// A site and its uplink; reads of the ledger are answered at once, frames are kept.
struct Desk {
    MemoryLedger ledger{"DC1"};
    Uplink uplink;
    std::vector<wire::Message> sent;
    std::vector<std::string> renewed;
    Seq told{};
    Ticks now{};

    /// Without a pause between small batches, unless a test asks for one.
    explicit Desk(Ticks partial_every = 0ms) : uplink(paced(partial_every), 100) {}

    static UplinkConfig paced(Ticks partial_every) {
        UplinkConfig config;
        config.partial_every = partial_every;
        return config;
    }

    void settle(UplinkActions out) {
        for (std::size_t at = 0; at < out.size(); ++at) {
            const UplinkAction action = out[at];
            UplinkActions more;
            if (const auto* send = std::get_if<SendFrame>(&action)) sent.push_back(send->message);
            if (std::holds_alternative<ReadHead>(action))
                uplink.head_read(now, ledger.head(), more);
            if (const auto* read = std::get_if<ReadBatch>(&action))
                uplink.batch_read(now, read->ticket, prepared(*read), more);
            if (const auto* read = std::get_if<ReadHash>(&action))
                uplink.hash_read(
                    now, read->seq, ledger.rows().at(number_of(read->seq) - 1).hash, more);
            if (const auto* tell = std::get_if<TellAcknowledged>(&action)) told = tell->what.seq;
            if (const auto* grant = std::get_if<GrantEpoch>(&action)) {
                ledger.grant(grant->what.epoch);
                uplink.head_read(now, ledger.head(), more);
            }
            if (const auto* renew = std::get_if<RenewLink>(&action))
                renewed.push_back(renew->because);
            std::move(more.begin(), more.end(), std::back_inserter(out));
        }
    }

    PreparedBatch prepared(const ReadBatch& what) const {
        const auto rows = ledger.rows_after(what.after, what.rows_max, what.bytes_max);
        return {next(what.after), rows.back().seq, rows.back().hash, wire::pack_rows(rows)};
    }

    void record(int rows) {
        for (int row = 0; row < rows; ++row) ledger.append("body");
        UplinkActions out;
        uplink.committed(now, ledger.head().seq, out);
        settle(out);
    }

    void link_up() {
        UplinkActions out;
        uplink.link_up(now, out);
        settle(out);
    }

    void hear(const wire::Message& message) {
        UplinkActions out;
        uplink.heard(now, message, out);
        settle(out);
    }

    void pass(Ticks time) {
        now += time;
        UplinkActions out;
        uplink.tick(now, out);
        settle(out);
    }

    template <class Message>
    std::size_t count() const {
        return static_cast<std::size_t>(std::count_if(sent.begin(), sent.end(), [](const auto& m) {
            return std::holds_alternative<Message>(m);
        }));
    }

    template <class Message>
    Message last() const {
        const auto found = std::find_if(sent.rbegin(), sent.rend(), [](const auto& m) {
            return std::holds_alternative<Message>(m);
        });
        REQUIRE(found != sent.rend());
        return std::get<Message>(*found);
    }

    Hash hash_at(std::uint64_t seq) const {
        if (seq == 0) return chain_start({"DC1", ledger.head().epoch, ledger.head().instance});
        return ledger.rows().at(seq - 1).hash;
    }

    void welcome(std::uint64_t last_seq) {
        wire::Welcome welcome;
        welcome.nonce = last<wire::Hello>().nonce;
        welcome.instance = ledger.head().instance;
        welcome.epoch = 1;
        welcome.last_seq = Seq{last_seq};
        welcome.last_hash = hash_at(last_seq);
        welcome.window = 8;
        welcome.rows_max = 500;
        hear(welcome);
    }

    wire::Ack ack(std::uint64_t last_seq) const {
        wire::Ack ack;
        ack.instance = ledger.head().instance;
        ack.epoch = 1;
        ack.last_seq = Seq{last_seq};
        ack.last_hash = hash_at(last_seq);
        ack.attempt = last<wire::Batch>().attempt;
        return ack;
    }

    wire::Nack gap(std::uint64_t last_seq) const {
        wire::Nack nack;
        nack.instance = ledger.head().instance;
        nack.epoch = 1;
        nack.last_seq = Seq{last_seq};
        nack.last_hash = hash_at(last_seq);
        nack.reason = static_cast<std::uint32_t>(wire::NackReason::gap);
        nack.attempt = last<wire::Batch>().attempt;
        return nack;
    }
};

/// The cloud has all of `rows` rows and the link is live.
Desk live_desk(int rows, Ticks partial_every = 0ms) {
    Desk desk(partial_every);
    desk.ledger.grant(1);
    desk.record(rows);
    desk.link_up();
    desk.welcome(static_cast<std::uint64_t>(rows));
    REQUIRE(desk.uplink.state() == UplinkState::sending);
    return desk;
}

TEST_CASE("small batches keep a distance, full ones do not", "[sync][uplink]") {
    Desk desk = live_desk(1, 100ms);
    desk.record(1);
    CHECK(desk.count<wire::Batch>() == 1);
    desk.hear(desk.ack(2));
    desk.record(1);
    desk.record(1);
    CHECK(desk.count<wire::Batch>() == 1);  // they wait for company
    desk.pass(100ms);
    CHECK(desk.count<wire::Batch>() == 2);
    CHECK(desk.last<wire::Batch>().count == 2);
    desk.hear(desk.ack(4));
    desk.record(500);
    CHECK(desk.count<wire::Batch>() == 3);  // full: at once
}

TEST_CASE("a site that was never granted an epoch takes the one it is given", "[sync][uplink]") {
    Desk desk;
    desk.record(3);  // it worked before it ever heard of a cloud
    desk.link_up();
    CHECK(desk.last<wire::Hello>().epoch == 0);
    desk.welcome(0);
    CHECK(desk.ledger.head().epoch == 1);
    CHECK(desk.last<wire::Hello>().epoch == 1);
    desk.welcome(0);
    CHECK(desk.last<wire::Batch>().count == 3);
}

TEST_CASE("at most a window of batches is on its way", "[sync][uplink]") {
    Desk desk = live_desk(1);
    desk.record(10'000);
    CHECK(desk.count<wire::Batch>() == 8);
    // 1 row was there before, so the first full batch ends at 501.
    desk.hear(desk.ack(501));
    CHECK(desk.told == Seq{501});
    CHECK(desk.count<wire::Batch>() == 9);
    desk.hear(desk.ack(501));  // a doubled acknowledgement moves nothing
    CHECK(desk.count<wire::Batch>() == 9);
}

TEST_CASE("a gap sends the site back once, however many batches it refuses", "[sync][uplink]") {
    Desk desk = live_desk(1);
    desk.record(10'000);
    const auto refusal = desk.gap(1);
    desk.hear(refusal);
    CHECK(desk.count<wire::Batch>() == 16);
    desk.hear(refusal);
    desk.hear(refusal);
    CHECK(desk.count<wire::Batch>() == 16);
    CHECK(desk.last<wire::Batch>().attempt == refusal.attempt + 1);
}

TEST_CASE("an acknowledgement of rows the site has not got is a fork", "[sync][uplink]") {
    Desk desk = live_desk(5);
    auto ack = wire::Ack{desk.ledger.head().instance, 1, Seq{6}, Hash{}, 0};
    desk.hear(ack);
    CHECK(desk.uplink.stopped() == UplinkState::forked);
    desk.record(1000);
    CHECK(desk.count<wire::Batch>() == 0);
    CHECK_FALSE(desk.uplink.because().empty());
}

TEST_CASE("an acknowledgement with another hash is a fork", "[sync][uplink]") {
    Desk desk = live_desk(5);
    desk.record(2);
    auto ack = desk.ack(7);
    ack.last_hash[0] ^= 1U;
    desk.hear(ack);
    CHECK(desk.uplink.stopped() == UplinkState::forked);
    CHECK(desk.told == Seq{5});
}

TEST_CASE("a cloud that knows rows the site has not got makes it a fork at once",
          "[sync][uplink]") {
    Desk desk;
    desk.ledger.grant(1);
    desk.record(5);
    desk.link_up();
    wire::Welcome welcome;
    welcome.nonce = desk.last<wire::Hello>().nonce;
    welcome.instance = desk.ledger.head().instance;
    welcome.epoch = 1;
    welcome.last_seq = Seq{9};
    desk.hear(welcome);
    CHECK(desk.uplink.stopped() == UplinkState::forked);
    CHECK(desk.count<wire::Batch>() == 0);
}

TEST_CASE("a fenced site sends nothing and asks again later", "[sync][uplink]") {
    Desk desk;
    desk.ledger.grant(1);
    desk.record(5);
    desk.link_up();
    wire::Fenced fenced;
    fenced.instance = desk.ledger.head().instance;
    fenced.nonce = desk.last<wire::Hello>().nonce;
    fenced.reason = static_cast<std::uint32_t>(wire::FenceReason::other_epoch);
    fenced.told = "the branch was closed";
    desk.hear(fenced);
    CHECK(desk.uplink.stopped() == UplinkState::fenced);
    CHECK(desk.uplink.because() == "the branch was closed");
    desk.record(100);
    CHECK(desk.count<wire::Batch>() == 0);
    const auto hellos = desk.count<wire::Hello>();
    desk.pass(10s);
    CHECK(desk.count<wire::Hello>() == hellos + 1);
    CHECK(desk.uplink.stopped() == UplinkState::fenced);
    desk.welcome(0);
    CHECK_FALSE(desk.uplink.stopped());
    CHECK(desk.count<wire::Batch>() == 1);
}

TEST_CASE("what is meant for another gateway moves nothing", "[sync][uplink]") {
    Desk desk = live_desk(5);
    desk.record(2);
    auto ack = desk.ack(7);
    ack.instance.fill(9);
    desk.hear(ack);
    CHECK(desk.told == Seq{5});
    wire::Fenced fenced;
    fenced.instance.fill(9);
    desk.hear(fenced);
    CHECK(desk.uplink.state() == UplinkState::sending);
}

TEST_CASE("rows that stay without acknowledgement make the site say HELLO again",
          "[sync][uplink]") {
    Desk desk = live_desk(1);
    desk.record(10);
    const auto hellos = desk.count<wire::Hello>();
    for (int second = 0; second < 9; ++second) {
        desk.pass(1s);
        desk.hear(wire::Unknown{});  // the link lives
    }
    CHECK(desk.count<wire::Hello>() == hellos);
    desk.pass(1s);
    CHECK(desk.count<wire::Hello>() == hellos + 1);
    desk.welcome(1);
    CHECK(desk.last<wire::Batch>().first_seq == Seq{2});
}

TEST_CASE("a link on which nothing is heard is thrown away though it says it is up",
          "[sync][uplink]") {
    Desk desk = live_desk(1);
    for (int second = 0; second < 14; ++second) desk.pass(1s);
    CHECK(desk.renewed.empty());
    desk.pass(1s);
    CHECK(desk.renewed.size() == 1);
    CHECK(desk.uplink.state() == UplinkState::offline);
}

TEST_CASE("a cloud that lost rows it had acknowledged is sent them again", "[sync][uplink]") {
    Desk desk = live_desk(50);
    CHECK(desk.told == Seq{50});
    desk.uplink.link_down("cut");
    desk.link_up();
    desk.welcome(20);  // the cloud's database was put back to an earlier backup
    CHECK(desk.last<wire::Batch>().first_seq == Seq{21});
    CHECK(desk.uplink.because().find("lost rows 21 to 50") != std::string::npos);
}

TEST_CASE("a batch the cloud cannot take is cut smaller until the row is found", "[sync][uplink]") {
    Desk desk = live_desk(1);
    desk.record(400);
    for (int halving = 0; halving < 20 && !desk.uplink.stopped(); ++halving) {
        auto nack = desk.gap(1);
        nack.reason = static_cast<std::uint32_t>(wire::NackReason::malformed);
        nack.first_seq = desk.last<wire::Batch>().first_seq;
        desk.hear(nack);
    }
    CHECK(desk.uplink.stopped() == UplinkState::fenced);
    CHECK(desk.told == Seq{1});  // and never skipped
}

TEST_CASE("while the urgent lane drains no batch leaves", "[sync][uplink]") {
    Desk desk = live_desk(1);
    UplinkActions out;
    desk.uplink.hold_back(desk.now, true, out);
    desk.record(1000);
    CHECK(desk.count<wire::Batch>() == 0);
    desk.uplink.hold_back(desk.now, false, out);
    desk.settle(out);
    CHECK(desk.count<wire::Batch>() == 2);
}

}  // namespace
}  // namespace lotgate::sync
