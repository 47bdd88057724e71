// Digital Links, HIBC, ISO/IEC 15434 and EPC URNs.

#include "adapters/barcode/digital_link.hpp"
#include "adapters/barcode/epc_urn.hpp"
#include "adapters/barcode/hibc.hpp"
#include "adapters/barcode/iso15434.hpp"
#include "tests/adapters/barcode/spoken.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lotgate;
using namespace lotgate::barcode;

namespace {

std::string identity_line(std::string_view raw) {
    const Identity identity = identity_of(raw);
    std::string line = identity.hibc_item;
    if (identity.lot) line += " lot " + identity.lot->as_labelled();
    if (identity.serial) line += " serial " + identity.serial->as_labelled();
    if (identity.expiry) line += " expiry " + to_string(identity.expiry->date);
    if (identity.produced) line += " produced " + to_string(identity.produced->date);
    if (identity.count) line += " count " + std::to_string(*identity.count);
    return line;
}

std::string hibc(const std::string& without_check) {
    return "]C0" + without_check + hibc_check_character(without_check);
}

}  // namespace

TEST_CASE("a Digital Link says the same as an element string", "[barcode][link]") {
    struct Row {
        const char* uri;
        const char* elements;
    };

    const auto row = GENERATE(values<Row>({
        {"https://id.gs1.org/01/09520123456788", "01=09520123456788"},
        {"HTTP://a/00/006141411234567890", "00=006141411234567890"},
        {"https://a/stem/x/00/faux/00/006141411234567890", "00=006141411234567890"},
        {"https://a/01/12312312312333/22/T/10/A/21/X", "01=12312312312333 22=T 10=A 21=X"},
        {"https://a/01/12312312312333/235/TEST", "01=12312312312333 235=TEST"},
        {"https://a/01/12312312312333/235/T?10=A", "01=12312312312333 235=T 10=A"},
        {"https://a/414/9520123456788/254/32a%2Fb", "414=9520123456788 254=32a/b"},
        {"https://a/414/9520123456788/7040/1ABC", "414=9520123456788 7040=1ABC"},
        {"https://a/8018/123456789012345675/8019/123", "8018=123456789012345675 8019=123"},
        {"https://a/01/12312312312333?&&99=A&&x=1&y&98=B&", "01=12312312312333 99=A 98=B"},
        {"https://a/01/12312312312333/22/A+B?99=ABC#frag?98=X", "01=12312312312333 22=A+B 99=ABC"},
        {"https://a/00/006141411234567890?", "00=006141411234567890"},
        {"https://a/8004/9520614141234567?01=9520123456788",
         "8004=9520614141234567 01=09520123456788"},
        {"https://[2001:db8::1]:443/01/12312312312333", "01=12312312312333"},
    }));
    INFO(row.uri);
    CHECK(elements_in(link_read(row.uri)) == row.elements);
    CHECK(elements_in(scanned("]Q1" + std::string(row.uri))) == row.elements);
    CHECK(elements_in(decode(row.uri)) == row.elements);
}

TEST_CASE("a link that is none is refused by what is wrong with it", "[barcode][link]") {
    struct Row {
        const char* uri;
        const char* error;
    };

    const auto row = GENERATE(values<Row>({
        {"", "dl_bad_scheme"},
        {"ftp://a/01/12312312312333", "dl_bad_scheme"},
        {"HtTp://a/00/006141411234567890", "dl_bad_scheme"},
        {"http://", "dl_no_domain_or_path"},
        {"http:///01/12312312312333", "dl_no_domain_or_path"},
        {"http://a", "dl_no_domain_or_path"},
        {"http://a/", "dl_no_primary_key"},
        {"http://a/b", "dl_no_primary_key"},
        {"https://00/006141411234567890", "dl_no_primary_key"},
        {"https://a/gtin/12312312312333", "dl_no_primary_key"},
        {"https://a/00/006141411234567890/", "dl_no_primary_key"},
        {"https://a/01//12312312312333", "dl_no_primary_key"},
        {"https://a/01/12312312312333/89/X", "dl_no_primary_key"},  // no such identifier
        {"https://a/b/", "dl_no_primary_key"},
        {"https://a/offers/123", "dl_other"},               // somebody's web address
        {"https://a/x/01/12312312312333/123", "dl_other"},  // a key, and no whole pairs behind it
        {"https://a/01/12312312312333/10//21/X", "value_empty"},
        {"https://a/01/12312312312333?99=", "value_empty"},
        {"https://a/01/12312312312333?999=X", "unknown_ai"},
        {"https://a/01/12312312312333?99=A%00B", "illegal_character"},
        {"https://a/01/12312312312333?99=A B", "illegal_character"},
        {"https://a$/01/12312312312333", "illegal_character"},
        {"https://a/01/12312312312333/22/A%2xB", "dl_other"},
        {"https://a/01/12312312312333/22/A%2", "dl_other"},
        {"https://a/01/12312312312333/21/X/10/A", "dl_other"},
        {"https://a/01/12312312312333/99/X", "dl_other"},
        {"https://a/01/12312312312333?10=A", "dl_other"},
        {"https://a/01/12312312312333/10/A?10=A", "dl_other"},
        {"https://a/01/12312312312333?99=A&99=A", "dl_other"},
        {"https://a/00/006141411234567890?21=A", "dl_other"},
        {"https://a/253/1231231231232TEST56789012345678", "value_too_long"},
        {"https://a/01/2112345678900", "value_too_short"},
        {"https://a/01/12312312312334", "bad_check_digit"},
        {"https://a/01/12312312312333/22/A?98=X+Y", "lint:bad_character"},
        {"https://a/01/12312312312333?17=261301", "lint:bad_date"},
    }));
    INFO(row.uri);
    CHECK(verdict_on(link_read(row.uri)) == row.error);
}

