// The ledger and the writer: chain, replays, order, races, what a restart and a second process see.

#include "store/ledger.hpp"

#include "store/sqlite/database.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <thread>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";

bool says(const Result<std::string>& answer, const std::string& words) {
    return answer && answer->find(words) != std::string::npos;
}

bool is_same_after_rebuild(Warehouse& house) {
    return house.rebuild().find("\"ok\":true") != std::string::npos;
}

void tamper(const std::string& path, const std::string& sql) {
    auto database = store::sqlite::Database::open(path, store::sqlite::OpenMode::writer);
    REQUIRE(database);
    (*database)->execute(sql);
    REQUIRE_FALSE((*database)->fault());
}

}  // namespace

TEST_CASE("one flipped byte in the ledger is found at its row", "[store][ledger]") {
    Warehouse house;
    house.furnish();
    for (const char* serial : {"S-1", "S-2", "S-3"})
        house.scan(house.unit(Step::receive, dock, serial));
    CHECK(says(house.queries()->verify_chain(), "\"ok\":true"));
    house.stop();
    tamper(house.path(), "UPDATE ledger SET body=replace(body,'S-2','S-9') WHERE seq=9");
    CHECK(says(house.queries()->verify_chain(), "\"first_bad_seq\":9"));
    store::StoreConfig config;
    config.path = house.path();
    config.site = "TEST-1";
    const auto opened = store::Store::open(config, house.clock());
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().code() == FaultCode::corrupt);
}

TEST_CASE("a projection that was changed by hand is found", "[store][ledger]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    CHECK(is_same_after_rebuild(house));
    house.stop();
    tamper(house.path(), "UPDATE unit SET state='SHIPPED' WHERE serial='S-1'");
    CHECK(says(house.queries()->rebuild_and_compare(), "\"table\":\"unit\""));
}

TEST_CASE("the same request is answered again and nothing happens twice", "[store][replay]") {
    Warehouse house;
    house.furnish();
    const rules::Attempt receipt = house.unit(Step::receive, dock, "S-1");
    const auto first = house.scan(receipt);
    const auto head = house.store().progress().head;
    for (int i = 0; i < 3; ++i) {
        const auto again = house.scan(receipt);
        CHECK(again.is_replay);
        CHECK(again.seq == first.seq);
        CHECK(again.did == "received");
        CHECK(again.verdict.code == first.verdict.code);
        CHECK(again.progress == first.progress);
    }
    CHECK(house.store().progress().head == head);

    SECTION("after a restart, with its effects") {
        rules::Attempt no_read = house.at(Step::divert, "SORT-1");
        no_read.observation.is_no_read = true;
        const auto sent = house.scan(no_read);
        REQUIRE(sent.effects.size() == 1);
        house.restart();
        const auto again = house.scan(no_read);
        CHECK(again.is_replay);
        REQUIRE(again.effects.size() == 1);
        CHECK(again.effects[0].id == sent.effects[0].id);
        CHECK(again.verdict.code == "NOREAD");
        CHECK(house.queries()->open_effects()->size() == 1);
    }
}

TEST_CASE("an answer is given only when the row can be read by others", "[store][commit]") {
    Warehouse house;
    house.furnish();
    auto reader = house.queries();
    std::atomic<int> unseen{0};
    std::atomic<int> answered{0};
    std::promise<void> all;
    for (const char* serial : {"S-1", "S-2", "S-3", "S-4"})
        house.store().submit(house.unit(Step::receive, dock, serial),
                             [&](Result<store::Outcome> outcome) {
                                 const auto head = reader->head();
                                 if (!outcome || number_of(head->seq) < number_of(outcome->seq))
                                     ++unseen;
                                 if (++answered == 4) all.set_value();
                             });
    all.get_future().wait();
    CHECK(unseen == 0);
}

TEST_CASE("two stations race for one serial and exactly one wins", "[store][race]") {
    constexpr int races = 10'000;
    Warehouse house;
    std::string serials;
    for (int i = 0; i < races; ++i)
        serials += (i == 0 ? "\"R-" : ",\"R-") + std::to_string(i) + "\"";
    house.send(
        {{"product", R"({"gtin":"09506000134376","name":"Widget","serial_tracked":true})"},
         {"asn",
          R"({"id":"ASN-9","supplier":"V","lines":[{"line":1,"gtin":"09506000134376","serials":[)" +
              serials + "]}]}"}});
    house.policy().duplicate_holds_both = false;
    std::vector<std::vector<rules::Attempt>> plans(2);
    for (int i = 0; i < races; ++i)
        for (int side = 0; side < 2; ++side)
            plans[static_cast<std::size_t>(side)].push_back(house.unit(
                Step::receive, "DOCK-" + std::to_string(side), "R-" + std::to_string(i), widget));
    std::vector<std::atomic<int>> wins(races);
    std::atomic<int> duplicates{0};
    std::atomic<int> open{2 * races};
    std::promise<void> all;
    const auto run = [&](std::size_t side) {
        for (int i = 0; i < races; ++i) {
            const auto& attempt = plans[side][static_cast<std::size_t>(i)];
            const auto answer = [&, i](Result<store::Outcome> outcome) {
                if (outcome && outcome->did == "received") ++wins[static_cast<std::size_t>(i)];
                if (outcome && outcome->verdict.code == "SERIAL_DUPLICATE") ++duplicates;
                if (--open == 0) all.set_value();
            };
            while (house.store().progress().queued > 3000) std::this_thread::yield();
            house.store().submit(attempt, answer);
        }
    };
    std::thread one(run, 0);
    std::thread two(run, 1);
    one.join();
    two.join();
    all.get_future().wait();
    int single_wins = 0;
    for (const auto& count : wins) single_wins += count == 1 ? 1 : 0;
    CHECK(single_wins == races);
    CHECK(duplicates == races);
    CHECK(says(house.queries()->verify_chain(), "\"ok\":true"));
}

