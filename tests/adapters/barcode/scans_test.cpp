// What comes off scanners: identifiers, separators, limits, and what cannot be told apart.

#include "tests/adapters/barcode/spoken.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lotgate::barcode;

TEST_CASE("the symbology identifier says how the data is read", "[barcode][scan]") {
    struct Row {
        const char* raw;
        Kind kind;
        const char* elements;
    };

    const auto row = GENERATE(values<Row>({
        {"]C110LOT", Kind::element_string, "10=LOT"},
        {"]e010LOT", Kind::element_string, "10=LOT"},
        {"]e110LOT", Kind::element_string, "10=LOT"},
        {"]e210LOT", Kind::element_string, "10=LOT"},
        {"]d210LOT", Kind::element_string, "10=LOT"},
        {"]Q310LOT", Kind::element_string, "10=LOT"},
        {"]J110LOT", Kind::element_string, "10=LOT"},
        {"]z110LOT", Kind::element_string, "10=LOT"},
        {"]C010LOT", Kind::plain, ""},
        {"]C210LOT", Kind::plain, ""},
        {"]d110LOT", Kind::plain, ""},
        {"]Q110LOT", Kind::plain, ""},
        {"]J010LOT", Kind::plain, ""},
        {"]A010LOT", Kind::plain, ""},
        {"]A710LOT", Kind::plain, ""},
        {"]L010LOT", Kind::plain, ""},
        {"]z010LOT", Kind::plain, ""},
        {"]E02112345678900", Kind::trade_item, ""},
        {"]E3211234567890012", Kind::trade_item, ""},
        {"]E402345673", Kind::trade_item, ""},
        {"]E112", Kind::plain, ""},
        {"]E212345", Kind::plain, ""},
        {"]I112345678901231", Kind::trade_item, ""},
        {"]I012345678901231", Kind::trade_item, ""},
        {"]I0123456", Kind::plain, ""},
    }));
    INFO(row.raw);
    const Decoded decoded = scanned(row.raw);
    CHECK(verdict_on(decoded) == "ok");
    CHECK(name_of(decoded.kind()) == name_of(row.kind));
    CHECK(elements_in(decoded) == row.elements);
    CHECK(decoded.aim() == std::string(row.raw).substr(0, 3));
}

TEST_CASE("an identifier that is none is refused where it stands", "[barcode][scan]") {
    for (const char* raw : {"]", "]C", "]XX", "]!1ABC", "]y1ABC", "]CZ10LOT"}) {
        INFO(raw);
        CHECK(verdict_on(scanned(raw)) == "bad_symbology_identifier");
        CHECK(scanned(raw).error().position == 0);
    }
}

TEST_CASE("an identifier may come apart from the data", "[barcode][scan]") {
    DecodeOptions options;
    options.aim = "]d2";
    CHECK(elements_in(decode("10LOT", options)) == "10=LOT");
    options.aim = "]d1";
    CHECK(decode("10LOT", options).kind() == Kind::plain);
    options.aim = "d2";
    CHECK(verdict_on(decode("10LOT", options)) == "bad_symbology_identifier");
    // The one in the data is nearer to the label.
    options.aim = "]d1";
    CHECK(elements_in(decode("]d210LOT", options)) == "10=LOT");
}

TEST_CASE("one separator after any element is as good as none where the length is fixed",
          "[barcode][scan]") {
    const std::string wanted = "01=12312312312333 10=ABC 17=261231";
    CHECK(elements_in(scanned("]d2011231231231233310ABC\x1d"
                              "17261231")) == wanted);
    CHECK(elements_in(scanned("]d20112312312312333\x1d"
                              "10ABC\x1d"
                              "17261231\x1d")) == wanted);
    CHECK(scanned("]d20112312312312333\x1d"
                  "10ABC\x1d"
                  "17261231\x1d")
              .warnings()
              .empty());
}

TEST_CASE("a leading or doubled separator is taken and flagged", "[barcode][scan]") {
    const Decoded leading = scanned(
        "]C1\x1d"
        "10ABC");
    CHECK(elements_in(leading) == "10=ABC");
    CHECK(warns(leading, WarningClass::leading_separator));
    const Decoded doubled = scanned(
        "]C110ABC\x1d\x1d"
        "21X");
    CHECK(elements_in(doubled) == "10=ABC 21=X");
    CHECK(warns(doubled, WarningClass::double_separator));
    CHECK(verdict_on(scanned("]C1\x1d\x1d")) == "value_empty");
    // FNC1 printed as a literal separator in a plain symbol: read as what was meant.
    const Decoded literal = scanned(
        "]d1\x1d"
        "0112312312312333"
        "10ABC");
    CHECK(elements_in(literal) == "01=12312312312333 10=ABC");
    CHECK(warns(literal, WarningClass::leading_separator));
}