TEST_CASE("a web address that is no Digital Link is a plain text of its symbol",
          "[barcode][link]") {
    for (const char* raw : {"]Q1https://example.com/products/7",
                            "]Q1http://example.com",
                            "]Q1HtTps://example.com/01/12312312312333"}) {
        INFO(raw);
        CHECK(verdict_on(scanned(raw)) == "ok");
        CHECK(scanned(raw).kind() == Kind::plain);
    }
}

TEST_CASE("older links are read where the site permits it", "[barcode][link]") {
    DecodeOptions old;
    old.form = Form::digital_link;
    old.permit_old_digital_link = true;
    old.permit_zero_suppressed_gtin = true;
    const Decoded decoded = decode("https://a/gtin/614141123452/cpv/2A/lot/ABC/ser/9", old);
    CHECK(elements_in(decoded) == "01=00614141123452 22=2A 10=ABC 21=9");
    CHECK(warns(decoded, WarningClass::old_digital_link_form));
    CHECK(warns(decoded, WarningClass::zero_suppressed_gtin));
    CHECK(elements_in(decode("https://a/sscc/006141411234567890", old)) == "00=006141411234567890");
}

TEST_CASE("a compressed link is refused by its name", "[barcode][link]") {
    // 8 bits of code and 47 bits of GTIN, most significant first: (01)09520123456788 and more.
    const auto compressed = [](std::uint64_t code, std::uint64_t gtin) {
        const std::string alphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const std::uint64_t bits = (code << 52U) | (gtin << 5U);  // 8 + 47 + 5 of 60
        std::string text;
        for (int i = 9; i >= 0; --i)
            text += alphabet[(bits >> (6U * static_cast<unsigned>(i))) & 63U];
        return "https://a/" + text;
    };
    CHECK(verdict_on(link_read(compressed(0x01, 9520123456788))) == "dl_compressed");
    CHECK(verdict_on(link_read(compressed(0x0a, 9520123456788) + "AbC")) == "dl_compressed");
    CHECK(verdict_on(scanned("]Q1" + compressed(0x01, 9520123456788))) == "dl_compressed");
    CHECK(verdict_on(link_read(compressed(0x01, 9520123456789))) == "dl_no_primary_key");
    CHECK(verdict_on(link_read("https://a/products-and-more")) == "dl_no_primary_key");
}

TEST_CASE("links are written in the canonical form", "[barcode][link]") {
    using List = std::vector<LabelElement>;
    CHECK(*digital_link_uri(List{{"01", "12312312312326"}, {"10", "ABC123"}, {"99", "XYZ789"}}) ==
          "https://id.gs1.org/01/12312312312326/10/ABC123?99=XYZ789");
    CHECK(*digital_link_uri(List{{"17", "261231"},
                                 {"21", "A/B"},
                                 {"01", "12312312312326"},
                                 {"99", "?"},
                                 {"15", "261130"}},
                            "https://x.example/") ==
          "https://x.example/01/12312312312326/21/A%2FB?17=261231&15=261130&99=%3F");
    CHECK(
        *digital_link_uri(
            List{{"8017", "795260646688514634"}, {"99", "000001"}, {"253", "9526064000028000001"}},
            "https://example.com") ==
        "https://example.com/8017/795260646688514634?99=000001&253=9526064000028000001");
    CHECK(
        *digital_link_uri(List{{"01", "12312312312326"}, {"01", "12312312312326"}, {"10", "A"}}) ==
        "https://id.gs1.org/01/12312312312326/10/A");
    CHECK_FALSE(digital_link_uri(List{{"99", "XYZ"}}));
    CHECK_FALSE(digital_link_uri(List{{"01", "12312312312326"}, {"22", "A"}, {"235", "B"}}));
    CHECK_FALSE(digital_link_uri(List{{"01", "12312312312327"}}));
    CHECK_FALSE(digital_link_uri(List{{"01", "12312312312326"}, {"98", "~"}}));
    CHECK(*digital_link_uri(scanned("]d20112312312312333"
                                    "10A\x1d"
                                    "21B")) == "https://id.gs1.org/01/12312312312333/10/A/21/B");
    CHECK_FALSE(digital_link_uri(scanned("]d2011")));
}

