#include "adapters/sim/zpl_stream.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace lotgate::sim;

namespace {

std::vector<std::string> pieces_of(std::string_view bytes) {
    ZplStream stream;
    std::vector<std::string> all;
    for (const char byte : bytes)
        stream.feed(byte, [&](const ZplPiece& piece) { all.push_back(piece.text); });
    return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a printer cuts formats, immediate commands and SGD lines apart", "[sim][zpl]") {
    CHECK(pieces_of("^XA^FDA^FS^XZ\r\n~HS^xa^fdB^fs^xz~HQES\r\n! U1 getvar \"a.b\"\r\n") ==
          Texts{"^XA^FDA^FS^XZ", "~HS", "^xa^fdB^fs^xz", "~HQES", "! U1 getvar \"a.b\""});
}

TEST_CASE("an immediate command inside field data is executed and gone from it", "[sim][zpl]") {
    CHECK(pieces_of("^XA^FDlot~JA7^FS^XZ") == Texts{"~JA", "^XA^FDlot7^FS^XZ"});
    CHECK(pieces_of("^XA^FDlot_7EJA7^FS^XZ") == Texts{"^XA^FDlot_7EJA7^FS^XZ"});
}

TEST_CASE("what is outside of formats and is no command does nothing", "[sim][zpl]") {
    CHECK(pieces_of("hello\r\n\x1b\x00garbage ^FDx^FS ^XZ\n").empty());
    CHECK(pieces_of("^X^XA^FDx^FS^XZ") == Texts{"^XA^FDx^FS^XZ"});
}

TEST_CASE("an endless format is thrown away and the next one is whole", "[sim][zpl]") {
    ZplStream stream;
    std::vector<std::string> all;
    const auto feed = [&](std::string_view bytes) {
        for (const char byte : bytes)
            stream.feed(byte, [&](const ZplPiece& piece) { all.push_back(piece.text); });
    };
    feed("^XA^FD");
    feed(std::string(5 * 1024 * 1024, 'x'));
    feed("^FS^XZ^XA^FDy^FS^XZ");
    CHECK(stream.overflows() == 1);
    CHECK(all == Texts{"^XA^FDy^FS^XZ"});
}

TEST_CASE("a format says how many labels it is, and whether it prints at all", "[sim][zpl]") {
    CHECK(read_label("^XA^FDx^FS^PQ12,0,1^XZ").quantity == 12);
    CHECK(read_label("^XA^FDx^FS^XZ").quantity == 1);
    CHECK(read_label("^XA^FDx^FS^PQ0^XZ").quantity == 1);
    CHECK(read_label("^XA^FDx^FS^PQ99999999999999^XZ").quantity == 99'999'999);
    CHECK(read_label("^XA^GB10,10,1^FS^XZ").is_printing);
    CHECK_FALSE(read_label("^XA^JZN^MMT^XZ").is_printing);
    CHECK(read_label("^XA^JZN^XZ").reprint_after_error == false);
    CHECK(read_label("^XA^jzy^XZ").reprint_after_error == true);
    CHECK_FALSE(read_label("^XA^XZ").reprint_after_error.has_value());
    CHECK(read_label("^XA^LL609^FDx^FS^XZ").length_dots == 609);
}
