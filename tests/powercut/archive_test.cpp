// Power goes at each single operation of the disk while an archive is recorded and its rows are
// taken out: afterwards every event is in the ledger or in the file, and all of it proves itself.

#include "store/queries.hpp"
#include "store/retention/archiving.hpp"
#include "tests/powercut/vfs.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <future>

using namespace lotgate;
using namespace lotgate::powercut;

namespace {

constexpr int events = 260;  // more than the writer takes out at once

class ColdRoom {
public:
    ColdRoom() : path_(folder_.file("cold.db")) {
        clock_.set("2018-03-01T08:00:00Z");
        use_disk(disk_);
    }

    bool open() {
        store::StoreConfig config{path_, "ATL-3"};
        config.moves_log_in_pauses = false;
        auto opened = store::Store::open(std::move(config), clock_);
        if (opened) store_ = std::move(*opened);
        return opened.has_value();
    }

    void close() { store_.reset(); }

    Result<store::Outcome> ask(store::Command command) {
        std::promise<Result<store::Outcome>> promise;
        auto future = promise.get_future();
        store_->submit(std::move(command), [&](Result<store::Outcome> outcome) {
            promise.set_value(std::move(outcome));
        });
        return future.get();
    }

    /// Years of parties that nobody deals with any more.
    void live() {
        store::FeedPage page{"main", 0, {}};
        for (int i = 1; i <= events; ++i)
            page.items.push_back({static_cast<std::uint64_t>(i),
                                  "party",
                                  fmt::format(R"({{"id":"C-{0}","name":"Customer {0}"}})", i)});
        REQUIRE(ask(std::move(page)));
        clock_.set("2027-03-01T08:00:00Z");
        close();
    }

    store::ArchiveTerms terms() {
        store::ArchiveTerms terms;
        terms.now = clock_.now();
        return terms;
    }

    /// Looked at by the gateway, ready to be recorded.
    store::Arguments looked_at() {
        const auto border = store::plan_archive(path_, terms());
        REQUIRE(border);
        const auto written = store::write_archive(path_, *border, folder_.file(""));
        REQUIRE(written);
        const auto found = store::check_archive(path_, terms(), written->file);
        REQUIRE(found);
        return *found;
    }

    /// Records it and waits for the rows to leave, for as long as there is power.
    void record(const store::Arguments& arguments) {
        store::Operation operation;
        operation.request_id = "archive-1";
        operation.kind = "archive";
        operation.authority.badge = "B-7";
        operation.arguments = arguments;
        operation.at = clock_.now();
        operation.site_date = site_date(clock_.now(), "UTC");
        operation.clock_quality = "synced";
        static_cast<void>(ask(std::move(operation)));
        for (int i = 0; i < 40; ++i) static_cast<void>(ask(store::UplinkAcknowledged{}));
    }

    /// Empty, or what is wrong with the ledger and the file together.
    std::string what_is_wrong() {
        const auto queries = store::Queries::open(path_);
        if (!queries) return queries.error().detail();
        const auto chain = (*queries)->verify_chain();
        if (!chain || chain->find("\"ok\":true") == std::string::npos)
            return "chain " + chain.value_or("unreadable");
        const auto rebuilt = (*queries)->rebuild_and_compare();
        if (!rebuilt) return rebuilt.error().detail();
        if (rebuilt->find("\"ok\":true") == std::string::npos) return *rebuilt;
        const auto head = (*queries)->head();
        if (!head || number_of(head->seq) < events) return "events are nowhere";
        return {};
    }

    std::uint64_t archived() {
        auto database = store::sqlite::Database::open(path_, store::sqlite::OpenMode::reader);
        return database ? store::archived_seq(**database) : 0;
    }

    std::int64_t first_row() {
        auto database = store::sqlite::Database::open(path_, store::sqlite::OpenMode::reader);
        REQUIRE(database);
        store::sqlite::Statement first(**database, "SELECT min(seq) FROM ledger");
        auto rows = first();
        return rows.next() ? rows.integer(0) : 0;
    }

    [[nodiscard]] Disk& disk() { return disk_; }

private:
    testkit::TempDir folder_;
    testkit::FakeClock clock_;
    Disk disk_;
    std::string path_;
    std::unique_ptr<store::Store> store_;
};

}  // namespace

TEST_CASE("power may go at any operation while an archive is recorded and its rows leave",
          "[powercut][archive]") {
    ColdRoom room;
    REQUIRE(room.open());
    room.live();
    const auto arguments = room.looked_at();
    const auto image = room.disk().image();
    int before_it_was_recorded = 0;
    int after = 0;
    int halfway = 0;
    bool had_power = false;
    for (std::uint64_t at = 0; !had_power; ++at) {
        INFO("power goes at operation " << at);
        room.disk().load(image);
        Faults faults;
        faults.power_goes_at = at;
        faults.seed = at;
        room.disk().set_faults(faults);
        if (room.open()) room.record(arguments);
        room.close();
        had_power = room.disk().has_power();
        room.disk().cut_and_restart(at + 1);

        REQUIRE(room.open());
        REQUIRE(room.what_is_wrong() == "");
        const bool is_recorded = room.archived() > 0;
        ++(is_recorded ? after : before_it_was_recorded);
        if (is_recorded && room.first_row() <= static_cast<std::int64_t>(room.archived()))
            ++halfway;
        // The same again harms nothing, and ends what was begun.
        room.record(arguments);
        REQUIRE(room.archived() == events - 1);
        REQUIRE(room.first_row() == events);
        REQUIRE(room.what_is_wrong() == "");
        room.close();
    }
    CHECK(before_it_was_recorded > 5);
    CHECK(halfway > 3);
    CHECK(after > halfway);
}
