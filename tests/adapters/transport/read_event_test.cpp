#include "adapters/transport/read_event.hpp"

#include "adapters/transport/scanner_profile.hpp"
#include "tests/kit/settings_text.hpp"

#include <catch2/catch.hpp>

namespace lotgate::adapters {

using namespace std::chrono_literals;

namespace {

ReadEvent read_of(std::vector<std::string> codes, std::int64_t at_us) {
    ReadEvent read;
    read.codes = std::move(codes);
    read.received = Instant{at_us};
    return read;
}

std::string complaints_about(const std::string& settings) {
    kit::SettingsText text(settings);
    SettingsTable table = text.table();
    (void)parse_read_event(table, ScannerProfile());
    table.no_other_keys();
    return text.complaints();
}

}  // namespace

TEST_CASE("a window's codes are one event, each code once, as old as the first", "[scanner]") {
    ReadEventConfig config;
    config.window = 500ms;
    ReadWindow window(config);
    window.open(1s, true);
    CHECK(window.is_announced());
    CHECK(window.left(1s) == 500ms);
    CHECK(window.left(1s + 499'999'999ns) == 1ms);
    CHECK(window.left(3s) == 0ms);
    window.add(read_of({"A"}, 7));
    window.add(read_of({"B", "A"}, 9));
    const ReadEvent event = window.take(Instant{20});
    CHECK(event.codes == std::vector<std::string>{"A", "B"});
    CHECK(event.received.us == 7);
    CHECK_FALSE(window.is_open());
    window.open(4s, false);
    CHECK_FALSE(window.has_codes());
    CHECK(window.take(Instant{30}).received.us == 30);
}

TEST_CASE("a window never holds more codes than it has room for", "[scanner]") {
    ReadEventConfig config;
    ReadWindow window(config);
    window.open(0s, false);
    for (int i = 0; i < 63; ++i) window.add(read_of({std::to_string(i)}, 1));
    CHECK_FALSE(window.is_complete());
    window.add(read_of({"63"}, 1));
    CHECK(window.is_complete());
}

TEST_CASE("window settings that would do nothing are told", "[scanner][settings]") {
    CHECK(complaints_about("reads = \"window\"\nread_window = \"200ms\"\ncodes_expected = 2\n") ==
          "");
    CHECK(complaints_about("triggered_by = \"gateway\"\nread_window = \"200ms\"\n"
                           "trigger_on = '\\x16T\\r'\n") == "");
    CHECK(complaints_about("read_window = \"200ms\"\n") != "");
    CHECK(complaints_about("codes_expected = 2\n") != "");
    CHECK(complaints_about("triggered_by = \"gateway\"\ntrigger_on = '\\q'\n") != "");
    CHECK(complaints_about("reads = \"all\"\n") != "");
}

TEST_CASE("each maker's trigger words open and close the gate", "[scanner][settings]") {
    const auto words = [](const std::string& profile) {
        kit::SettingsText text("profile = \"" + profile + "\"\n");
        SettingsTable table = text.table();
        const ReadEventConfig config = parse_read_event(table, parse_profile(table));
        CHECK(text.complaints() == "");
        return config.trigger_on + config.trigger_off;
    };
    CHECK(words("cognex") == "||>trigger on\r\n||>trigger off\r\n");
    CHECK(words("sick") == "\x02sMN mTCgateon\x03\x02sMN mTCgateoff\x03");
    CHECK(words("keyence") == "LON\rLOFF\r");
    CHECK(words("honeywell") == "\x16T\r\x16U\r");
    CHECK(words("datalogic") == "");
    CHECK(words("zebra") == "");
}

}  // namespace lotgate::adapters
