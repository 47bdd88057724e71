// How far the ledger may go into an archive, and what stops it there.

#include "store/retention/named_in.hpp"
#include "tests/store/retention/old_house.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

void hold(OldHouse& old, const std::string& target) {
    old.house().send({{"hold", R"({"id":"H-9","reason":"quarantine","target":)" + target + "}"}},
                     "urgent");
}

void lift(OldHouse& old) {
    old.house().send({{"hold_lift", R"({"id":"H-9"})"}}, "urgent");
}

}  // namespace

TEST_CASE("what is old and finished may go, all but the newest event", "[retention][guard]") {
    OldHouse old;
    old.through(1);
    old.through(2);
    old.years_pass(8);
    const auto border = old.border();
    CHECK(border.base == 0);
    CHECK(border.last == border.head - 1);
    CHECK(border.kept == border.head);
    CHECK(border.stay.code == "NEWEST");
}

TEST_CASE("a record that is too young stops the archive there, and names its law",
          "[retention][guard]") {
    OldHouse old;
    old.through(1);
    const auto old_rows = static_cast<std::uint64_t>(old.number("SELECT max(seq) FROM ledger"));
    old.years_pass(6);
    old.through(2);
    old.years_pass(2);
    CHECK(old.border().last == old_rows);
    CHECK(old.border().stay.code == "TOO_YOUNG");
    CHECK(old.border().stay.told.find("keep_days = 2557") != std::string::npos);

    auto terms = old.terms();
    terms.retention.keep_days = 2 * 365 - 30;
    CHECK(old.border(terms).stay.code == "NEWEST");
    terms.retention.by_product = {{romaine, 365 * 20}};
    // The first row that names it is the product's own.
    CHECK(old.border(terms).kept == 1);
    CHECK(old.border(terms).stay.told.find("by_product 09506000134352") != std::string::npos);
}

TEST_CASE("what the cloud has not committed stays, and the last that it has",
          "[retention][guard]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    auto terms = old.terms();
    terms.has_cloud = true;
    CHECK(old.border(terms).last == 0);
    CHECK(old.border(terms).stay.code == "UNACKNOWLEDGED");

    REQUIRE(old.house().ask(store::EpochGranted{3}));
    const auto rows = *old.house().queries()->rows_after(Seq{4}, 1, 1000);
    REQUIRE(old.house().ask(store::UplinkAcknowledged{3, Seq{5}, rows.front().hash}));
    CHECK(old.border(terms).last == 4);
    CHECK(old.border(terms).kept == 5);
    // A ledger with an epoch has a cloud, whatever the configuration says today.
    CHECK(old.border().stay.code == "UNACKNOWLEDGED");
}

TEST_CASE("an open hold keeps every event of what it is on", "[retention][guard]") {
    OldHouse old;
    old.through(1);
    const Journey second = old.through(2);
    old.through(3);
    old.years_pass(8);
    const std::string target =
        GENERATE_COPY(std::string(R"({"kind":"lot","gtin":"09506000134352","lot":"l-2"})"),
                      std::string(R"({"kind":"unit","gtin":"09506000134352","serial":"U-2-1"})"),
                      std::string(R"({"kind":"document","id":"ASN-2"})"));
    INFO(target);
    hold(old, target);
    CHECK(old.border().kept == old.row_with("ASN-2"));
    CHECK(old.border().stay.code == "OPEN_HOLD");
    CHECK(old.border().stay.told.find("H-9") != std::string::npos);
    lift(old);
    CHECK(old.border().stay.code == "TOO_YOUNG");
    CHECK(old.border().kept > old.row_with("ASN-3"));
}

TEST_CASE("a hold on a carton or an order keeps what was in it", "[retention][guard]") {
    OldHouse old;
    const Journey first = old.through(1);
    old.years_pass(8);
    hold(old,
         GENERATE_COPY(R"({"kind":"container","sscc":")" + first.sscc + "\"}",
                       std::string(R"({"kind":"document","id":"SO-1"})")));
    // The units went out in that carton: their first event is the announcement.
    CHECK(old.border().kept == old.row_with("ASN-1"));
    CHECK(old.border().stay.code == "OPEN_HOLD");
}

TEST_CASE("a hold on a product keeps every event that names it", "[retention][guard]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    hold(old, R"({"kind":"product","gtin":"09506000134352"})");
    // The product's own announcement is the first row.
    CHECK(old.border().kept == 1);
    CHECK(old.border().stay.code == "OPEN_HOLD");
}

