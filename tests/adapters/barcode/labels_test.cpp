// Several codes of one label, lost separators, and what is printed.

#include "adapters/barcode/label.hpp"
#include "adapters/barcode/separator.hpp"
#include "adapters/barcode/zpl_field.hpp"
#include "tests/adapters/barcode/spoken.hpp"

#include <catch2/catch.hpp>

#include <regex>
#include <string>
#include <vector>

using namespace lotgate;
using namespace lotgate::barcode;

namespace {

Label label_with(const std::vector<std::string>& raws) {
    std::vector<Decoded> scans;
    for (const std::string& raw : raws) scans.push_back(scanned(raw));
    return merge_label(scans, today);
}

std::string contradictions_in(const Label& label) {
    std::string text;
    for (const Contradiction& c : label.contradictions) {
        text += c.what + ": " + c.first + " / " + c.second + "; ";
    }
    return text;
}

ProductPatterns patterns(const char* lot, const char* serial = nullptr) {
    ProductPatterns made;
    if (lot != nullptr) {
        made.lot = [pattern = std::regex(lot)](std::string_view text) {
            return std::regex_match(std::string(text), pattern);
        };
    }
    if (serial != nullptr) {
        made.serial = [pattern = std::regex(serial)](std::string_view text) {
            return std::regex_match(std::string(text), pattern);
        };
    }
    return made;
}

const std::string swallowed =
    "]C10107032069804988"
    "10032915210526";

}  // namespace

TEST_CASE("codes of one label make one identity", "[barcode][label]") {
    const Label label = label_with({"]E02112345678900",
                                    "]C110LOT7\x1d"
                                    "17261231",
                                    "]A0SER-1"});
    CHECK(label.is_complete());
    CHECK(label.identity.gtin->text() == "02112345678900");
    CHECK(label.identity.lot->as_labelled() == "LOT7");
    CHECK(to_string(label.identity.expiry->date) == "2026-12-31");
    CHECK(label.identity.plain == "SER-1");
}

TEST_CASE("companions may stand on another code of the label", "[barcode][label]") {
    const Label alone = label_with({"]C110LOT7"});
    CHECK(alone.is_consistent());
    CHECK_FALSE(alone.is_complete());
    CHECK(alone.missing_for == std::vector<std::string>{"10"});
    CHECK(label_with({"]C110LOT7", "]C10112312312312333"}).is_complete());
    CHECK(label_with({"]C10212312312312333"
                      "3724",
                      "]C100123456789012345675"})
              .is_complete());
}

TEST_CASE("codes that contradict each other are named, not reconciled", "[barcode][label]") {
    const Label lots =
        label_with({"]C10112312312312333"
                    "10LOT7",
                    "]C110LOT8"});
    CHECK(contradictions_in(lots) == "lot: LOT7 / LOT8; ");
    CHECK(lots.contradictions[0].first_scan == 0);
    CHECK(lots.contradictions[0].second_scan == 1);
    CHECK(lots.identity.lot->as_labelled() == "LOT7");
    CHECK(contradictions_in(label_with({"]E02112345678900", "]C10112312312312333"})) ==
          "GTIN: 02112345678900 / 12312312312333; ");
    CHECK(contradictions_in(label_with({"]C110A\x1d"
                                        "21S",
                                        "]C110A\x1d"
                                        "21s"})) == "serial: S / s; ");
    CHECK(contradictions_in(label_with({"]C117261231", "]C117261130"})) ==
          "expiry: 2026-12-31 / 2026-11-30; ");
    CHECK(contradictions_in(label_with({"]C1400A", "]C1400B"})) == "(400): A / B; ");
    CHECK(contradictions_in(label_with({"]C10112312312312333", "]C10212312312312333"})) ==
          "pairing: 02 / ai_pair_conflict; ");
}