TEST_CASE("the ledger's clock never runs back or repeats", "[store][clock]") {
    const Instant later = *parse_instant("2026-11-22T08:00:00Z");
    const Instant earlier = *parse_instant("2026-11-21T08:00:00Z");
    const std::uint64_t first = store::next_hlc(0, later);
    CHECK(store::next_hlc(first, later) == first + 1);
    CHECK(store::next_hlc(first, earlier) == first + 1);
    CHECK(store::next_hlc(first, Instant{later.us + 1000}) == first + 0x10000);
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.clock().set("1999-01-01T00:00:00Z");
    house.scan(house.unit(Step::receive, dock, "S-2"));
    const auto rows = house.queries()->rows_after(Seq{0}, 100, 1 << 20);
    for (std::size_t i = 1; i < rows->size(); ++i) CHECK((*rows)[i].hlc > (*rows)[i - 1].hlc);
}

TEST_CASE("a clock that is set back does not make expired goods good", "[store][clock]") {
    Warehouse house;
    house.furnish();
    house.clock().set("2027-02-01T08:00:00Z");
    CHECK(house.scan(house.unit(Step::receive, dock, "S-1")).verdict.code == "EXPIRED_AT_RECEIPT");
    house.clock().set("2026-11-22T08:00:00Z");
    CHECK(house.scan(house.unit(Step::receive, dock, "S-2")).verdict.code == "EXPIRED_AT_RECEIPT");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a second lotgated is turned away with the next step", "[store][open]") {
    Warehouse house;
    store::StoreConfig config;
    config.path = house.path();
    config.site = "TEST-1";
    const auto second = store::Store::open(config, house.clock());
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code() == FaultCode::conflict);
    CHECK(second.error().detail().find("stop it first") != std::string::npos);
}

TEST_CASE("a database of a newer program, another program or another site is left alone",
          "[store][open]") {
    Warehouse house;
    house.stop();
    store::StoreConfig config;
    config.path = house.path();
    config.site = "TEST-1";
    const auto refused = [&](FaultCode code) {
        const auto opened = store::Store::open(config, house.clock());
        REQUIRE_FALSE(opened.has_value());
        INFO(opened.error().detail());
        CHECK(opened.error().code() == code);
    };
    SECTION("another site") {
        config.site = "TEST-2";
        refused(FaultCode::conflict);
    }
    SECTION("a newer schema") {
        tamper(house.path(), "PRAGMA user_version=9999");
        refused(FaultCode::conflict);
        CHECK_FALSE(store::Queries::open(house.path()).has_value());
    }
    SECTION("another program") {
        tamper(house.path(), "PRAGMA application_id=7");
        refused(FaultCode::corrupt);
    }
    SECTION("no directory") {
        config.path = house.path() + "/none/site.db";
        refused(FaultCode::unavailable);
    }
}

TEST_CASE("a full queue refuses instead of growing", "[store][queue]") {
    Warehouse house;
    house.stop();
    store::StoreConfig config;
    config.path = house.path();
    config.site = "TEST-1";
    config.queue_max = 1;
    std::promise<void> release;  // they outlive the store, whose thread waits for them
    std::promise<void> entered;
    auto gate = release.get_future();
    auto store = std::move(*store::Store::open(config, house.clock()));
    store->submit(store::EpochGranted{1}, [&](const Result<store::Outcome>&) {
        entered.set_value();
        gate.wait();
    });
    entered.get_future().wait();
    store->submit(store::EpochGranted{1}, nullptr);
    FaultCode code{};
    store->submit(store::EpochGranted{1},
                  [&](Result<store::Outcome> outcome) { code = outcome.error().code(); });
    CHECK(code == FaultCode::full);
    release.set_value();
}

TEST_CASE("everything accepted before the end is carried out", "[store][queue]") {
    Warehouse house;
    house.furnish();
    std::atomic<int> answered{0};
    for (const char* serial : {"S-1", "S-2", "S-3", "S-4"})
        house.store().submit(house.unit(Step::receive, dock, serial),
                             [&](const Result<store::Outcome>& outcome) {
                                 if (outcome) ++answered;
                             });
    house.stop();
    CHECK(answered == 4);
}

TEST_CASE("the cloud's acknowledgement moves forward and never past what is here",
          "[store][uplink]") {
    Warehouse house;
    house.furnish();
    const auto head = *house.queries()->head();
    CHECK(house.ask(store::EpochGranted{5}));
    const auto granted = *house.queries()->head();
    CHECK(granted.epoch == 5);
    CHECK(granted.hash != head.hash);
    CHECK(says(house.queries()->verify_chain(), "\"ok\":true"));
    CHECK_FALSE(house.ask(store::EpochGranted{6}));
    CHECK(house.ask(store::UplinkAcknowledged{5, granted.seq, granted.hash}));
    CHECK(house.store().progress().acked == number_of(granted.seq));
    CHECK_FALSE(house.ask(store::UplinkAcknowledged{4, granted.seq, granted.hash}));
    CHECK_FALSE(house.ask(store::UplinkAcknowledged{5, next(granted.seq), granted.hash}));
    CHECK(house.ask(store::UplinkAcknowledged{5, Seq{1}, granted.hash}));
    CHECK(house.store().progress().acked == number_of(granted.seq));
    house.restart();
    CHECK(house.store().progress().acked == number_of(granted.seq));
}
