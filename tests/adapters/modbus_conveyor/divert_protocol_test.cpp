#include "adapters/modbus_conveyor/divert_protocol.hpp"

#include <catch2/catch.hpp>

using namespace lotgate::adapters;
using lotgate::FaultCode;
using namespace std::chrono_literals;

namespace {

DecisionPoint::Traits our_contract() {
    DecisionPoint::Traits traits;
    traits.times.repeat_after = 50ms;
    traits.times.acknowledge_within = 1s;
    traits.times.confirm_within = 60s;
    traits.times.overtaken_within = 5s;
    traits.times.unread_after = 60ms;
    return traits;
}

/// A PLC's registers, changed by the test as the belt would.
struct Belt {
    Belt() {
        reading.heartbeat = 100;
        reading.acknowledged = 0;
        reading.confirmed = 0;
        reading.state = 2;
    }

    Belt& carton(std::uint16_t sequence) {
        reading.sequence = sequence;
        reading.tracking_id = 7000U + sequence;
        reading.is_no_read = false;
        return *this;
    }

    Belt& acknowledges(std::uint16_t sequence) {
        reading.acknowledged = sequence;
        return *this;
    }

    Belt& confirms(std::uint16_t sequence, std::uint16_t result, std::uint16_t lane) {
        reading.confirmed = sequence;
        reading.confirm_result = result;
        reading.confirmed_lane = lane;
        return *this;
    }

    PointReading reading;
};

DivertOrder lane_for(std::uint16_t sequence, std::uint16_t lane) {
    DivertOrder order;
    order.effect_id = 1000 + sequence;
    order.sequence = sequence;
    order.tracking_id = 7000U + sequence;
    order.lane = lane;
    return order;
}

/// A point with carton `sequence` announced and decided for lane 2, written at 1 s.
DecisionPoint decided(Belt& belt, std::uint16_t sequence) {
    DecisionPoint point(our_contract());
    static_cast<void>(point.saw(belt.carton(sequence).reading, 1s));
    REQUIRE(point.accept(lane_for(sequence, 2), 1s));
    point.written(sequence, 1s);
    return point;
}

}  // namespace

TEST_CASE("a divert is acknowledged and then confirmed by the lane's photo-eye", "[divert]") {
    Belt belt;
    DecisionPoint point(our_contract());
    static_cast<void>(point.saw(belt.carton(7).reading, 1s));
    REQUIRE(point.accept(lane_for(7, 2), 1s));

    const auto due = point.to_write(1s);
    REQUIRE(due);
    CHECK(due->lane == 2);
    CHECK(due->tracking_id == 7007);
    point.written(7, 1s);

    const auto acknowledged = point.saw(belt.acknowledges(7).reading, 1020ms);
    REQUIRE(acknowledged.reports.size() == 1);
    CHECK(acknowledged.reports[0].state == DivertState::acknowledged);
    CHECK_FALSE(point.to_write(5s));

    const auto confirmed = point.saw(belt.confirms(7, 1, 2).reading, 3s);
    REQUIRE(confirmed.reports.size() == 1);
    CHECK(confirmed.reports[0].state == DivertState::confirmed);
    CHECK(confirmed.reports[0].effect_id == 1007);
    CHECK(confirmed.reports[0].lane == 2);
    CHECK(point.open() == 0);
}

TEST_CASE("what the PLC says of a carton is what is reported", "[divert]") {
    struct Row {
        const char* what;
        std::uint16_t result;
        std::uint16_t lane;
        DivertState state;
    };

    const auto row = GENERATE(Row{"in its lane", 1, 2, DivertState::confirmed},
                              Row{"in another lane", 1, 3, DivertState::missed},
                              Row{"missed", 2, 0, DivertState::missed},
                              Row{"lane full", 3, 9, DivertState::lane_full},
                              Row{"no decision in time", 4, 9, DivertState::late},
                              Row{"rejected", 5, 9, DivertState::rejected},
                              Row{"a code nobody defined", 77, 9, DivertState::unknown});
    INFO(row.what);
    Belt belt;
    auto point = decided(belt, 7);

    const auto told = point.saw(belt.confirms(7, row.result, row.lane).reading, 2s);
    REQUIRE(told.reports.size() == 1);
    CHECK(told.reports[0].state == row.state);
    CHECK(told.reports[0].lane == row.lane);
    CHECK(told.reports[0].effect_id == 1007);
}

