#include "sync/hub/decide.hpp"

#include "tests/sync/kit/ledger_of.hpp"

#include <catch2/catch.hpp>

namespace lotgate::hub {
namespace {

using sync::test::MemoryLedger;
using sync::wire::Batch;
using sync::wire::FenceReason;
using sync::wire::Hello;

struct Case {
    MemoryLedger ledger{"DC1"};
    Cursor cursor;

    Case() {
        ledger.grant(1);
        for (int row = 0; row < 10; ++row) ledger.append("body");
        cursor = first_cursor("DC1", ledger.head().instance, 1);
    }

    void cloud_has(std::uint64_t seq) {
        cursor.last_seq = Seq{seq};
        cursor.last_hash = ledger.rows().at(seq - 1).hash;
    }

    Batch batch(std::uint64_t first, std::size_t count) const {
        const auto rows = ledger.rows_after(static_cast<Seq>(first - 1), count, 1'000'000);
        Batch batch;
        batch.epoch = 1;
        batch.instance = ledger.head().instance;
        batch.first_seq = Seq{first};
        batch.prev_hash =
            first == 1 ? chain_start({"DC1", 1, batch.instance}) : ledger.rows().at(first - 2).hash;
        batch.count = static_cast<std::uint32_t>(rows.size());
        batch.head_hash = rows.back().hash;
        batch.rows = sync::wire::pack_rows(rows);
        return batch;
    }

    BatchDecision decide(const Batch& batch) const {
        const auto rows = sync::wire::unpack_rows(batch.rows);
        REQUIRE(rows);
        return decide_rows(cursor, batch, *rows);
    }
};

TEST_CASE("rows that follow what the cloud has are taken", "[sync][hub]") {
    Case given;
    CHECK(given.decide(given.batch(1, 5)).verdict == BatchVerdict::append);
    given.cloud_has(5);
    CHECK(given.decide(given.batch(6, 5)).verdict == BatchVerdict::append);
}

TEST_CASE("of rows that overlap what the cloud has only the new ones are taken", "[sync][hub]") {
    Case given;
    given.cloud_has(5);
    const auto decision = given.decide(given.batch(3, 6));
    CHECK(decision.verdict == BatchVerdict::append);
    CHECK(decision.skip == 3);  // 3, 4 and 5
}

TEST_CASE("rows the cloud has are acknowledged again, not stored again", "[sync][hub]") {
    Case given;
    given.cloud_has(5);
    CHECK(given.decide(given.batch(1, 5)).verdict == BatchVerdict::duplicate);
    CHECK(given.decide(given.batch(2, 2)).verdict == BatchVerdict::duplicate);
}

TEST_CASE("rows that leave others out are a gap", "[sync][hub]") {
    Case given;
    given.cloud_has(5);
    CHECK(given.decide(given.batch(7, 2)).verdict == BatchVerdict::gap);
}

TEST_CASE("rows of another history are never stored", "[sync][hub]") {
    Case given;
    given.cloud_has(5);
    Case other;
    other.ledger.restore(Seq{3});
    for (int row = 0; row < 7; ++row) other.ledger.append("another history");
    CHECK(given.decide(other.batch(6, 3)).verdict == BatchVerdict::fenced);
    CHECK(given.decide(other.batch(4, 4)).fence_reason == FenceReason::fork);
    CHECK(given.decide(other.batch(4, 2)).verdict == BatchVerdict::fenced);
}

TEST_CASE("a row changed on the way is found by the chain", "[sync][hub]") {
    Case given;
    auto batch = given.batch(1, 3);
    auto rows = *sync::wire::unpack_rows(batch.rows);
    rows[1].row.body = "other body";
    CHECK(decide_rows(given.cursor, batch, rows).verdict == BatchVerdict::malformed);
    rows.pop_back();
    CHECK(decide_rows(given.cursor, batch, rows).verdict == BatchVerdict::malformed);
}

TEST_CASE("another gateway and another epoch are fenced", "[sync][hub]") {
    Case given;
    auto batch = given.batch(1, 3);
    batch.instance.fill(9);
    CHECK(given.decide(batch).fence_reason == FenceReason::other_instance);
    batch = given.batch(1, 3);
    batch.epoch = 2;
    CHECK(given.decide(batch).fence_reason == FenceReason::other_epoch);
}

TEST_CASE("HELLO is welcome, or told why not", "[sync][hub]") {
    Case given;
    given.cloud_has(5);
    Hello hello;
    hello.instance = given.ledger.head().instance;
    hello.epoch = 1;
    hello.head_seq = Seq{10};
    hello.head_hash = given.ledger.head().hash;
    CHECK_FALSE(refuse_hello(given.cursor, hello));

    SECTION("from an older copy of the disk") {
        hello.head_seq = Seq{4};
        CHECK(refuse_hello(given.cursor, hello)->reason == FenceReason::fork);
    }
    SECTION("with another row at the same place") {
        hello.head_seq = Seq{5};
        CHECK(refuse_hello(given.cursor, hello)->reason == FenceReason::fork);
    }
    SECTION("from another gateway") {
        hello.instance.fill(9);
        CHECK(refuse_hello(given.cursor, hello)->reason == FenceReason::other_instance);
    }
    SECTION("from a closed branch") {
        hello.epoch = 2;
        CHECK(refuse_hello(given.cursor, hello)->reason == FenceReason::other_epoch);
    }
    SECTION("from a gateway that was never granted an epoch") {
        hello.epoch = 0;
        CHECK_FALSE(refuse_hello(given.cursor, hello));
    }
    SECTION("in a language the cloud does not speak") {
        hello.version_min = 2;
        hello.version_max = 3;
        CHECK(refuse_hello(given.cursor, hello)->reason == FenceReason::version);
    }
}

}  // namespace
}  // namespace lotgate::hub