TEST_CASE("an HIBC label names item, lot, serial, dates and quantity", "[barcode][hibc]") {
    CHECK(hibc_check_character("+A123BJC5D6E71") == 'G');
    CHECK(elements_in(scanned("]zB+A123BJC5D6E71G")) == "LIC=A123 PCN=BJC5D6E7 UM=1");

    struct Row {
        const char* data;
        const char* identity;
    };

    const auto row = GENERATE(values<Row>({
        {"+A99912345/$$52001510X3/16D20111212/S77DEFG45",
         "A9991234 lot 10X3 serial 77DEFG45 expiry 2020-01-15 produced 2011-12-12"},
        {"+A123P1/$LOT7", "A123P lot LOT7"},
        {"+A123P1/$+SER7", "A123P serial SER7"},
        {"+A123P1/26365LOT", "A123P lot LOT expiry 2026-12-31"},
        {"+A123P1/24366", "A123P expiry 2024-12-31"},
        {"+A123P1/$$0926LOT", "A123P lot LOT expiry 2026-09-30"},
        {"+A123P1/$$1226LOT", "A123P lot LOT expiry 2026-12-31"},
        {"+A123P1/$$2123126LOT", "A123P lot LOT expiry 2026-12-31"},
        {"+A123P1/$$3261231LOT", "A123P lot LOT expiry 2026-12-31"},
        {"+A123P1/$$426123123LOT", "A123P lot LOT expiry 2026-12-31"},
        {"+A123P1/$$526365LOT", "A123P lot LOT expiry 2026-12-31"},
        {"+A123P1/$$62636523LOT", "A123P lot LOT expiry 2026-12-31"},
        {"+A123P1/$$7LOT", "A123P lot LOT"},
        {"+A123P1/$$+3261231SER", "A123P serial SER expiry 2026-12-31"},
        {"+A123P1/$$8123261231LOT", "A123P lot LOT expiry 2026-12-31 count 12"},
        {"+A123P1/$$9000127LOT", "A123P lot LOT count 12"},
        {"+A123P1/$LOT/14D20261130/Q500", "A123P lot LOT expiry 2026-11-30 count 500"},
        {"+A123P1/$LOT/SX-9", "A123P lot LOT serial X-9"},
    }));
    INFO(row.data);
    CHECK(verdict_on(scanned(hibc(row.data))) == "ok");
    CHECK(identity_line(hibc(row.data)) == row.identity);
}

TEST_CASE("an HIBC secondary carries its primary's check character", "[barcode][hibc]") {
    const Decoded decoded = scanned(hibc("+$$3261231LOTG"));
    CHECK(elements_in(decoded) == "EXPIRY=3261231 LOT=LOT LINK=G");
    CHECK(warns(decoded, WarningClass::check_not_verified));
    CHECK(elements_in(decode("*+A123BJC5D6E71G*")) == "LIC=A123 PCN=BJC5D6E7 UM=1");
}

TEST_CASE("an HIBC label that is wrong is refused by what is wrong", "[barcode][hibc]") {
    CHECK(verdict_on(scanned("]C0+A123BJC5D6E71H")) == "hibc_bad_check");
    CHECK(scanned("]C0+A123BJC5D6E71H").error().position == 17);
    CHECK(verdict_on(scanned(hibc("+A123P1/$$2130126LOT"))) == "hibc_bad_date");
    CHECK(verdict_on(scanned(hibc("+A123P1/$$1326LOT"))) == "hibc_bad_date");
    CHECK(verdict_on(scanned(hibc("+A123P1/$$4261231"
                                  "24"))) == "hibc_bad_date");
    CHECK(verdict_on(scanned(hibc("+A123P1/25366LOT"))) == "hibc_bad_date");
    CHECK(verdict_on(scanned(hibc("+A123P1/14D20260230"))) == "hibc_bad_date");
    CHECK(verdict_on(scanned(hibc("+A123P1/$$8A"))) == "hibc_malformed");
    CHECK(verdict_on(scanned(hibc("+A123P1//$LOT"))) == "hibc_malformed");
    CHECK(verdict_on(scanned(hibc("+A123P1/$"))) == "hibc_malformed");
    CHECK(verdict_on(scanned(hibc("+A123PX"))) == "hibc_malformed");
    CHECK(verdict_on(scanned(hibc("+A123P1/$" + std::string(19, 'L')))) == "value_too_long");
    // A text that only begins with '+' is a text.
    CHECK(scanned("]C0+49 170").kind() == Kind::plain);
    CHECK(scanned("]C0+a").kind() == Kind::plain);
}