TEST_CASE("a decision is repeated until it is acknowledged, and not for ever", "[divert]") {
    Belt belt;
    auto point = decided(belt, 7);

    CHECK_FALSE(point.to_write(1049ms));
    REQUIRE(point.to_write(1050ms));
    point.written(7, 1050ms);
    CHECK_FALSE(point.to_write(1099ms));
    CHECK(point.to_write(1100ms));

    static_cast<void>(point.saw(belt.reading, 2000ms));  // a second after it was first written
    CHECK_FALSE(point.to_write(2100ms));
    CHECK(point.open() == 1);  // the PLC may still say where the carton went
}

TEST_CASE("the next decision waits until the PLC has taken the one before", "[divert]") {
    Belt belt;
    auto point = decided(belt, 7);
    static_cast<void>(point.saw(belt.carton(8).reading, 1010ms));
    REQUIRE(point.accept(lane_for(8, 3), 1010ms));

    CHECK_FALSE(point.to_write(1010ms));
    static_cast<void>(point.saw(belt.acknowledges(7).reading, 1020ms));
    REQUIRE(point.to_write(1020ms));
    CHECK(point.to_write(1020ms)->sequence == 8);
}

TEST_CASE("a carton that nobody decided is reported late", "[divert]") {
    Belt belt;
    DecisionPoint point(our_contract());
    static_cast<void>(point.saw(belt.carton(7).reading, 1s));

    const auto told = point.saw(belt.confirms(7, 4, 9).reading, 2s);
    REQUIRE(told.reports.size() == 1);
    CHECK(told.reports[0].state == DivertState::late);
    CHECK(told.reports[0].effect_id == 0);
    CHECK(told.reports[0].sequence == 7);
    CHECK(told.reports[0].tracking_id == 7007);
    CHECK(told.reports[0].lane == 9);
}

TEST_CASE("a decision for a carton that has gone its way is late, and only that", "[divert]") {
    Belt belt;
    DecisionPoint point(our_contract());
    static_cast<void>(point.saw(belt.carton(7).reading, 1s));
    static_cast<void>(point.saw(belt.confirms(7, 4, 9).reading, 2s));

    REQUIRE(point.has_passed(7));
    CHECK_FALSE(point.has_passed(8));
    const auto told = point.too_late(lane_for(7, 2));
    REQUIRE(told.reports.size() == 1);
    CHECK(told.reports[0].state == DivertState::late);
    CHECK(told.reports[0].effect_id == 1007);
    CHECK(told.reports[0].lane == 9);
    CHECK_FALSE(point.to_write(3s));

    SECTION("a PLC that was restarted announces 7 again") {
        belt.confirms(0, 0, 0).reading.heartbeat = 1;
        CHECK(point.saw(belt.carton(3).reading, 3s).has_restarted);
        CHECK_FALSE(point.has_passed(7));
    }
}

TEST_CASE("what was confirmed before the gateway came is not reported again", "[divert]") {
    Belt belt;
    DecisionPoint point(our_contract());
    CHECK(point.saw(belt.carton(7).confirms(6, 1, 2).reading, 1s).reports.empty());
}

TEST_CASE("open diverts are unknown when the link goes, and are never written again", "[divert]") {
    Belt belt;
    auto point = decided(belt, 7);

    const auto told = point.link_lost();
    REQUIRE(told.reports.size() == 1);
    CHECK(told.reports[0].state == DivertState::unknown);
    CHECK(told.reports[0].effect_id == 1007);
    CHECK_FALSE(point.to_write(2s));

    static_cast<void>(point.saw(belt.reading, 3s));
    CHECK_FALSE(point.to_write(3s));
}

