// The 34 content checks, each with values that it takes and values that it refuses.

#include "adapters/barcode/dictionary_build.hpp"
#include "adapters/barcode/linters.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lotgate::barcode;

namespace {

struct Check {
    Linter linter;
    std::vector<std::string> good;
    std::vector<std::string> bad;
    ErrorClass error = ErrorClass::lint_bad_value;
};

const std::vector<Check>& checks() {
    using E = ErrorClass;
    static const std::vector<Check> all{
        {Linter::csum,
         {"06141412345212", "1231231231232", "00"},
         {"06141412345213", "10"},
         E::bad_check_digit},
        {Linter::csumalpha,
         {"1987654Ad4X4bL5ttr2310c2K", "12345_ABCDEFGHIJKLMCP", "22", "!22"},
         {"1987654Ad4X4bL5ttr2310cXK", "33", "2", ""}},
        {Linter::gcppos1, {"1234", "0614141A"}, {"123", "12A4", ""}},
        {Linter::gcppos2, {"01234", "A1234"}, {"0123", "0123A", "01A34"}},
        {Linter::yymmd0,
         {"261231", "260200", "000229", "240229", "990630"},
         {"261301", "260001", "260230", "250229", "260431", "26123"},
         E::lint_bad_date},
        {Linter::yymmdd, {"261231", "240229"}, {"260200", "261232", "26-231"}, E::lint_bad_date},
        {Linter::yyyymmdd,
         {"20261231", "20000229", "20240229"},
         {"20261200", "19000229", "21000229", "20261301", "2026123"},
         E::lint_bad_date},
        {Linter::hh, {"00", "23"}, {"24", "2", "2A"}, E::lint_bad_date},
        {Linter::mi, {"00", "59"}, {"60", "5"}, E::lint_bad_date},
        {Linter::ss, {"00", "59"}, {"60", "599"}, E::lint_bad_date},
        {Linter::hhmi, {"0000", "2359"}, {"2400", "2360", "9999", "235"}, E::lint_bad_date},
        {Linter::iso3166,
         {"004", "276", "894", "840"},
         {"000", "999", "895", "27", "A76"},
         E::lint_bad_country},
        {Linter::iso3166999, {"276", "999"}, {"998", "000"}, E::lint_bad_country},
        {Linter::iso3166alpha2,
         {"AD", "DE", "ZW", "US"},
         {"AA", "ZZ", "de", "D", "DEU"},
         E::lint_bad_country},
        {Linter::iso4217,
         {"978", "840", "008", "999", "997"},
         {"000", "001", "998", "98"},
         E::lint_bad_currency},
        {Linter::iso5218, {"0", "1", "2", "9"}, {"3", "8", "", "10"}},
        {Linter::iban,
         {"DE91100000000123456789",
          "GB98MIDL07009312345678",
          "BE71096123456769",
          "MT90MALT011000012345MTLCAST001SABC"},
         {"BE71096123456760",
          "XX361234567890",
          "FR1234",
          "LC14BOSLxx3456789012345678901230",
          "BE",
          "MTXXMALT011000012345MTLCAST001SABCD"},
         E::lint_bad_iban},
        {Linter::pcenc,
         {"ABC", "A%20B", "%ff%00", ""},
         {"%", "%2", "%2g", "A%g0", "ABC%0g"},
         E::lint_bad_percent_encoding},
        {Linter::pieceoftotal,
         {"0101", "0102", "9999", "11", "001010"},
         {"0201", "0001", "0100", "101", "", "00"},
         E::lint_bad_piece_of_total},
        {Linter::posinseqslash,
         {"1/1", "9/10", "2/9"},
         {"2/1", "0/1", "1/0", "01/2", "1/", "/1", "1", "x/1", "1/x", "1//2", "10/9"}},
        {Linter::importeridx, {"A", "z", "0", "-", "_"}, {"/", "=", " ", "AB", ""}},
        {Linter::latitude,
         {"0000000000", "1800000000"},
         {"1800000001", "180000000", "A800000000"},
         E::lint_bad_geo},
        {Linter::longitude,
         {"0000000000", "3600000000"},
         {"3600000001", "36000000000"},
         E::lint_bad_geo},
        {Linter::mediatype, {"01", "10", "80", "99"}, {"00", "11", "29", "30", "79", "1"}},
        {Linter::packagetype,
         {"1A", "8", "9", "200", "APE", "X20", "ZZ", "PX"},
         {"0", "2", "1", "XX", "ZZZ", "1A ", "A 1", "pe"}},
        {Linter::nonzero, {"0001", "1"}, {"0000", "0"}},
        {Linter::nozeroprefix, {"1", "10"}, {"0", "01", ""}},
        {Linter::zero, {"0", "000"}, {"1", "001", ""}},
        {Linter::yesno, {"0", "1"}, {"2", "9", ""}},
        {Linter::winding, {"0", "1", "9"}, {"2", "8", ""}},
        {Linter::hyphen, {"-", "---"}, {"+", "-1", ""}},
        {Linter::hasnondigit, {"A1", "1-1"}, {"1", "123"}},
        {Linter::couponcode,
         {"012345612345611110123",
          "0123456123456111101231011012331234567"
          "89",
          "0123456123456111101232110123212345678",
          "01234561234561111012350123456",
          "01234561234561111012361"
          "1234567",
          "01234561234561111012335001014350101",
          "01234561234561111012390000",
          "6123456789012123456511111511111"
          "9123"},
         {"",
          "0",
          "7123456",
          "012345",
          "01234561234560",
          "012345612345616",
          "0123456123456111150",
          "01234561234561111012",
          "0123456123456111101231",
          "01234561234561111012314",
          "0123456123456111101233200010",
          "01234561234561111012335006064500607",
          "01234561234561111012360",
          "01234561234561111012393",
          "01234561234561111012390002",
          "012345612345611110123900000"},
         E::lint_bad_coupon},
        {Linter::couponposoffer,
         {"001234561234560123456", "061234567890121234569123456789012345"},
         {"",
          "0",
          "07",
          "2012345612345601234"
          "56",
          "00123",
          "00123456",
          "00123456123456",
          "001234561234560",
          "0012345612345601234567"},
         E::lint_bad_coupon},
    };
    return all;
}

}  // namespace

