#include "adapters/zpl_printer/replies.hpp"

#include <catch2/catch.hpp>

using namespace lotgate::adapters;

namespace {

const std::string ready =
    "\x02"
    "030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
    "\x02"
    "000,0,0,0,1,2,6,0,00000000,1,000\x03\r\n"
    "\x02"
    "1234,0\x03\r\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    return text;
}

std::optional<HostStatus> read(const std::string& bytes) {
    PrinterReplies replies;
    replies.feed(bytes);
    return replies.take_host_status();
}

}  // namespace

TEST_CASE("a printer that is ready says so", "[printer]") {
    const auto status = read(ready);
    REQUIRE(status);
    CHECK(status->hindrance().empty());
    CHECK(status->is_idle());
}

TEST_CASE("each fault of a printer is told with what to do", "[printer]") {
    struct Row {
        const char* from;
        const char* to;
        const char* hindrance;
        bool is_idle;
    };

    const auto row =
        GENERATE(Row{"030,0,0,", "030,1,0,", "out of labels: load a roll", true},
                 Row{"030,0,0,", "030,0,1,", "paused: press Pause on the printer", true},
                 Row{"000,0,0,0,1", "000,0,1,0,1", "head open: close it", true},
                 Row{"000,0,0,0,1", "000,0,0,1,1", "out of ribbon: load one", true},
                 Row{"000,0,0,0\x03", "000,0,0,1\x03", "head too hot: let it cool down", true},
                 Row{"1245,000,0,0,0",
                     "1245,000,0,1,0",
                     "printer is in its diagnostic mode: leave it at its panel",
                     true},
                 Row{"1245,000,0,0,0", "1245,001,0,0,0", "", false},
                 Row{"1245,000,0,0,0", "1245,000,0,0,1", "", false},
                 Row{"00000000,1", "00000003,1", "", false});
    INFO(row.to);
    const auto status = read(replaced(ready, row.from, row.to));
    REQUIRE(status);
    CHECK(status->hindrance() == row.hindrance);
    CHECK(status->is_idle() == row.is_idle);
}

TEST_CASE("a status is read however its bytes arrive", "[printer]") {
    PrinterReplies replies;
    std::optional<HostStatus> status;
    for (const char byte : ready) {
        replies.feed(std::string(1, byte));
        if (auto now = replies.take_host_status()) status = now;
    }
    REQUIRE(status);
    CHECK(status->is_idle());
}

TEST_CASE("a missing STX and other line ends are tolerated", "[printer]") {
    CHECK(
        read("030,0,0,1245,000,0,0,0,000,0,0,0\r\n000,0,0,0,1,2,6,0,00000000,1,000\r\n1234,0\r\n"));
    CHECK(
        read("\x02"
             "030,0,0,1245,000,0,0,0,000,0,0,0\x03"
             "\x02"
             "000,0,0,0,1,2,6,0,00000000,1,000\x03"));
    CHECK(read("1234,0\x03\r\n" + ready));  // the end of an earlier answer
}

TEST_CASE("what is not a status is silence, never ready", "[printer]") {
    const auto text = GENERATE_COPY(
        as<std::string>(),
        "",
        "\x02\x03\r\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        replaced(ready, "030,0,0,", "030,x,0,"),
        replaced(ready, "030,0,0,", "030,2,0,"),
        replaced(ready, "00000000,1", "0000000x,1"),
        replaced(ready, "000,0,0,0,1,2", "000,0,,0,1,2"),
        ready.substr(0, 40),
        replaced(ready, "030,0,0,1245,000,0,0,0,000,0,0,0", "030,0,0,1245,000,0,0,0,000,0,0"),
        std::string(10'000, ','),
        std::string("\0\0\0\n\n\n", 6));
    INFO(text);
    CHECK_FALSE(read(text));
}

TEST_CASE("a printer that talks nonsense for ever takes no memory", "[printer]") {
    PrinterReplies replies;
    for (int i = 0; i < 1000; ++i) replies.feed(std::string(1000, 'x'));
    CHECK(replies.unread_bytes() > 900'000);
    replies.feed("\n" + ready);
    CHECK(replies.take_host_status());
}

TEST_CASE("the error status names faults, and unknown ones stay faults", "[printer]") {
    struct Row {
        const char* errors;
        const char* hindrance;
    };

    const auto row =
        GENERATE(Row{"1 00000000 00000001", "out of labels: load a roll"},
                 Row{"1 00000000 00000002", "out of ribbon: load one"},
                 Row{"1 00000000 00000005", "head open: close it"},
                 Row{"1 00000000 00010000", "paused: press Pause on the printer"},
                 Row{"1 00000000 00000008", "printer reports an error: look at its panel"},
                 Row{"1 00000000 00000000", "printer reports an error: look at its panel"},
                 Row{"0 00000000 00000000", ""});
    INFO(row.errors);
    PrinterReplies replies;
    replies.feed(std::string("\x02\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         ") + row.errors +
                 "\r\n   WARNINGS:       0 00000000 00000000\r\n\x03\r\n");
    const auto status = replies.take_error_status();
    REQUIRE(status);
    CHECK(status->hindrance() == row.hindrance);
    CHECK_FALSE(status->is_idle());  // it knows nothing of the buffer
}

TEST_CASE("an error status that cannot be read is none", "[printer]") {
    PrinterReplies replies;
    replies.feed("\x02 ERRORS: 1 0000 00zz\r\n WARNINGS: 0 0 0\r\n\x03");
    CHECK_FALSE(replies.take_error_status());
}

TEST_CASE("a counter is a number in quotes, and a question mark is none", "[printer]") {
    PrinterReplies replies;
    replies.feed("1234,0\x03\r\n\"4711\"");
    const auto value = replies.take_value();
    REQUIRE(value);
    CHECK(counter_in(*value) == 4711);
    CHECK_FALSE(counter_in("?"));
    CHECK_FALSE(counter_in(""));
    CHECK_FALSE(counter_in("12 labels"));
    CHECK_FALSE(counter_in("99999999999999999999999"));
    CHECK_FALSE(replies.take_value());
}

TEST_CASE("what is sent is exactly one label, which the printer does not repeat by itself",
          "[printer]") {
    CHECK(*one_label("^XA^FO1,1^FDx^FS^XZ") == "^XA^JZN^FO1,1^FDx^FS^PQ1^XZ");
    CHECK(*one_label("\r\n^xa^JZN^FDx^FS^PQ1^xz\r\n") == "^xa^JZN^FDx^FS^PQ1^xz");
    for (const auto* text : {"", "^XA^FDx^FS", "^XA^XZ^XA^XZ", "^XZ^XA", "^XA~JA^XZ", "plain"}) {
        INFO(text);
        CHECK_FALSE(one_label(text));
    }
}
