// GS1's own dictionary file at start-up: the same table, a newer one, or a line and a reason.

#include "adapters/barcode/dictionary.hpp"

#include "tests/adapters/barcode/spoken.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

using namespace lotgate;
using namespace lotgate::barcode;

namespace {

std::string refusal_of(const std::string& file) {
    const auto loaded = load_gs1_dictionary(file);
    return loaded ? "loaded" : loaded.error().detail();
}

std::string terms_of(const Dictionary& dictionary, TermRange range) {
    std::ostringstream text;
    for (const Term& term : dictionary.terms(range)) {
        text << term.first << '-' << term.last << (term.ends_alternative ? "," : "+")
             << (term.ends_group ? ";" : "");
    }
    return text.str();
}

bool same_components(const AiEntry& a, const AiEntry& b) {
    if (a.component_count != b.component_count) return false;
    for (std::size_t i = 0; i < a.component_count; ++i) {
        const Component& x = a.components[i];
        const Component& y = b.components[i];
        const bool same = x.charset == y.charset && x.min == y.min && x.max == y.max &&
                          x.optional == y.optional && x.linters == y.linters;
        if (!same) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("the built-in table says what GS1's file says", "[barcode][dictionary]") {
    std::ifstream file(LOTGATE_SOURCE_DIR "/../shared/gs1/gs1-syntax-dictionary-2026-01-27.txt");
    if (!file) {
        WARN("GS1's dictionary file does not lie beside the tree: skipped");
        return;
    }
    std::ostringstream text;
    text << file.rdbuf();
    const auto loaded = load_gs1_dictionary(text.str());
    REQUIRE(loaded);
    CHECK((*loaded)->release == "2026-01-27");
    const Dictionary& theirs = *(*loaded)->dictionary;
    const Dictionary& ours = built_in_dictionary();
    REQUIRE(theirs.entries().size() == ours.entries().size());
    for (std::size_t i = 0; i < ours.entries().size(); ++i) {
        const AiEntry& a = ours.entries()[i];
        const AiEntry& b = theirs.entries()[i];
        INFO(a.name());
        CHECK(a.name() == b.name());
        CHECK(a.title == b.title);
        CHECK(a.predefined_length == b.predefined_length);
        CHECK(a.link_attribute == b.link_attribute);
        CHECK(a.link_key == b.link_key);
        CHECK(same_components(a, b));
        CHECK(terms_of(ours, a.needs) == terms_of(theirs, b.needs));
        CHECK(terms_of(ours, a.excludes) == terms_of(theirs, b.excludes));
        CHECK(terms_of(ours, a.qualifiers) == terms_of(theirs, b.qualifiers));
    }
}

TEST_CASE("a newer file brings its new identifiers", "[barcode][dictionary]") {
    const auto loaded = load_gs1_dictionary(
        "# Release: 2027-01-15\n"
        "01   *?  N14,csum,gcppos2   dlpkey=22,10|235   # GTIN\n"
        "10    ?  X..20   req=01     # BATCH\n"
        "\n"
        "89    ?  N2,yesno [X..4]  ex=10  future=yes # NEW ONE\n");
    CHECK(refusal_of("89 N2,yesno # X\n") == "loaded");
    REQUIRE(loaded);
    CHECK((*loaded)->release == "2027-01-15");
    DecodeOptions options;
    options.dictionary = (*loaded)->dictionary.get();
    options.form = Form::bracketed;
    CHECK(verdict_on(decode("(89)11ABC(10)A", options)) == "lint:bad_value");
    CHECK(verdict_on(decode("(21)A", options)) == "unknown_ai");
    CHECK(verdict_on(decode("(10)A", options)) == "ok");
    CHECK_FALSE(decode("(10)A", options).full_ok());
    CHECK((*loaded)->entries.back().title == "NEW ONE");
    CHECK(verdict_on(typed("(89)11ABC")) == "unknown_ai");
}

TEST_CASE("a bad file is refused with its line and the reason", "[barcode][dictionary]") {
    CHECK(refusal_of("") == "line 0: no identifier in the file");
    CHECK(refusal_of("# only a comment\n") == "line 1: no identifier in the file");
    CHECK(refusal_of("01 N14\n01 N14\n") == "line 2: identifiers must ascend");
    CHECK(refusal_of("10 X..20\n01 N14\n") == "line 2: identifiers must ascend");
    CHECK(refusal_of("01 N14,nosuch\n") == "line 1: unknown check 'nosuch'");
    CHECK(refusal_of("01 *?\n") == "line 1: no component");
    CHECK(refusal_of("1 N14\n") == "line 1: an identifier has 2 to 4 digits");
    CHECK(refusal_of("01A N14\n") == "line 1: an identifier has 2 to 4 digits");
    CHECK(refusal_of("3100-3205 N6\n") ==
          "line 1: a range differs in the last digit only and ascends");
    CHECK(refusal_of("01 N..14 N3\n") == "line 1: only the last component may vary in length");
    CHECK(refusal_of("01 [N4] N3\n") ==
          "line 1: a component that must be there follows an optional one");
    CHECK(refusal_of("01 [N4\n") == "line 1: component '[N4' is not understood");
    CHECK(refusal_of("01 N99\n") == "line 1: length out of 1 to 90");
    CHECK(refusal_of("01 N90 N90\n") == "line 1: value longer than 90");
    CHECK(refusal_of("01 N14 req=0X\n") == "line 1: '0X' is no identifier or pattern");
    CHECK(refusal_of("01 N14\n010 N3\n") ==
          "line 2: identifiers with the same first two digits have the same length");
    CHECK(refusal_of(std::string((1 << 20) + 1, '#')) == "the file is larger than 1 MiB");
}
