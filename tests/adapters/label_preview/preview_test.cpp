#include "adapters/label_preview/preview.hpp"

#include "adapters/label_preview/symbols.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::adapters;

namespace {

std::string zpl(const std::string& field) {
    return "^XA^PW400^LL200" + field + "^FS^XZ";
}

}  // namespace

TEST_CASE("a scanned text is data in a preview", "[label][bad-input]") {
    const auto preview = preview_label(
        LabelLanguage::zpl, zpl("^FO10,10^A0N,20,20^FH_^FD<script>alert(_221_22)</script>&_01"));
    REQUIRE(preview);
    CHECK(preview->svg.find("<script") == std::string::npos);
    CHECK(preview->svg.find("&lt;script&gt;alert(&quot;1&quot;)") != std::string::npos);
    CHECK(preview->svg.find('\x01') == std::string::npos);
}

TEST_CASE("a command that is not drawn is named", "[label]") {
    const auto drawn = preview_label(LabelLanguage::zpl, zpl("^FO1,1^GFA,8,8,1,FFFF"));
    REQUIRE(drawn);
    CHECK(drawn->not_shown == std::vector<std::string>{"^GF"});
    const auto tspl = preview_label(LabelLanguage::tspl,
                                    "SIZE 10 mm,10 mm\r\nCLS\r\nCIRCLE 1,1,5,1\r\nBARCODE 1,1,"
                                    "\"EAN13\",9,0,0,2,2,\"1\"\r\nPRINT 1\r\n");
    REQUIRE(tspl);
    CHECK(tspl->not_shown == std::vector<std::string>{"CIRCLE", "BARCODE EAN13"});
}

TEST_CASE("a symbol that cannot be made is said, not approximated", "[label]") {
    CHECK_FALSE(preview_label(LabelLanguage::zpl, zpl("^FO1,1^BCN,50,N,N,N,N^FD>;12>")));
    CHECK_FALSE(preview_label(LabelLanguage::zpl, zpl("^FO1,1^BXN,5,200,,,,_,1^FD_10112")));
    CHECK_FALSE(code128_of_zpl(">;123"));
    CHECK_FALSE(code128_of_tspl("!10"));
}

TEST_CASE("a Code 128 is as wide as its characters say", "[label]") {
    // Start, FNC1, ten pairs, check: 13 of 11 modules, and a stop of 13.
    CHECK(code128_of_zpl(">;>800095060001343520017")->front().size() == 13 * 11 + 13);
    CHECK(*code128_of_zpl(">;>800095060001343520017") ==
          *code128_of_tspl("!105!10200095060001343520017"));
}