TEST_CASE("the event that placed an open hold stays, though nothing else names its goods",
          "[retention][guard]") {
    OldHouse old;
    hold(old, R"({"kind":"lot","gtin":"09506000134369","lot":"X-1"})");
    const auto placed = old.row_with("H-9");
    old.years_pass(8);
    CHECK(old.border().kept == placed);
    CHECK(old.border().stay.code == "OPEN_HOLD");
}

TEST_CASE("an open case keeps every event of what it is about", "[retention][guard]") {
    OldHouse old;
    const Journey first = old.through(1);
    old.through(2);
    old.years_pass(8);
    // Somebody scans the carton at another door, years later.
    CHECK(old.house().scan(old.house().carton(Step::ship, "DOOR-2", first.sscc)).verdict.code ==
          "DOUBLE_SHIP");
    const auto border = old.border();
    CHECK(border.stay.code == "OPEN_CASE");
    CHECK(border.kept < old.row_with("ASN-2"));
}

TEST_CASE("the event that opened an open case stays", "[retention][guard]") {
    OldHouse old;
    store::CartonPassed passed;
    passed.conveyor = "PLC1";
    passed.at = old.house().clock().now();
    REQUIRE(old.house().ask(passed));
    const auto opened = old.row_with("DIVERT_UNDECIDED");
    old.through(1);
    old.years_pass(8);
    CHECK(old.border().kept == opened);
    CHECK(old.border().stay.code == "OPEN_CASE");
}

TEST_CASE("a unit that is still here keeps its history, and that of its lot",
          "[retention][guard]") {
    OldHouse old;
    old.through(1);
    old.receive(2, 1);
    old.through(3);
    old.years_pass(8);
    CHECK(old.border().kept == old.row_with("ASN-2"));
    CHECK(old.border().stay.code == "STOCK_HERE");
    CHECK(old.border().stay.told.find("U-2-1") != std::string::npos);
}

TEST_CASE("a unit without a lot that is still here keeps its history", "[retention][guard]") {
    OldHouse old;
    old.house().send(
        {{"product", R"({"gtin":"09506000134376","name":"Widget","serial_tracked":true})"},
         {"asn",
          R"({"id":"ASN-W","supplier":"V-1","lines":[{"line":1,"gtin":"09506000134376","serials":["W-1"]}]})"}});
    REQUIRE(old.house().scan(old.house().unit(Step::receive, "DOCK-1", "W-1", widget)).did ==
            "received");
    old.years_pass(8);
    CHECK(old.border().kept == old.row_with("ASN-W"));
    CHECK(old.border().stay.code == "ON_SITE");
    REQUIRE(old.house().operate("scrap", {{"gtin", widget}, {"serial", "W-1"}}).verdict.accepted());
    CHECK(old.border().stay.code == "TOO_YOUNG");
}

TEST_CASE("counted goods that are still here keep the events of their lot", "[retention][guard]") {
    OldHouse old;
    old.receive_kale("K-1");
    old.through(1);
    old.years_pass(8);
    CHECK(old.border().kept == old.row_with("ASN-K-1"));
    CHECK(old.border().stay.code == "STOCK_HERE");
}

TEST_CASE("an order that never left keeps its events", "[retention][guard]") {
    OldHouse old;
    old.house().send(
        {{"order",
          R"({"id":"SO-7","customer":"C-N","lines":[{"line":1,"gtin":"09506000134352","quantity":2}]})"}});
    old.through(1);
    old.years_pass(8);
    CHECK(old.border().kept == old.row_with("SO-7"));
    CHECK(old.border().stay.code == "OPEN_DOCUMENT");
}

TEST_CASE("a label of which nobody knows keeps the event that asked for it", "[retention][guard]") {
    OldHouse old;
    old.receive(1, 1);
    old.house().send(
        {{"order",
          R"({"id":"SO-1","customer":"C-N","lines":[{"line":1,"gtin":"09506000134352","quantity":1}]})"}});
    old.house().scan(old.house().code(Step::pack, "PACK-1", "SO-1"));
    const auto packed = old.house().scan(old.house().unit(Step::pack, "PACK-1", "U-1-1"));
    const std::string sscc = print_field(packed, "sscc");
    REQUIRE(old.house().scan(old.house().carton(Step::ship, "DOOR-1", sscc)).did == "shipped");
    old.years_pass(8);
    CHECK(old.border().kept == number_of(packed.seq));
    CHECK(old.border().stay.code == "OPEN_EFFECT");
}

