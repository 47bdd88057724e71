#include "tests/adapters/modbus_conveyor/conveyor_line.hpp"
#include "tests/adapters/testcase_files.hpp"

#include <fmt/format.h>

using namespace lotgate;
using namespace std::chrono_literals;

namespace {

/// Plays cartons and decisions, and notes reports and health at each step of 10 ms.
struct Notes {
    test::ConveyorLine line;
    std::vector<std::string> lines;
    std::size_t reports = 0;
    std::size_t unread = 0;
    std::string health = "starting";
    std::chrono::milliseconds now{0};
    bool beats = true;

    void note(const std::string& what) {
        lines.push_back(fmt::format("{}ms {}", now.count(), what));
    }

    void look() {
        for (; reports < line.reports.size(); ++reports) {
            const auto& report = line.reports[reports];
            note(fmt::format("carton {} {} lane {}{}",
                             report.sequence,
                             name_of(report.state),
                             report.lane,
                             report.effect_id == 0 ? " undecided" : ""));
        }
        for (; unread < line.unread.size(); ++unread)
            note(fmt::format("carton {} unread", line.unread[unread].sequence));
        const auto state = line.conveyor->health();
        const auto text = fmt::format(
            "{}{}", name_of(state.state), state.because.empty() ? "" : ": " + state.because);
        if (text == health) return;
        health = text;
        note("health " + text);
    }

    void run_until(std::chrono::milliseconds when) {
        for (; now < when; now += 10ms) {
            if (beats && now % 500ms == 0ms) ++line.plc.registers[0];
            line.world.pass(10ms);
            look();
        }
    }

    void divert(std::uint16_t sequence, std::uint16_t lane) {
        const auto result = line.divert(sequence, lane);
        if (!result)
            note(fmt::format("carton {} not written: {}", sequence, result.error().detail()));
    }

    void obey(const std::vector<std::string>& words) {
        const auto number = [&](std::size_t at) {
            return static_cast<std::uint16_t>(std::stoi(words.at(at)));
        };
        auto& plc = line.plc;
        const auto text = fmt::format("{}", fmt::join(words, " "));
        if (words[0] == "carton") {
            plc.carton(number(1));
            plc.registers[4] = words.size() > 2 ? 0b11 : 0;
        } else if (words[0] == "divert") {
            divert(number(1), number(3));
        } else if (words[0] == "confirm") {
            plc.confirms(number(1), number(3), number(5));
        } else if (words[0] == "state") {
            plc.registers[7] = number(1);
        } else if (text == "link lost") {
            plc.fault = Fault(FaultCode::unavailable, "connection refused");
        } else if (text == "link back") {
            plc.fault.reset();
            ++plc.link;
        } else if (text == "plc stands") {
            beats = false;
        } else if (text == "plc restarts") {
            plc.registers.assign(plc.registers.size(), 0);
            plc.registers[7] = 2;
        } else if (text != "end") {
            FAIL("no such line in wire.txt: " << text);
        }
    }
};

}  // namespace

TEST_CASE("each case of a conveyor ends as its file says", "[conveyor]") {
    const auto cases = test::cases_below("modbus_conveyor");
    REQUIRE(cases.size() >= 4);
    for (const auto& folder : cases) {
        INFO(folder.filename().string());
        Notes notes;
        for (const auto& step : test::script_of(folder / "wire.txt")) {
            notes.run_until(step.at);
            notes.obey(step.words);
        }
        CHECK(test::joined(notes.lines) == test::joined(test::lines_of(folder / "expect.txt")));
    }
}