TEST_CASE("the truth is still reported when it comes after the link came back", "[divert]") {
    Belt belt;
    auto point = decided(belt, 7);
    static_cast<void>(point.link_lost());

    const auto told = point.saw(belt.acknowledges(7).confirms(7, 1, 2).reading, 3s);
    REQUIRE(told.reports.size() == 1);
    CHECK(told.reports[0].state == DivertState::confirmed);
    CHECK(told.reports[0].effect_id == 1007);
}

TEST_CASE("a carton announced before the link was made anew is not decided after it", "[divert]") {
    Belt belt;
    DecisionPoint point(our_contract());
    static_cast<void>(point.saw(belt.carton(7).reading, 1s));
    static_cast<void>(point.link_lost());
    CHECK(point.accept(lane_for(7, 2), 1s).error().code() == FaultCode::unavailable);

    static_cast<void>(point.saw(belt.carton(9).reading, 2s));
    CHECK(point.accept(lane_for(7, 2), 2s).error().code() == FaultCode::closed);
    CHECK(point.accept(lane_for(9, 2), 2s));
}

TEST_CASE("a carton is decided once", "[divert]") {
    Belt belt;
    auto point = decided(belt, 7);
    CHECK(point.accept(lane_for(7, 3), 2s).error().code() == FaultCode::conflict);

    // decided by the gateway before it was restarted: the PLC has it already
    DecisionPoint fresh(our_contract());
    static_cast<void>(fresh.saw(belt.acknowledges(7).reading, 3s));
    CHECK(fresh.accept(lane_for(7, 3), 3s).error().code() == FaultCode::conflict);
}

TEST_CASE("a PLC that was restarted is noticed, and what was open is unknown", "[divert]") {
    struct Row {
        const char* what;
        std::uint16_t sequence;
        std::uint16_t heartbeat;
        Tick after;
        bool is_restart;
    };

    // before: carton 500, heartbeat 100
    const auto row = GENERATE(Row{"goes on", 501, 101, 500ms, false},
                              Row{"link was away for half a minute", 530, 160, 30s, false},
                              Row{"sequence gone back", 3, 101, 500ms, true},
                              Row{"sequence gone", 0, 101, 500ms, true},
                              Row{"heartbeat gone back", 500, 1, 500ms, true},
                              Row{"heartbeat far ahead", 500, 9000, 500ms, true});
    INFO(row.what);
    Belt belt;
    auto point = decided(belt, 500);

    belt.carton(row.sequence);
    belt.reading.heartbeat = row.heartbeat;
    const auto told = point.saw(belt.reading, 1s + row.after);
    CHECK(told.has_restarted == row.is_restart);
    CHECK(told.reports.size() == (row.is_restart ? 1 : 0));
    CHECK(point.open() == (row.is_restart ? 0 : 1));
}

TEST_CASE("after 65535 comes 1, and it is no restart", "[divert]") {
    Belt belt;
    auto point = decided(belt, 65535);
    static_cast<void>(point.saw(belt.acknowledges(65535).reading, 1010ms));

    const auto told = point.saw(belt.carton(1).reading, 1500ms);
    CHECK_FALSE(told.has_restarted);
    CHECK(told.announced == 1);
    REQUIRE(point.accept(lane_for(1, 3), 1500ms));
    CHECK(point.accept(lane_for(0, 3), 1500ms).error().code() == FaultCode::closed);
}

