// What may and must stand together on one item.

#include "tests/adapters/barcode/spoken.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lotgate::barcode;

TEST_CASE("the same identifier twice must say the same", "[barcode][pairing]") {
    CHECK(verdict_on(typed("(400)ABC(99)X(400)ABC")) == "ok");
    for (const char* text : {"(400)ABC(400)AB", "(400)ABC(400)ABCD", "(99)A(400)B(400)C"}) {
        INFO(text);
        CHECK(verdict_on(typed(text)) == "ai_repeat_conflict");
    }
}

TEST_CASE("exclusive identifiers are refused together, but none excludes itself",
          "[barcode][pairing]") {
    for (const char* text : {"(01)12345678901231(02)12345678901231",
                             "(01)12345678901231(37)123",
                             "(01)12345678901231(255)5412345000150",
                             "(21)ABC(235)XYZ",
                             "(3940)1234(8111)9999",
                             "(3940)1234(3941)9999",
                             "(3955)123456(3929)123",
                             "(3100)123456(3101)123456",
                             "(422)276(426)276",
                             "(8017)123123123123123121(8018)123123123123123121"}) {
        INFO(text);
        CHECK(verdict_on(typed(text)) == "ai_pair_conflict");
    }
    CHECK(verdict_on(typed("(3100)123456(3100)123456")) == "ok");
    CHECK(verdict_on(typed("(3100)123456(3110)123456")) == "ok");
}

TEST_CASE("companions that must be there are missed, as a warning until the label is whole",
          "[barcode][pairing]") {
    struct Row {
        const char* text;
        bool complete;
    };

    const auto row = GENERATE(values<Row>({
        {"(10)ABC", false},
        {"(01)12345678901231(10)ABC", true},
        {"(02)12345678901231(37)123", false},
        {"(00)123456789012345675(02)12345678901231(37)123", true},
        {"(01)12345678901231(250)ABC", false},
        {"(01)12345678901231(21)X(250)ABC", true},
        {"(01)12345678901231(3925)12599", false},
        {"(01)12345678901231(3925)12599(30)1", true},
        {"(01)12345678901231(3925)12599(3295)654321", true},
        {"(8030)SIG(01)12345678901231", false},
        {"(8030)SIG(01)12345678901231(21)X", true},
        {"(8030)SIG(8006)123456789012310102", false},
        {"(8041)123456789012345(01)12345678901231(21)X", false},
        {"(8041)123456789012345(8040)123456789012345(01)12345678901231(21)X", true},
        {"(7258)1/2(8018)123123123123123121", false},
        {"(7258)1/2(8018)123123123123123121(7259)BABY", true},
        {"(7004)1234(01)12345678901231", false},
        {"(7004)1234(01)12345678901231(10)L", true},
        {"(415)1234567890128", false},
        {"(415)1234567890128(8020)REF", true},
        {"(99)ANYTHING", true},
    }));
    INFO(row.text);
    const Decoded decoded = typed(row.text);
    CHECK(verdict_on(decoded) == "ok");
    CHECK(decoded.full_ok() == row.complete);
    CHECK(warns(decoded, WarningClass::required_ai_missing) == !row.complete);
    if (!row.complete) CHECK(name_of(decoded.full_error().error) == "ai_required_missing");
}

TEST_CASE("a signed key carries its serial", "[barcode][pairing]") {
    CHECK(verdict_on(typed("(255)1234567890128(8030)ABC123")) == "serial_required");
    CHECK(verdict_on(typed("(253)1234567890128(8030)ABC123")) == "serial_required");
    CHECK(verdict_on(typed("(8003)01234567890128(8030)ABC123")) == "serial_required");
    CHECK(verdict_on(typed("(255)12345678901280(8030)ABC123")) == "ok");
}

TEST_CASE("a composite part belongs to the number beside it", "[barcode][pairing]") {
    const Decoded decoded = scanned(
        "]E02112345678900|]e010LOT\x1d"
        "17261231");
    CHECK(decoded.kind() == Kind::trade_item);
    CHECK(elements_in(decoded) == "10=LOT 17=261231");
    CHECK(decoded.full_ok());
    CHECK(verdict_on(scanned("]E02112345678900|]e0")) == "value_empty");
    CHECK(verdict_on(scanned("]E02112345678900|]e1A")) == "value_too_long");
    CHECK(verdict_on(scanned("]E0123456789012")) == "value_too_short");
    CHECK(verdict_on(scanned("]E012345678901234")) == "value_too_long");
    CHECK(verdict_on(scanned("]E01234ABC890123")) == "bad_character");
    CHECK(verdict_on(scanned("]E02112345678901")) == "bad_check_digit");
}