TEST_CASE("the same lot in another spelling, and a re-read, contradict nothing",
          "[barcode][label]") {
    CHECK(label_with({"]C110lot-7", "]C110LOT-7"}).is_consistent());
    CHECK(label_with({"]C110A", "]C110A", "]d210A"}).is_consistent());
    // The last day of a month, written as such and as day 00.
    CHECK(label_with({"]C117261100", "]C117261130"}).is_consistent());
}

TEST_CASE("a refused code adds nothing but is counted", "[barcode][label]") {
    const Label label = label_with({"]C10112312312312334", "]C110A"});
    CHECK(label.refused_scans == 1);
    CHECK_FALSE(label.identity.gtin);
    CHECK(label.identity.lot->as_labelled() == "A");
    CHECK(label_with({}).is_complete());
}

TEST_CASE("an HIBC secondary must be of the primary beside it", "[barcode][label]") {
    const std::string primary = "]C0+A123BJC5D6E71G";
    const auto secondary = [](char link) {
        std::string text = std::string("+$LOT7") + link;
        constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
        std::size_t sum = 0;
        for (const char c : text) sum += alphabet.find(c);
        return "]C0" + text + alphabet[sum % 43];
    };
    const Label fits = label_with({primary, secondary('G')});
    CHECK(fits.is_consistent());
    CHECK(fits.identity.hibc_item == "A123BJC5D6E7");
    CHECK(fits.identity.lot->as_labelled() == "LOT7");
    CHECK(contradictions_in(label_with({primary, secondary('H')})) == "HIBC link: G / H; ");
}

TEST_CASE("a swallowed date is found by what lots of the product look like",
          "[barcode][separator]") {
    // (10)0329 GS (15)210526 without its GS.
    const Decoded decoded = scanned(swallowed);
    CHECK(elements_in(decoded) == "01=07032069804988 10=032915210526");
    const SeparatorFinding lost = find_lost_separator(decoded, patterns("[0-9]{4}"));
    CHECK(lost.verdict == SeparatorVerdict::lost);
    CHECK(lost.ai == "10");
    CHECK(lost.position == 21);
    REQUIRE(lost.readings.size() == 1);
    const OtherReading wanted{{"01", "07032069804988"}, {"10", "0329"}, {"15", "210526"}};
    CHECK(lost.readings[0] == wanted);
}

TEST_CASE("what cannot be decided is said to be undecided", "[barcode][separator]") {
    const Decoded decoded = scanned(swallowed);
    CHECK(find_lost_separator(decoded, patterns("[0-9]{4,12}")).verdict ==
          SeparatorVerdict::ambiguous);
    CHECK(find_lost_separator(decoded, patterns("[0-9]{12}")).verdict == SeparatorVerdict::none);
    CHECK(find_lost_separator(decoded, {}).verdict == SeparatorVerdict::possible);
    // Neither reading is of the product: that is another matter than a separator.
    CHECK(find_lost_separator(decoded, patterns("[A-Z]+")).verdict == SeparatorVerdict::none);
}

TEST_CASE("a swallowed serial must fit as well", "[barcode][separator]") {
    const Decoded decoded = scanned(
        "]C10107032069804988"
        "10ABC2112345");
    CHECK(find_lost_separator(decoded, patterns("[A-Z]{3}", "[0-9]{5}")).verdict ==
          SeparatorVerdict::lost);
    CHECK(find_lost_separator(decoded, patterns("[A-Z]{3}", "[0-9]{9}")).verdict ==
          SeparatorVerdict::none);
    CHECK(find_lost_separator(decoded, patterns("[A-Z0-9]{10}", "[0-9]{5}")).verdict ==
          SeparatorVerdict::none);
    CHECK(find_lost_separator(decoded, patterns("[A-Z0-9]+", "[0-9]{5}")).verdict ==
          SeparatorVerdict::ambiguous);
}