TEST_CASE("an ISO 15434 message gives its data identifiers", "[barcode][iso15434]") {
    const std::string ppn =
        "]d1[)>\x1e"
        "06\x1d"
        "9N110375286414\x1d"
        "1TLOT7\x1d"
        "S12\x1d"
        "15D261231\x1d"
        "Q7\x1e\x04";
    const Decoded decoded = scanned(ppn);
    CHECK(decoded.kind() == Kind::iso15434);
    CHECK(elements_in(decoded) == "9N=110375286414 1T=LOT7 S=12 15D=261231 Q=7");
    CHECK(decoded.warnings().empty());
    const Identity identity = identify(decoded, today);
    CHECK(identity.supplier_item == "110375286414");
    CHECK(identity.lot->as_labelled() == "LOT7");
    CHECK(identity.serial->as_labelled() == "12");
    CHECK(to_string(identity.expiry->date) == "2026-12-31");
    CHECK(identity.count == 7);
}

TEST_CASE("formats 05, 06 and 12 are read, also together", "[barcode][iso15434]") {
    CHECK(elements_in(scanned("]d1[)>\x1e"
                              "05\x1d"
                              "011231231231233310A\x1d"
                              "21B\x1e\x04")) == "01=12312312312333 10=A 21=B");
    CHECK(elements_in(scanned("]d1[)>\x1e"
                              "12\x1d"
                              "MFR 123\x1d"
                              "SER 7\x1d"
                              "PNRA-1\x1e\x04")) == "MFR=123 SER=7 PNR=A-1");
    CHECK(elements_in(scanned("]d1[)>\x1e"
                              "05\x1d"
                              "10A\x1e"
                              "06\x1d"
                              "S7\x1e\x04")) == "10=A S=7");
    CHECK(identity_of("]d1[)>\x1e"
                      "06\x1d"
                      "8P5901234123457\x1d"
                      "5JUN1\x1d"
                      "14D20261231\x1e\x04")
              .gtin->text() == "05901234123457");
}

TEST_CASE("a missing trailer is flagged, a broken envelope refused", "[barcode][iso15434]") {
    for (const std::string tail : {"", "\x1e", "\x04"}) {
        const Decoded decoded = scanned(
            "]d1[)>\x1e"
            "06\x1d"
            "S7" +
            tail);
        CHECK(elements_in(decoded) == "S=7");
        CHECK(warns(decoded, WarningClass::trailer_missing));
    }

    struct Row {
        const char* body;
        const char* error;
    };

    const auto row = GENERATE(values<Row>({{"06S7\x1e\x04", "iso15434_malformed"},
                                           {"0\x1d", "iso15434_malformed"},
                                           {"\x04", "iso15434_malformed"},
                                           {"06\x1d"
                                            "S7\x1e\x04X",
                                            "iso15434_malformed"},
                                           {"07\x1d"
                                            "free text\x1e\x04",
                                            "iso15434_unsupported_format"},
                                           {"06\x1d"
                                            "s7\x1e\x04",
                                            "unknown_data_identifier"},
                                           {"06\x1d"
                                            "1234S7\x1e\x04",
                                            "unknown_data_identifier"},
                                           {"06\x1d"
                                            "S\x1e\x04",
                                            "value_empty"},
                                           {"06\x1d"
                                            "14D20261301\x1e\x04",
                                            "lint:bad_date"},
                                           {"06\x1d"
                                            "QX\x1e\x04",
                                            "lint:bad_value"},
                                           {"06\x1d"
                                            "9N110375286415\x1e\x04",
                                            "bad_check_digit"},
                                           {"06\x1d"
                                            "8P5901234123458\x1e\x04",
                                            "bad_check_digit"},
                                           {"05\x1d"
                                            "0112312312312334\x1e\x04",
                                            "bad_check_digit"}}));
    INFO(row.body);
    CHECK(verdict_on(scanned("]d1[)>\x1e" + std::string(row.body))) == row.error);
    CHECK(verdict_on(scanned("]d1[)>06\x1d"
                             "S7")) == "iso15434_malformed");
}