TEST_CASE("a scanner's own text for the separator is a setting of that scanner",
          "[barcode][scan]") {
    constexpr std::string_view texts[] = {"<GS>", "{GS}"};
    DecodeOptions options;
    options.separators = texts;
    const Decoded decoded = decode("]C110ABC<GS>21X{GS}17261231", options);
    CHECK(elements_in(decoded) == "10=ABC 21=X 17=261231");
    CHECK(warns(decoded, WarningClass::separator_replaced));
    CHECK(decoded.element(1).position == 14);
    constexpr std::string_view one_character[] = {"|"};
    options.separators = one_character;
    CHECK(warns(decode("]C110ABC|21X", options), WarningClass::separator_replaced));
    CHECK_FALSE(warns(decode("]C110ABC\x1d"
                             "21X",
                             options),
                      WarningClass::separator_replaced));
    // Another scanner's data may hold those characters.
    CHECK(elements_in(scanned("]C110ABC<GS>21X")) == "10=ABC<GS>21X");
}

TEST_CASE("framing around a code is taken off, spaces are not", "[barcode][scan]") {
    const Decoded framed = scanned("\x02]C110ABC\x03\r\n");
    CHECK(elements_in(framed) == "10=ABC");
    CHECK(warns(framed, WarningClass::framing_removed));
    CHECK(framed.raw() == "\x02]C110ABC\x03\r\n");
    CHECK(scanned("]C0 A ").text() == " A ");
}

TEST_CASE("what follows a value that is over is a length error, not a new element",
          "[barcode][scan]") {
    const Decoded decoded = scanned("]C110123456789012345678901");
    CHECK(verdict_on(decoded) == "value_too_long");
    CHECK(decoded.error().position == 25);
    CHECK(std::string(decoded.error().about.data()) == "10");
    CHECK(verdict_on(scanned("]C18001123412345123981")) == "value_too_long");
    CHECK(verdict_on(scanned("]C170072112252")) == "value_bad_length");
    CHECK(verdict_on(scanned("]C101123123123123339")) == "unknown_ai");
}

TEST_CASE("a caret is refused before anything is read", "[barcode][scan]") {
    const Decoded decoded = scanned(
        "]C10112312312312334"
        "10AB^C");
    CHECK(verdict_on(decoded) == "illegal_character");
    CHECK(decoded.error().position == 23);
}

TEST_CASE("the limits hold: 90 characters a value, 64 elements, 65536 bytes", "[barcode][scan]") {
    const std::string ninety(90, 'A');
    CHECK(elements_in(scanned("]C191" + ninety)) == "91=" + ninety);
    CHECK(verdict_on(scanned("]C191" + ninety + "A")) == "value_too_long");
    std::string many = "]C1";
    for (int i = 0; i < 64; ++i) many += "400A\x1d";
    CHECK(scanned(many).element_count() == 64);
    CHECK(verdict_on(scanned(many + "400A")) == "too_many_ais");
    const std::string longest = "]C0" + std::string(raw_bytes_max - 3, 'x');
    CHECK(scanned(longest).text().size() == raw_bytes_max - 3);
    CHECK(verdict_on(scanned(longest + "x")) == "too_long");
    CHECK(scanned(longest + "x").error().position == raw_bytes_max);
}

TEST_CASE("an answer keeps its bytes when it is copied", "[barcode][scan]") {
    for (const std::size_t padding : {0U, 600U}) {
        const std::string raw = "]C0" + std::string(padding, 'x');
        Decoded copy = scanned("]C110ABC");
        {
            const Decoded original = scanned(raw);
            copy = original;
        }
        CHECK(copy.raw() == raw);
        const Decoded again(copy);
        CHECK(again.text() == raw.substr(3));
        CHECK(again.element_count() == 0);
    }
}

TEST_CASE("typed text says its elements in brackets", "[barcode][keyed]") {
    CHECK(elements_in(typed("(01)12312312312333(10)A\\(B(17)261231")) ==
          "01=12312312312333 10=A(B 17=261231");
    CHECK(elements_in(typed("(10)12345\\(")) == "10=12345(");
    CHECK(elements_in(decode("(10)A)B")) == "10=A)B");
    for (const char* text : {"(1", "(", "10ABC", "(10)ABC(", "(10)", "(10)A(21)", "1(10)A"}) {
        INFO(text);
        CHECK(verdict_on(typed(text)) == "malformed_brackets");
    }
    for (const char* text : {"()A", "(1)A", "(12345)A", "(1A)A", "(10 )A"}) {
        INFO(text);
        CHECK(verdict_on(typed(text)) == "unknown_ai");
    }
    CHECK(verdict_on(typed("(17)9(90)217")) == "value_too_short");
    CHECK(verdict_on(typed("(10)1^2")) == "illegal_character");
}

TEST_CASE("a missing bracket is told before a wrong check digit", "[barcode][keyed]") {
    CHECK(verdict_on(typed("(01)12312312312334(10)")) == "malformed_brackets");
    CHECK(verdict_on(typed("(01)12312312312334(10)A")) == "bad_check_digit");
}