TEST_CASE("each of the 34 content checks takes what is right and refuses what is not",
          "[barcode][checks]") {
    CHECK(checks().size() == 34);
    for (const Check& wanted : checks()) {
        for (const std::string& value : wanted.good) {
            INFO(name_of(wanted.linter) << " '" << value << "'");
            CHECK(name_of(check(wanted.linter, value).error) == "none");
        }
        for (const std::string& value : wanted.bad) {
            INFO(name_of(wanted.linter) << " '" << value << "'");
            CHECK(name_of(check(wanted.linter, value).error) == name_of(wanted.error));
        }
    }
}

TEST_CASE("the name of each content check leads back to it", "[barcode][checks]") {
    for (const Check& wanted : checks()) {
        CHECK(linter_named(name_of(wanted.linter)) == wanted.linter);
    }
    CHECK_FALSE(linter_named("nosuch"));
}

TEST_CASE("coupons hold letters nowhere", "[barcode][checks]") {
    CHECK(check(Linter::couponposoffer, "a01234561234560123456").error ==
          ErrorClass::lint_bad_value);
    CHECK(check(Linter::couponcode, "01234561234561111012a").error == ErrorClass::lint_bad_value);
}

TEST_CASE("the character sets are those of the General Specifications", "[barcode][checks]") {
    const std::string cset82 =
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    CHECK(cset82.size() == 82);
    for (int byte = 0; byte < 256; ++byte) {
        const std::string one(1, static_cast<char>(byte));
        const auto in = [&one](const std::string& set) {
            return set.find(one) != std::string::npos;
        };
        INFO("byte " << byte);
        const auto takes = [&one](Charset set) {
            return check_charset(set, one).error == ErrorClass::none;
        };
        CHECK(takes(Charset::cset82) == in(cset82));
        CHECK(takes(Charset::cset39) == in("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
        CHECK(takes(Charset::digits) == in("0123456789"));
    }
}

TEST_CASE("a signature is padded to a multiple of three or not at all", "[barcode][checks]") {
    const auto takes = [](std::string_view text) {
        return check_charset(Charset::base64url, text).error == ErrorClass::none;
    };
    CHECK(takes("ABCxyz019-_"));
    CHECK(takes("12="));
    CHECK(takes("1=="));
    CHECK_FALSE(takes("123="));
    CHECK_FALSE(takes("12=="));
    CHECK_FALSE(takes("==="));
    CHECK_FALSE(takes("A=B"));
    CHECK_FALSE(takes("A+B"));
}

TEST_CASE("a wrong byte is found where it stands", "[barcode][checks]") {
    CHECK(check_charset(Charset::cset82, "AB~").offset == 2);
    CHECK(check(Linter::yymmdd, "261301").offset == 2);
    CHECK(check(Linter::yymmdd, "261132").offset == 4);
    CHECK(check(Linter::pcenc, "AB%0g").offset == 2);
    CHECK(check(Linter::csum, "06141412345213").offset == 13);
}
