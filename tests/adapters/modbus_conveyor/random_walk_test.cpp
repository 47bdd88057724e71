// C12: however links fail and PLCs restart, the conveyor comes back by itself, writes nothing for a
// carton of before, and ends each accepted divert exactly once. A model keeps the books; a failing
// seed is in the message. LOTGATE_WALK_STEPS makes the walk longer.

#include "tests/adapters/modbus_conveyor/conveyor_line.hpp"

#include <cstdlib>
#include <random>
#include <set>

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;

namespace {

std::size_t steps_wanted() {
    const char* wanted = std::getenv("LOTGATE_WALK_STEPS");
    return wanted == nullptr ? 4000 : std::strtoul(wanted, nullptr, 10);
}

struct Walk {
    test::ConveyorLine line;
    std::mt19937 random;
    std::uint16_t sequence = 0;
    std::uint16_t oldest = 0;  ///< announced since the link came up or the PLC started; 0 = none
    std::map<std::int64_t, std::size_t> ends;  ///< of accepted diverts, by effect: final reports
    std::set<std::int64_t> accepted;
    std::size_t reports_seen = 0;
    std::size_t writes_seen = 0;
    std::map<std::uint16_t, std::uint16_t> lane_written;  ///< by sequence, since the PLC started

    explicit Walk(unsigned seed) : random(seed) {
        line.runs(100ms);
        look();
    }

    unsigned pick(unsigned count) { return static_cast<unsigned>(random() % count); }

    void carton() {
        ++sequence;
        if (oldest == 0) oldest = sequence;
        line.plc.carton(sequence);
    }

    void divert() {
        if (sequence == 0) return;
        const auto which =
            static_cast<std::uint16_t>(sequence - std::min<unsigned>(pick(3), sequence - 1U));
        DivertOrder order;
        order.effect_id = static_cast<std::int64_t>(accepted.size()) + 1;
        order.sequence = which;
        order.lane = static_cast<std::uint16_t>(1 + pick(3));
        const auto result = line.world.finish(line.conveyor->divert(order), 5s);
        REQUIRE(result);  // it always returns
        if (*result) accepted.insert(order.effect_id);
    }

    void confirm() {
        if (sequence > 0)
            line.plc.confirms(sequence,
                              static_cast<std::uint16_t>(1 + pick(5)),
                              static_cast<std::uint16_t>(1 + pick(3)));
    }

    void fail() {
        static const Fault faults[] = {{FaultCode::unavailable, "connection refused"},
                                       {FaultCode::timed_out, "no answer"},
                                       {FaultCode::corrupt, "garbage"},
                                       {FaultCode::closed, "half open"},
                                       {FaultCode::full, "busy (6)"},
                                       {FaultCode::invalid_input, "illegal data address (2)"}};
        line.plc.fault = faults[pick(6)];
    }

    void heal() {
        if (!line.plc.fault) return;
        line.plc.fault.reset();
        ++line.plc.link;
    }

    void restart_plc() {
        line.plc.registers.assign(line.plc.registers.size(), 0);
        line.plc.registers[7] = 2;
        sequence = 0;
        oldest = 0;
        lane_written.clear();
        ++line.plc.link;
        line.runs(200ms);  // seen: from here on its sequences mean something else
    }

    /// Nothing decided twice in two ways, nothing ended twice.
    void look() {
        for (; writes_seen < line.plc.writes.size(); ++writes_seen) {
            const auto& write = line.plc.writes[writes_seen];
            if (write.values.size() != 6) continue;
            const auto [known, is_new] = lane_written.emplace(write.values[5], write.values[3]);
            if (!is_new) CHECK(known->second == write.values[3]);
            CHECK(write.values[5] <= sequence);
        }
        for (; reports_seen < line.reports.size(); ++reports_seen) {
            const auto& report = line.reports[reports_seen];
            const bool is_end =
                report.state != DivertState::acknowledged && report.state != DivertState::unknown;
            if (report.effect_id != 0 && is_end) CHECK(++ends[report.effect_id] == 1);
        }
    }

    void step() {
        switch (pick(10)) {
            case 0:
            case 1:
                carton();
                break;
            case 2:
            case 3:
                divert();
                break;
            case 4:
                confirm();
                break;
            case 5:
                fail();
                break;
            case 6:
            case 7:
                heal();
                break;
            case 8:
                line.plc.acknowledges = pick(4) != 0;
                break;
            default:
                if (pick(10) == 0) restart_plc();
                break;
        }
        line.runs(std::chrono::milliseconds(10 * (1 + pick(6))));
        look();
    }
};

}  // namespace

TEST_CASE("[C12] after any walk through failures the conveyor works again by itself",
          "[conveyor][c12]") {
    const unsigned seed = GENERATE(1U, 2U, 3U, 4U);
    INFO("seed " << seed);
    Walk walk(seed);
    for (std::size_t step = 0; step < steps_wanted() / 4; ++step) {
        INFO("step " << step);
        walk.step();
        if (step % 100 != 99) continue;
        walk.heal();
        walk.line.plc.acknowledges = true;
        walk.line.runs(3s);
        REQUIRE(walk.line.conveyor->health().state == HealthState::ready);
        walk.carton();
        walk.line.runs(50ms);
        const auto written = walk.line.plc.decisions();
        walk.divert();
        walk.line.runs(1500ms);
        CHECK(walk.line.plc.decisions() >= written);
        walk.look();
    }
    walk.heal();
    walk.line.runs(70s);  // longer than any confirmation is waited for
    walk.look();
    std::set<std::int64_t> told;
    for (const auto& report : walk.line.reports)
        if (report.state != DivertState::acknowledged) told.insert(report.effect_id);
    for (const auto effect : walk.accepted) {
        INFO("divert " << effect);
        CHECK(told.count(effect) == 1);  // none is left without an end
    }
}
