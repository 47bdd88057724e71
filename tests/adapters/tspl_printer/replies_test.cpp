#include "adapters/tspl_printer/replies.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace lotgate;
using namespace lotgate::adapters;

namespace {

std::string answer(const std::string& four) {
    return "\x02" + four + "\x03\r\n";
}

constexpr const char* label_text =
    "SIZE 50 mm,25 mm\r\nCLS\r\nTEXT 20,20,\"2\",0,1,1,\"L-88\"\r\nPRINT 1\r\n";

}  // namespace

TEST_CASE("each status byte of a TSPL printer says what a person can do", "[printer]") {
    struct Row {
        const char* four;
        const char* hindrance;
        bool is_idle;
    };

    const auto row =
        GENERATE(Row{"@@@@", "", true},
                 Row{"P@@@", "", false},
                 Row{"W@@@", "", false},
                 Row{"F@@@", "", false},
                 Row{"B@@@", "", false},
                 Row{"C@@@", "", false},
                 Row{"L@@@", "", true},
                 Row{"`@@@", "paused: press Pause on the printer", true},
                 Row{"K@@@", "printer reports an error: look at its panel", true},
                 Row{"E@@A", "out of labels: load a roll", true},
                 Row{"E@@D", "out of ribbon: load one", true},
                 Row{"E@@`", "head open: close it", true},
                 Row{"E@@a", "head open: close it", true},
                 Row{"E@@B", "labels or ribbon are jammed: open it and clear them", true},
                 Row{"E@@H", "labels or ribbon are jammed: open it and clear them", true},
                 Row{"E@H@", "labels or ribbon are jammed: open it and clear them", true},
                 Row{"E@A@", "head too hot: let it cool down", true},
                 Row{"E@B@", "head too hot: let it cool down", true},
                 Row{"E@P@", "printer reports an error: look at its panel", true},
                 Row{"E@D@", "printer reports an error: look at its panel", true},
                 Row{"E@@@", "printer reports an error: look at its panel", true},
                 Row{"@@@P", "printer reports an error: look at its panel", true},
                 Row{"@H@@", "", false});
    INFO(row.four);
    const auto status = tspl_status(row.four);
    REQUIRE(status);
    CHECK(status->hindrance() == row.hindrance);
    CHECK(status->is_idle() == row.is_idle);
    TsplReplies replies;
    replies.feed(answer(row.four));
    CHECK(replies.take_status() == status);
    CHECK_FALSE(replies.take_status());
}

TEST_CASE("what is no TSPL status is silence", "[printer]") {
    const auto* four = GENERATE("Z@@@", "@ @@", "@@\x01@", "@@@\xff", "", "@@@");
    INFO(four);
    TsplReplies replies;
    replies.feed(answer(four));
    CHECK_FALSE(replies.take_status());
}

TEST_CASE("a status is found between other bytes, split anywhere", "[printer]") {
    const std::string bytes = "noise\x02" + answer("P@@@") + "more";
    TsplReplies replies;
    for (const char byte : bytes) replies.feed(std::string(1, byte));
    const auto status = replies.take_status();
    REQUIRE(status);
    CHECK(status->is_working);
}

TEST_CASE("the label counter is read from the answer of OUT", "[printer]") {
    TsplReplies replies;
    replies.feed("LOTGATE-LABELS 10");
    CHECK_FALSE(replies.take_counter());
    replies.feed("42\r\n" + answer("@@@@"));
    const auto counter = replies.take_counter();
    REQUIRE(counter);
    CHECK(counter->value == 1042U);
    CHECK(replies.take_status());

    replies.feed("LOTGATE-LABELS @LABEL\r\n");
    const auto unknown = replies.take_counter();
    REQUIRE(unknown);
    CHECK_FALSE(unknown->value);
}

TEST_CASE("a TSPL label is sent so that the printer cannot print it again by itself", "[printer]") {
    const auto label = one_tspl_label(label_text);
    REQUIRE(label);
    CHECK(*label == std::string("SET REPRINT OFF\r\n") + label_text);
    CHECK(*one_tspl_label(*label) == *label);
}

TEST_CASE("what is more or less than one TSPL label is refused", "[printer]") {
    const std::string text = label_text;
    const std::string bad = GENERATE_COPY(text + text,
                                          std::string("CLS\r\n"),
                                          std::string("CLS\r\nPRINT 2\r\n"),
                                          std::string("CLS\r\nPRINT 1,3\r\n"),
                                          "DOWNLOAD \"A.BAS\"\r\n" + text,
                                          "KILL \"*\"\r\n" + text,
                                          "SELFTEST\r\n" + text,
                                          text + "FEED 10\r\n",
                                          "\x1b!R" + text,
                                          "TEXT 1,1,\"2\",0,1,1,\"a\x03\"\r\n" + text);
    INFO(bad);
    const auto label = one_tspl_label(bad);
    REQUIRE_FALSE(label);
    CHECK(label.error().code() == FaultCode::invalid_input);
}