TEST_CASE("digits without an identifier are what their check digit says", "[barcode][bare]") {
    struct Row {
        const char* raw;
        Kind kind;
        const char* text;
    };

    const auto row = GENERATE(values<Row>({
        {"96385074", Kind::trade_item, "96385074"},
        {"416000336108", Kind::trade_item, "416000336108"},
        {"5901234123457", Kind::trade_item, "5901234123457"},
        {"95012345678903", Kind::trade_item, "95012345678903"},
        {"376130321109103420", Kind::logistic_unit, "376130321109103420"},
        {"06397126", Kind::trade_item, "063200009716"},
        {"5901234123458", Kind::plain, "5901234123458"},
    }));
    INFO(row.raw);
    const Decoded decoded = decode(row.raw);
    CHECK(verdict_on(decoded) == "ok");
    CHECK(name_of(decoded.kind()) == name_of(row.kind));
    CHECK(decoded.text() == row.text);
}

TEST_CASE("a code that reads in two ways says so, and gives no lot or serial", "[barcode][bare]") {
    DecodeOptions capture;
    capture.capture = true;
    // UPC-E without its check digit, or six digits; a lot "ABC", or the text "10ABC".
    for (const char* raw : {"425261", "10ABC", "211234", "15760526"}) {
        INFO(raw);
        const Decoded decoded = decode(raw);
        CHECK(verdict_on(decoded) == "ok");
        CHECK(decoded.is_ambiguous());
        CHECK(warns(decoded, WarningClass::ambiguous));
        const Identity identity = identify(decoded, today);
        CHECK_FALSE(identity.lot);
        CHECK_FALSE(identity.serial);
        CHECK(identity.lot_or_serial_withheld);
        CHECK(verdict_on(decode(raw, capture)) == "ambiguous");
    }
    // With an identifier, or a key with a check digit, there is nothing to doubt.
    CHECK_FALSE(scanned("]C110ABC").is_ambiguous());
    CHECK_FALSE(decode("0112312312312333"
                       "10ABC")
                    .is_ambiguous());
    CHECK(verdict_on(decode("0112312312312333"
                            "10ABC",
                            capture)) == "ok");
}

TEST_CASE("a scanner set to GS1 symbols only needs no identifier", "[barcode][bare]") {
    DecodeOptions options;
    options.gs1_expected = true;
    options.capture = true;
    CHECK(elements_in(decode("10ABC", options)) == "10=ABC");
    CHECK(verdict_on(decode("HELLO", options)) == "unknown_ai");
}

TEST_CASE("digits that are nearly GS1 data become a text, with a warning", "[barcode][bare]") {
    const Decoded decoded = decode(
        "01123123123123349"
        "9");
    CHECK(decoded.kind() == Kind::plain);
    CHECK(warns(decoded, WarningClass::not_element_string));
}

TEST_CASE("a plain text is taken as it is, without its configured wrapping", "[barcode][plain]") {
    DecodeOptions options;
    options.plain.prefix = "*";
    options.plain.suffix = "*";
    CHECK(decode("]A0*SN-77*", options).text() == "SN-77");
    CHECK(scanned("]A0*SN-77*").text() == "*SN-77*");
    CHECK(verdict_on(scanned("]Q1A\tB")) == "control_character");
    CHECK(scanned("]Q1A\tB").error().position == 4);
    CHECK(verdict_on(decode("")) == "value_empty");
}

TEST_CASE("a data identifier without an envelope is read only where the profile names it",
          "[barcode][plain]") {
    constexpr std::string_view named[] = {"S", "1T", "Q"};
    DecodeOptions options;
    options.plain.data_identifiers = named;
    CHECK(elements_in(decode("]A0S12345", options)) == "S=12345");
    CHECK(elements_in(decode("]C01TLOT7", options)) == "1T=LOT7");
    CHECK(elements_in(decode("]A0Q100", options)) == "Q=100");
    CHECK(decode("]A0QUARTZ", options).kind() == Kind::plain);
    CHECK(decode("]A0P100", options).kind() == Kind::plain);
    CHECK(scanned("]A0S12345").kind() == Kind::plain);
}

TEST_CASE("every class of error and warning has its own name and a sentence", "[barcode][words]") {
    const Decoded decoded = scanned("]C110");
    for (int i = 0; i <= static_cast<int>(ErrorClass::ambiguous); ++i) {
        const auto error = static_cast<ErrorClass>(i);
        INFO(i << " " << name_of(error));
        CHECK_FALSE(name_of(error).empty());
        CHECK(explain(decoded, Problem{error, 0, {}}).size() > 10);
    }
    CHECK(name_of(ErrorClass::ambiguous) == "ambiguous");
    CHECK(name_of(ErrorClass::lint_bad_piece_of_total) == "lint:bad_piece_of_total");
    CHECK(name_of(ErrorClass::dl_compressed) == "dl_compressed");
    CHECK(name_of(ErrorClass::control_character) == "control_character");
    CHECK(name_of(WarningClass::check_not_verified) == "check_not_verified");
    CHECK(name_of(WarningClass::trailer_missing) == "trailer_missing");
    CHECK(name_of(Kind::plain) == "plain");
    CHECK(explain(decoded, decoded.error()) == "(10) the value is empty, at byte 5");
    CHECK(printable("A\x1d\xc3") == "A\\x1d\\xc3");
}