TEST_CASE("a confirmation that was lost between two looks ends as unknown", "[divert]") {
    Belt belt;
    auto point = decided(belt, 7);
    static_cast<void>(point.saw(belt.acknowledges(7).carton(8).reading, 1020ms));
    REQUIRE(point.accept(lane_for(8, 3), 1020ms));
    point.written(8, 1020ms);
    static_cast<void>(point.saw(belt.acknowledges(8).reading, 1040ms));

    // the PLC keeps the last confirmation only: 8 is there, 7 may have been before it
    const auto told = point.saw(belt.confirms(8, 1, 3).reading, 2s);
    CHECK(told.overtaken == 1);
    REQUIRE(told.reports.size() == 1);
    CHECK(told.reports[0].sequence == 8);

    CHECK(point.passed(6999ms).reports.empty());
    const auto later = point.passed(7s);
    REQUIRE(later.reports.size() == 1);
    CHECK(later.reports[0].sequence == 7);
    CHECK(later.reports[0].state == DivertState::unknown);
}

TEST_CASE("a carton with the longer way is confirmed after a later one", "[divert]") {
    Belt belt;
    auto point = decided(belt, 7);
    static_cast<void>(point.saw(belt.acknowledges(7).carton(8).reading, 1020ms));
    REQUIRE(point.accept(lane_for(8, 3), 1020ms));
    point.written(8, 1020ms);
    static_cast<void>(point.saw(belt.acknowledges(8).confirms(8, 1, 3).reading, 2s));

    const auto told = point.saw(belt.confirms(7, 1, 2).reading, 4s);
    REQUIRE(told.reports.size() == 1);
    CHECK(told.reports[0].state == DivertState::confirmed);
    CHECK(told.reports[0].sequence == 7);
    CHECK(point.open() == 0);
}

TEST_CASE("a divert that is never confirmed ends as unknown", "[divert]") {
    Belt belt;
    auto point = decided(belt, 7);
    static_cast<void>(point.saw(belt.acknowledges(7).reading, 1020ms));

    CHECK(point.passed(60'999ms).reports.empty());
    const auto told = point.passed(61s);
    REQUIRE(told.reports.size() == 1);
    CHECK(told.reports[0].state == DivertState::unknown);
}

TEST_CASE("a carton that the PLC could not read and nobody scanned is told once", "[divert]") {
    Belt belt;
    DecisionPoint point(our_contract());
    belt.carton(7).reading.is_no_read = true;

    CHECK(point.saw(belt.reading, 1s).unread.empty());  // a scan may be on its way
    CHECK(point.passed(1059ms).unread.empty());
    const auto told = point.saw(belt.reading, 1060ms);
    REQUIRE(told.unread.size() == 1);
    CHECK(told.unread[0].sequence == 7);
    CHECK(told.unread[0].is_no_read);
    CHECK(point.saw(belt.reading, 2s).unread.empty());
}

TEST_CASE("a no-read that a scanner has taken up is not told twice", "[divert]") {
    Belt belt;
    DecisionPoint point(our_contract());
    belt.carton(7).reading.is_no_read = true;
    static_cast<void>(point.saw(belt.reading, 1s));
    point.asked(7);
    CHECK(point.saw(belt.reading, 2s).unread.empty());
}

TEST_CASE("an unread carton is told also when the next one follows at once", "[divert]") {
    Belt belt;
    DecisionPoint point(our_contract());
    belt.carton(7).reading.is_no_read = true;
    static_cast<void>(point.saw(belt.reading, 1s));

    const auto told = point.saw(belt.carton(8).reading, 1020ms);
    REQUIRE(told.unread.size() == 1);
    CHECK(told.unread[0].sequence == 7);
}

TEST_CASE("a PLC without confirmations is done with a divert when it has acknowledged",
          "[divert]") {
    auto traits = our_contract();
    traits.confirms = false;
    DecisionPoint point(traits);
    Belt belt;
    belt.reading.confirmed.reset();
    static_cast<void>(point.saw(belt.carton(7).reading, 1s));
    REQUIRE(point.accept(lane_for(7, 2), 1s));
    point.written(7, 1s);
    CHECK(point.saw(belt.acknowledges(7).reading, 2s).reports.size() == 1);
    CHECK(point.open() == 0);
}