TEST_CASE("ordinary lots are left alone", "[barcode][separator]") {
    for (const char* raw : {"]C10107032069804988"
                            "10LOT-A",
                            "]C10107032069804988"
                            "10A91B99",
                            "]C10107032069804988"
                            "10A\x1d"
                            "17261231",
                            "]E02112345678900"}) {
        INFO(raw);
        CHECK(find_lost_separator(scanned(raw), {}).verdict == SeparatorVerdict::none);
    }
    // The label has its (17) already: no second one is hidden in the lot.
    CHECK(find_lost_separator(scanned("]C10107032069804988"
                                      "17261231"
                                      "10A17261231"),
                              {})
              .verdict == SeparatorVerdict::none);
}

TEST_CASE("element strings are written with the separators they need", "[barcode][print]") {
    using List = std::vector<LabelElement>;
    CHECK(*element_string(
              List{{"01", "12312312312333"}, {"10", "A"}, {"17", "261231"}, {"21", "B"}}) ==
          "0112312312312333"
          "10A\x1d"
          "17261231"
          "21B");
    CHECK(bracketed_string(List{{"10", "A(B"}, {"21", "C"}}) == "(10)A\\(B(21)C");
    for (const List& wrong : {List{},
                              List{{"1", "A"}},
                              List{{"89", "A"}},
                              List{{"10", "A B"}},
                              List{{"10",
                                    "A\x1d"
                                    "B"}},
                              List{{"10", "A^XZ"}},
                              List{{"10", ""}},
                              List{{"01", "12312312312334"}},
                              List{{"10", std::string_view("A\0", 2)}},
                              List{{"01", "12312312312333"}, {"02", "12312312312333"}}}) {
        CHECK_FALSE(element_string(wrong));
    }
}

TEST_CASE("a printed value starts no command", "[barcode][print]") {
    using List = std::vector<LabelElement>;
    const List odd{{"01", "12312312312333"}, {"10", "A_>%&*'\"<=;:"}, {"21", "~"}};
    CHECK_FALSE(code128_field(odd));
    CHECK_FALSE(datamatrix_field(odd));
    const List good{{"01", "12312312312333"}, {"10", "A_>%&*'\"<=;:"}, {"21", "7"}};
    CHECK(*datamatrix_field(good) ==
          "@10112312312312333"
          "10A_>%&*'\"<=;:@1"
          "217");
    CHECK(*datamatrix_field(good, '\\') ==
          "\\10112312312312333"
          "10A_>%&*'\"<=;:\\1"
          "217");
    CHECK(code128_field(good)->find('^') == std::string::npos);
    CHECK(text_field("LOT^FS~JA_\n\xc3\xa9") == "LOT_5EFS_7EJA_5F _C3_A9");
    CHECK(*code128_plain_field("A>B^C") == ">:A>0B_5EC");
    CHECK_FALSE(code128_plain_field("A\nB"));
    CHECK_FALSE(code128_plain_field(""));
    CHECK(*qr_field("https://id.gs1.org/01/1_2") == "MA,https://id.gs1.org/01/1_5F2");
    CHECK_FALSE(qr_field("\xff"));
}

TEST_CASE("the leading digits of a linear symbol go in pairs", "[barcode][print]") {
    using List = std::vector<LabelElement>;
    CHECK(*code128_field(List{{"00", "123456789012345675"}}) == ">;>800123456789012345675");
    CHECK(*code128_field(List{{"01", "12312312312333"}, {"10", "LOT42"}}) ==
          ">;>8"
          "01123123123123331"
          "0>6LOT42");
    CHECK(*code128_field(List{{"10", "A>B"}}) == ">;>810>6A>0B");
    CHECK(*code128_field(List{{"10", "A12345"}, {"21", "9"}}) == ">;>810>6A12345>8219");
    const std::string lot(20, 'A');
    const std::string reference(30, 'B');
    CHECK_FALSE(code128_field(List{{"10", lot}, {"400", reference}}));
}