TEST_CASE("a pharmacy product number checks itself", "[barcode][iso15434]") {
    CHECK(ppn_check_is_right("110375286414"));
    CHECK_FALSE(ppn_check_is_right("110375286413"));
    CHECK_FALSE(ppn_check_is_right("1103752864AB"));
    CHECK_FALSE(ppn_check_is_right("1114"));
    CHECK(data_identifier_size("25SABC") == 3);
    CHECK(data_identifier_size("S") == 1);
    CHECK(data_identifier_size("1234S") == 0);
    CHECK(data_identifier_size("12") == 0);
}

TEST_CASE("EPC URNs become elements", "[barcode][urn]") {
    struct Row {
        const char* urn;
        const char* elements;
    };

    const auto row = GENERATE(values<Row>({
        {"urn:epc:id:sgtin:415056789012.0.987654", "01=04150567890128 21=987654"},
        {"urn:epc:id:sgtin:0614141.112345.A%2FB.C", "01=10614141123459 21=A/B.C"},
        {"urn:epc:idpat:sgtin:0614141.112345.*", "01=10614141123459"},
        {"urn:epc:class:lgtin:4012345.012345.998877", "01=04012345123456 10=998877"},
        {"urn:epc:id:sscc:0614141.1234567890", "00=106141412345678908"},
        {"urn:epc:id:sgln:0614141.12345.400", "414=0614141123452 254=400"},
        {"urn:epc:id:sgln:0614141.12345.0", "414=0614141123452"},
        {"urn:epc:id:grai:4012345.99999.7", "8003=040123459999907"},
        {"urn:epc:idpat:grai:4012345.99999.*", "8003=04012345999990"},
        {"urn:epc:id:giai:0614141.12345400", "8004=061414112345400"},
        {"urn:epc:id:gdti:0614141.12345.006847", "253=0614141123452006847"},
        {"urn:epc:id:gsrn:0614141.1234567890", "8018=061414112345678902"},
        {"urn:epc:id:gsin:4012345.999987654", "402=40123459999876541"},
        {"urn:epc:idpat:itip:4012345.012345.01.02.*", "8006=040123451234560102"},
    }));
    INFO(row.urn);
    CHECK(verdict_on(decode(row.urn)) == "ok");
    CHECK(elements_in(decode(row.urn)) == row.elements);
}

TEST_CASE("a URN that does not fit its scheme is refused", "[barcode][urn]") {
    for (const char* urn : {"urn:epc:id:",
                            "urn:epc:id:sgtin:",
                            "urn:epc:id:sgtin:0614141",
                            "urn:epc:id:sgtin:0614141.1123.7",
                            "urn:epc:id:sgtin:06.11234567890.7",
                            "urn:epc:id:nosuch:1.2.3",
                            "urn:epc:tag:sgtin-96:3.0614141.112345.7",
                            "urn:epc:id:sscc:0614141.12345",
                            "urn:epc:id:sgtin:0614141.112345.%2"}) {
        INFO(urn);
        CHECK(verdict_on(decode(urn)) == "urn_malformed");
    }
}

TEST_CASE("elements become URNs where the company prefix is known", "[barcode][urn]") {
    using List = std::vector<LabelElement>;
    CHECK(*epc_urn(List{{"01", "10614141123459"}, {"21", "A/B"}}, 7) ==
          "urn:epc:id:sgtin:0614141.112345.A%2FB");
    CHECK(*epc_urn(List{{"01", "04012345123456"}, {"10", "998877"}}, 7) ==
          "urn:epc:class:lgtin:4012345.012345.998877");
    CHECK(*epc_urn(List{{"01", "10614141123459"}}, 7) == "urn:epc:idpat:sgtin:0614141.112345.*");
    CHECK(*epc_urn(List{{"00", "106141412345678908"}}, 7) == "urn:epc:id:sscc:0614141.1234567890");
    CHECK(*epc_urn(List{{"01", "04150567890128"}, {"21", "9"}}, 12) ==
          "urn:epc:id:sgtin:415056789012.0.9");
    CHECK_FALSE(epc_urn(List{{"01", "10614141123459"}}, 5));
    CHECK_FALSE(epc_urn(List{{"10", "A"}}, 7));
    CHECK_FALSE(epc_urn(List{{"01", "10614141123458"}}, 7));
}
