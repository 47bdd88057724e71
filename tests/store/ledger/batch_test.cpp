// What waits is carried out in one transaction; what fails in it is undone alone.

#include "store/sqlite/database.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";

/// The tables refuse this unit from now on, in the middle of what is written about it.
void make_unwritable(Warehouse& house, const std::string& serial) {
    house.stop();
    {
        auto database =
            store::sqlite::Database::open(house.path(), store::sqlite::OpenMode::writer);
        REQUIRE(database);
        (*database)->execute("CREATE TRIGGER unwritable BEFORE UPDATE ON unit WHEN new.serial='" +
                             serial + "' BEGIN SELECT RAISE(ABORT,'not this one'); END");
        REQUIRE_FALSE((*database)->fault());
    }
    house.restart();
}

/// Hands over all commands while the writer is kept waiting, so that they are one transaction.
std::vector<Result<store::Outcome>> ask_together(Warehouse& house,
                                                 std::vector<store::Command> commands) {
    std::promise<void> entered;
    std::promise<void> release;
    auto gate = release.get_future();
    house.store().submit(store::EpochGranted{1}, [&](const Result<store::Outcome>&) {
        entered.set_value();
        gate.wait();
    });
    entered.get_future().wait();
    std::vector<std::promise<Result<store::Outcome>>> promises(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i)
        house.store().submit(std::move(commands[i]), [&promises, i](Result<store::Outcome> one) {
            promises[i].set_value(std::move(one));
        });
    const std::uint64_t commits = house.store().progress().commits;
    release.set_value();
    std::vector<Result<store::Outcome>> outcomes;
    for (auto& promise : promises) outcomes.push_back(promise.get_future().get());
    CHECK(house.store().progress().commits == commits + 1);
    return outcomes;
}

store::FeedPage page_of(std::uint64_t after, const char* kind, const char* body) {
    store::FeedPage page;
    page.lane = "urgent";
    page.after = after;
    page.items.push_back({after + 1, kind, body});
    return page;
}

}  // namespace

TEST_CASE("a scan that the tables refuse is undone alone, its neighbours are kept",
          "[store][batch]") {
    Warehouse house;
    house.furnish();
    make_unwritable(house, "S-2");
    const std::uint64_t head = house.store().progress().head;
    std::vector<store::Command> commands;
    const bool with_feed = GENERATE(false, true);
    INFO("a page of the feed is in the same batch: " << with_feed);
    if (with_feed) commands.emplace_back(page_of(0, "party", R"({"id":"C-Y","name":"Y"})"));
    for (const char* serial : {"S-1", "S-2", "S-3"})
        commands.emplace_back(house.unit(Step::receive, dock, serial));
    const auto outcomes = ask_together(house, std::move(commands));
    const std::size_t first = with_feed ? 1 : 0;
    CHECK(outcomes[first]->did == "received");
    REQUIRE_FALSE(outcomes[first + 1].has_value());
    CHECK(outcomes[first + 1].error().code() == FaultCode::conflict);
    REQUIRE(outcomes[first + 2].has_value());
    CHECK(outcomes[first + 2]->did == "received");
    CHECK(outcomes[first + 2]->progress == "2 / 14");
    CHECK(house.store().progress().head == head + 2 + first);
    CHECK_FALSE(house.store().progress().is_unsafe);
    CHECK(house.queries()->verify_chain()->find("\"ok\":true") != std::string::npos);
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
    // What is counted once a transaction counts the two that stayed, and nothing of the third.
    CHECK(house.summary().find("\"received\":2") != std::string::npos);
}

TEST_CASE("what was in hand at a station is undone with the scan that took it", "[store][batch]") {
    Warehouse house;
    house.furnish();
    make_unwritable(house, "S-2");
    std::vector<store::Command> commands;
    const auto goods = [&] { return house.goods(Step::receive, "DOCK-2", "K-1", 1); };
    commands.emplace_back(goods());
    commands.emplace_back(house.code(Step::receive, "DOCK-2", "ASN-1"));
    commands.emplace_back(goods());
    commands.emplace_back(house.unit(Step::receive, dock, "S-2"));
    // The fourth undoes the batch; all are carried out again, the first with nothing in hand.
    const auto outcomes = ask_together(house, std::move(commands));
    CHECK(outcomes[0]->verdict.code == "NO_DOCUMENT");
    CHECK_FALSE(outcomes[1]->verdict.blocks());
    CHECK(outcomes[2]->did == "received");
    CHECK_FALSE(outcomes[3].has_value());
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
}

TEST_CASE("a request that is refused without a trace leaves its neighbours in one transaction",
          "[store][batch]") {
    Warehouse house;
    house.furnish();
    std::vector<store::Command> commands;
    commands.emplace_back(house.unit(Step::receive, dock, "S-1"));
    store::EffectReport nothing;
    nothing.effect_id = 4711;
    nothing.state = "sent";
    commands.emplace_back(nothing);
    commands.emplace_back(house.unit(Step::receive, dock, "S-1"));
    const auto outcomes = ask_together(house, std::move(commands));
    CHECK(outcomes[0]->did == "received");
    REQUIRE_FALSE(outcomes[1].has_value());
    CHECK(outcomes[1].error().code() == FaultCode::invalid_input);
    // The second read sees the first, though both are of one transaction.
    CHECK(outcomes[2]->verdict.code == "REREAD");
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
}

TEST_CASE("what nobody waits for is written soon by itself, and in its order", "[store][batch]") {
    Warehouse house;
    house.furnish();
    store::CartonPassed carton;
    carton.conveyor = "PLC1";
    const std::uint64_t head = house.store().progress().head;
    std::promise<Seq> alone;
    house.store().submit(
        carton,
        [&](const Result<store::Outcome>& one) { alone.set_value(one->seq); },
        store::Haste::soon);
    CHECK(number_of(alone.get_future().get()) == head + 1);
    std::promise<Seq> before;
    house.store().submit(
        carton,
        [&](const Result<store::Outcome>& one) { before.set_value(one->seq); },
        store::Haste::soon);
    const auto scan = house.scan(house.unit(Step::receive, dock, "S-1"));
    CHECK(number_of(before.get_future().get()) == head + 2);
    CHECK(number_of(scan.seq) == head + 3);
}
