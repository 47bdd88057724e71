#include "daemon/cli/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch.hpp>

#include <string>

using namespace lotgate::cli;

TEST_CASE("Scanned bytes cannot steer a terminal", "[cli]") {
    CHECK(printable("\x1b[2Jhi\x07") == "\\x1b[2Jhi\\x07");
    CHECK(printable("10L\x1d"
                    "21A\r\n") == "10L\\x1d21A\\x0d\\x0a");
    CHECK(printable("\x9b"
                    "31m") == "\\x9b31m");
    CHECK(printable("caf\xC3\xA9 \xE2\x9C\x93") == "caf\xC3\xA9 \xE2\x9C\x93");
}

TEST_CASE("Ages read like a clock", "[cli]") {
    CHECK(duration_text(0) == "0 s");
    CHECK(duration_text(59) == "59 s");
    CHECK(duration_text(60) == "1:00");
    CHECK(duration_text(761) == "12:41");
    CHECK(duration_text(15'000) == "4 h 10 min");
    CHECK(duration_text(273'600) == "3 d 4 h");
    CHECK(duration_text(-5) == "0 s");
    CHECK(ago_text("2026-11-22T09:41:05.000000Z", "2026-11-22T09:41:07.000000Z") == "2 s ago");
    CHECK(ago_text("", "2026-11-22T09:41:07.000000Z") == "never");
}

TEST_CASE("Numbers are grouped by thousands", "[cli]") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1204) == "1,204");
    CHECK(grouped(48'221'000) == "48,221,000");
    CHECK(grouped(-1204) == "-1,204");
}

TEST_CASE("Members that are absent are empty, not errors", "[cli]") {
    const auto root = boost::json::parse(R"({"a":{"b":7,"c":null,"d":"x"},"l":[1,2]})");
    CHECK(text_at(root, {"a", "b"}) == "7");
    CHECK(text_at(root, {"a", "c"}).empty());
    CHECK(text_at(root, {"a", "b", "c"}).empty());
    CHECK(number_at(root, {"a", "d"}) == 0);
    CHECK(items_at(root, {"l"}).size() == 2);
    CHECK(items_at(root, {"a"}).empty());
    CHECK(counts_text(boost::json::parse(R"({"X":1,"Y":2000,"Z":"no"})"), {}) == "Y 2,000, X 1");
}

TEST_CASE("Columns stand under each other, also with letters beyond ASCII", "[cli]") {
    Table table({"A", "NAME"});
    table.add({"caf\xC3\xA9", "x"});
    table.add({"longer", ""});
    CHECK(table.text() ==
          "A       NAME\n"
          "caf\xC3\xA9    x\n"
          "longer\n");
}
