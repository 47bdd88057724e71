#include "adapters/transport/frame.hpp"

#include "tests/kit/settings_text.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace lotgate::adapters {

namespace {

using Frames = std::vector<std::string>;

FrameConfig stx_etx() {
    FrameConfig config;
    config.shape = FrameConfig::Shape::start_end;
    config.start = "\x02";
    config.end = "\x03";
    return config;
}

FrameConfig ended_by(std::string end) {
    FrameConfig config;
    config.end = std::move(end);
    return config;
}

FrameConfig by_silence() {
    FrameConfig config;
    config.shape = FrameConfig::Shape::silence;
    return config;
}

}  // namespace

TEST_CASE("a frame is found however its bytes arrive", "[adapters][frame]") {
    struct Row {
        const char* what;
        FrameConfig config;
        std::string bytes;
        Frames frames;
    };

    const std::string gs1 =
        "]d20109506000134352"
        "10L-88\x1D"
        "21A";
    const Row rows[] = {
        {"CR", {}, gs1 + "\r", {gs1}},
        {"LF", {}, gs1 + "\n", {gs1}},
        {"CR LF", {}, gs1 + "\r\n" + gs1 + "\r\n", {gs1, gs1}},
        {"empty lines", {}, "\r\n\r\n\nA\r\r", {"A"}},
        {"CR LF only", ended_by("\r\n"), "A\rB\r\nC\nD\r\n", {"A\rB", "C\nD"}},
        {"a word", ended_by("END"), "AENDBENENDEND", {"A", "BEN"}},
        {"STX ETX", stx_etx(), "\x02" + gs1 + "\x03\r\n", {gs1}},
        {"STX ETX with CR inside",
         stx_etx(),
         "\x02"
         "A\rB\x03",
         {"A\rB"}},
        {"an empty read", stx_etx(), "\x02\x03", {""}},
        {"noise around",
         stx_etx(),
         "junk\x02"
         "A\x03"
         "junk\x02"
         "B\x03",
         {"A", "B"}},
        {"a second start",
         stx_etx(),
         "\x02"
         "HALF\x02"
         "A\x03",
         {"A"}},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        FrameCutter whole(row.config);
        CHECK(whole.feed(row.bytes) == row.frames);
        FrameCutter split(row.config);
        Frames found;
        for (const char byte : row.bytes) {
            for (std::string& frame : split.feed(std::string(1, byte))) {
                found.push_back(std::move(frame));
            }
        }
        CHECK(found == row.frames);
        CHECK(split.drops().frames() == whole.drops().frames());
        CHECK(split.drops().noise_bytes == whole.drops().noise_bytes);
    }
}

TEST_CASE("a frame without an end is ended by silence where so configured", "[adapters][frame]") {
    FrameCutter cutter(by_silence());
    CHECK(cutter.feed("]C1").empty());
    CHECK(cutter.is_inside());
    CHECK(cutter.feed("ABC").empty());
    CHECK(cutter.silent() == Frames{"]C1ABC"});
    CHECK(cutter.silent().empty());
    CHECK_FALSE(cutter.is_inside());
}

TEST_CASE("an unfinished frame is dropped by silence, and its tail with it", "[adapters][frame]") {
    FrameCutter cutter({});
    CHECK(cutter.feed("]C1AB").empty());
    CHECK(cutter.silent().empty());
    CHECK(cutter.drops().unfinished == 1);
    CHECK(cutter.feed("CD\r").empty());
    CHECK(cutter.drops().headless == 1);
    CHECK(cutter.feed("]C1NEW\r") == Frames{"]C1NEW"});
}

TEST_CASE("after two silences a frame is a new one", "[adapters][frame]") {
    FrameCutter cutter({});
    (void)cutter.feed("]C1AB");
    (void)cutter.silent();
    CHECK(cutter.is_inside());
    (void)cutter.silent();
    CHECK_FALSE(cutter.is_inside());
    CHECK(cutter.feed("]C1NEW\r") == Frames{"]C1NEW"});
    CHECK(cutter.drops().frames() == 1);
}

TEST_CASE("a frame that never ends costs no more memory than its limit", "[adapters][frame]") {
    FrameConfig config = stx_etx();
    config.frame_bytes_max = 32;
    FrameCutter cutter(config);
    (void)cutter.feed("\x02");
    for (int i = 0; i < 1000; ++i) CHECK(cutter.feed(std::string(100, 'x')).empty());
    CHECK(cutter.unfinished_bytes() < 200);
    CHECK(cutter.drops().too_long == 1);
    CHECK(cutter.feed("\x03\x02"
                      "A\x03") == Frames{"A"});
}

TEST_CASE("the longest frame allowed is taken and one byte more is not", "[adapters][frame]") {
    FrameConfig config;
    config.frame_bytes_max = 16;
    const std::string fits(16, 'x');
    CHECK(FrameCutter(config).feed(fits + "\r") == Frames{fits});
    FrameCutter cutter(config);
    CHECK(cutter.feed(fits + "x\r").empty());
    CHECK(cutter.drops().too_long == 1);
}

TEST_CASE("noise of any kind never ends in a frame that was not sent", "[adapters][frame]") {
    // Without start and end bytes in the noise there is no frame in it.
    std::minstd_rand engine(7);
    FrameCutter cutter(stx_etx());
    for (int i = 0; i < 10'000; ++i) {
        char byte = static_cast<char>(engine() % 256);
        if (byte == '\x02' || byte == '\x03') byte = 'x';
        CHECK(cutter.feed(std::string(1, byte)).empty());
    }
    CHECK(cutter.drops().noise_bytes > 9'000);
    CHECK(cutter.feed("\x02"
                      "A\x03") == Frames{"A"});
}

TEST_CASE("frame settings are checked with all their problems at once", "[adapters][frame]") {
    kit::SettingsText good("framing = \"custom\"\nframe_start = '\\x02'\nframe_end = '\\r\\n'\n");
    SettingsTable table = good.table();
    const FrameConfig config = parse_frame(table);
    table.no_other_keys();
    CHECK(good.complaints().empty());
    CHECK(config.start == "\x02");
    CHECK(config.end == "\r\n");

    kit::SettingsText bad(
        "framing = \"custom\"\nframe_start = '\\q'\nframe_end = '\\x1D'\nidle_gap = \"2min\"\n"
        "frame_bytes_max = 3\n");
    SettingsTable wrong = bad.table();
    (void)parse_frame(wrong);
    CHECK(bad.problems().size() == 4);
}

}  // namespace lotgate::adapters
