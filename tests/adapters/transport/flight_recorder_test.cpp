#include "adapters/transport/flight_recorder.hpp"

#include <catch2/catch.hpp>

namespace lotgate::adapters {

TEST_CASE("the flight recorder keeps the newest bytes within its limit", "[adapters][recorder]") {
    FlightRecorder recorder(1000);
    for (int i = 0; i < 100; ++i) {
        recorder.note(Instant{i}, WireWay::in, std::string(100, static_cast<char>('A' + i % 26)));
    }
    const auto records = recorder.records();
    REQUIRE_FALSE(records.empty());
    CHECK(records.back().at == Instant{99});
    CHECK(records.size() <= 1000 / 164 + 1);
    CHECK(records.front().at > Instant{90});
    REQUIRE(recorder.records(2).size() == 2);
    CHECK(recorder.records(2).front().at == Instant{98});
    CHECK(recorder.records(0).empty());
}

TEST_CASE("one huge burst cannot fill the flight recorder alone", "[adapters][recorder]") {
    FlightRecorder recorder(1000);
    recorder.note(Instant{1}, WireWay::event, "opened");
    recorder.note(Instant{2}, WireWay::in, std::string(1'000'000, 'x'));
    CHECK(recorder.records().back().bytes.size() == 500);
}

TEST_CASE("what a device sent is shown without harm", "[adapters][recorder]") {
    CHECK(escaped("]C1A\x1D\r\n\x1b[31m\\<b>\xff") == "]C1A\\x1d\\r\\n\\x1b[31m\\\\<b>\\xff");
    FlightRecorder recorder;
    recorder.note(Instant{0}, WireWay::in, "A\n2026-01-01 forged line");
    recorder.note(Instant{0}, WireWay::out, "OK");
    CHECK(recorder.text() ==
          "1970-01-01T00:00:00.000000Z <- A\\n2026-01-01 forged line\n"
          "1970-01-01T00:00:00.000000Z -> OK\n");
}

TEST_CASE("a traced wire is told line by line, for its time and no longer",
          "[adapters][recorder]") {
    FlightRecorder recorder;
    std::vector<std::string> told;
    recorder.note(Instant{1}, WireWay::in, "BEFORE");
    recorder.trace(Instant{100}, [&](const std::string& line) { told.push_back(line); });
    recorder.note(Instant{2}, WireWay::in, "A\r");
    recorder.note(Instant{99}, WireWay::out, "OK");
    CHECK(recorder.is_traced(Instant{99}));
    recorder.note(Instant{100}, WireWay::in, "LATE");
    CHECK(told == std::vector<std::string>{"<- A\\r", "-> OK"});
    recorder.trace(Instant{1000}, {});
    recorder.note(Instant{101}, WireWay::in, "ENDED");
    CHECK(told.size() == 2);
}

TEST_CASE("a flood cannot fill the log through a traced wire", "[adapters][recorder]") {
    FlightRecorder recorder;
    std::size_t lines = 0;
    recorder.trace(Instant{100}, [&](const std::string&) { ++lines; });
    for (std::size_t i = 0; i < FlightRecorder::trace_lines_max + 10; ++i) {
        recorder.note(Instant{1}, WireWay::in, "x");
    }
    CHECK(lines == FlightRecorder::trace_lines_max);
    CHECK_FALSE(recorder.is_traced(Instant{1}));
}

}  // namespace lotgate::adapters