TEST_CASE("what something here was made of keeps its events", "[retention][guard]") {
    OldHouse old;
    old.receive(1, 2);
    REQUIRE(old.house()
                .operate("relabel", {{"gtin", romaine}, {"serial", "U-1-1"}, {"new_serial", "N-1"}})
                .verdict.accepted());
    old.years_pass(8);
    CHECK(old.border().kept == old.row_with("ASN-1"));
}

TEST_CASE("an event of a clock that was not set is no older than the next one that was",
          "[retention][guard]") {
    OldHouse old;
    const Journey first = old.through(1);
    old.years_pass(8);
    const auto by_good_clock =
        static_cast<std::uint64_t>(old.number("SELECT max(seq) FROM ledger"));
    // The battery is empty: the ledger's own clock goes on from where it was.
    auto attempt = old.house().code(Step::count, "COUNT-1", "WHAT-IS-THIS");
    attempt.clock_quality = "unset";
    old.house().scan(attempt);
    attempt = old.house().code(Step::count, "COUNT-1", "AND-THIS");
    attempt.clock_quality = "unset";
    old.house().scan(attempt);
    old.years_pass(8);
    CHECK(old.border().last == by_good_clock);
    old.house().scan(old.house().code(Step::count, "COUNT-1", "AND-THAT"));
    old.years_pass(8);
    CHECK(old.border().last == old.row_with("AND-THAT"));
}

TEST_CASE("a clock that nobody vouches for makes no event older than the last day that is certain",
          "[retention][guard]") {
    OldHouse old;
    old.through(1);
    const auto last = static_cast<std::uint64_t>(old.number("SELECT max(seq) FROM ledger"));
    old.years_pass(3);
    old.through(2);
    auto terms = old.terms();
    // The battery was empty, and the machine believes it is 2058.
    terms.now.us += 40 * 365LL * 86'400'000'000;
    CHECK(old.border(terms).stay.code == "NEWEST");
    terms.is_clock_synced = false;
    CHECK(old.border(terms).last == 0);
    CHECK(old.border(terms).stay.code == "TOO_YOUNG");
    terms.retention.keep_days = 400;
    terms.retention.device_report_days = 400;
    CHECK(old.border(terms).last == last);
}

TEST_CASE("an archive by a clock that cannot be trusted is refused", "[retention][guard]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    auto operation = old.house().operation(
        "archive", *store::check_archive(old.house().path(), old.terms(), old.written().file));
    operation.clock_quality = "unset";
    CHECK(old.house().ask(operation)->verdict.code == "ARCHIVE_CLOCK");
    CHECK(old.number("SELECT count(*) FROM archive") == 0);
}

TEST_CASE("everything that an event's body says is named", "[retention][named]") {
    LedgerRow row;
    row.body =
        R"({"under":{"clock":"unset"},"what":{"gtin":"09506000134352","serial":"S-1","lot":"l-88"},)"
        R"("document":"ASN-1","order":"SO-1","mentions":["container:095060000000000015"],)"
        R"("item":"{\"id\":\"ASN-2\",\"lines\":[{\"gtin\":\"9506000134369\",\"lot\":\"K-1\",)"
        R"(\"serials\":[\"A\",\"B\"]}],\"target\":{\"kind\":\"product\",\"gtin\":\"09506000134376\"}}"})";
    const auto named = store::named_in(row);
    CHECK(named.clock == "unset");
    CHECK(named.subjects == std::set<std::string>{"unit:09506000134352/S-1",
                                                  "lot:09506000134352/l-88",
                                                  "document:ASN-1",
                                                  "document:SO-1",
                                                  "document:ASN-2",
                                                  "container:095060000000000015",
                                                  "lot:09506000134369/k-1",
                                                  "unit:09506000134369/A",
                                                  "unit:09506000134369/B",
                                                  "product:09506000134376"});
    CHECK(named.gtins ==
          std::set<std::string>{"09506000134352", "09506000134369", "09506000134376"});
    row.body = "{";
    CHECK(store::named_in(row).subjects.empty());
}
