// Every application identifier of the table: values made from its own line are taken, values that
// break one thing are refused with that thing's class.

#include "adapters/barcode/dictionary.hpp"
#include "adapters/barcode/dictionary_build.hpp"
#include "adapters/barcode/linters.hpp"
#include "store/model/identity.hpp"
#include "tests/adapters/barcode/spoken.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>

using namespace lotgate;
using namespace lotgate::barcode;

namespace {

std::string checked(std::string digits) {
    return digits + gs1_check_digit(digits);
}

// A value of exactly `size` characters that the component's checks take.
std::string good_part(const Component& component, std::size_t size) {
    const std::string filler(size, component.charset == Charset::digits ? '1' : 'A');
    switch (component.linters[0]) {
        case Linter::csum:
            return checked(std::string(size - 1, '1'));
        case Linter::yymmd0:
        case Linter::yymmdd:
            return "261231";
        case Linter::yyyymmdd:
            return "20261231";
        case Linter::hh:
            return "23";
        case Linter::mi:
        case Linter::ss:
            return "59";
        case Linter::hhmi:
            return "2359";
        case Linter::iso3166:
        case Linter::iso3166999:
            return "276";
        case Linter::iso3166alpha2:
            return "DE";
        case Linter::iso4217:
            return "978";
        case Linter::iban:
            return size > 22 ? "MT90MALT011000012345MTLCAST001SABC" : "DE91100000000123456789";
        case Linter::pieceoftotal:
            return "0102";
        case Linter::posinseqslash:
            return "1/2";
        case Linter::latitude:
            return "1800000000";
        case Linter::longitude:
            return "3600000000";
        case Linter::mediatype:
            return "10";
        case Linter::packagetype:
            return "PX";
        case Linter::zero:
            return std::string(size, '0');
        case Linter::winding:
            return "9";
        case Linter::hyphen:
            return std::string(size, '-');
        case Linter::gcppos1:
            return std::string(std::max<std::size_t>(size, 4), '1');
        case Linter::couponcode:
            return "012345612345611110123101101233123456789";
        case Linter::couponposoffer:
            return "061234567890121234569123456789012345";
        case Linter::csumalpha: {
            const std::string data = "1234A" + std::string(size > 7 ? size - 7 : 0, 'b');
            const CheckPair pair = check_pair(data);
            return data + pair.first + pair.second;
        }
        default:
            return filler;
    }
}

std::string shortest_value(const AiEntry& entry) {
    std::string value;
    for (std::size_t i = 0; i < entry.component_count; ++i) {
        const Component& component = entry.components[i];
        if (!component.optional) value += good_part(component, component.min);
    }
    return value;
}

std::string longest_value(const AiEntry& entry) {
    std::string value;
    for (std::size_t i = 0; i < entry.component_count; ++i) {
        value += good_part(entry.components[i], entry.components[i].max);
    }
    return value;
}

std::string bracketed(const AiEntry& entry, const std::string& value) {
    return "(" + std::string(entry.name()) + ")" + value;
}

}  // namespace

TEST_CASE("the table holds the 541 identifiers of the release it was made from",
          "[barcode][table]") {
    const auto entries = built_in_dictionary().entries();
    CHECK(entries.size() == 541);
    const auto count = [&](auto predicate) {
        return std::count_if(entries.begin(), entries.end(), predicate);
    };
    CHECK(count([](const AiEntry& e) { return e.predefined_length; }) == 337);
    CHECK(count([](const AiEntry& e) { return e.link_attribute; }) == 525);
    CHECK(count([](const AiEntry& e) { return e.link_key; }) == 16);
}

TEST_CASE("no separator is asked for exactly where the first two digits fix the length",
          "[barcode][table]") {
    for (const AiEntry& entry : built_in_dictionary().entries()) {
        INFO(entry.name());
        CHECK(entry.predefined_length == (predefined_value_length(entry.name()) != 0));
        if (entry.predefined_length) {
            CHECK(entry.value_max == predefined_value_length(entry.name()));
        }
    }
}

TEST_CASE("every identifier takes its shortest and its longest value", "[barcode][table]") {
    for (const AiEntry& entry : built_in_dictionary().entries()) {
        for (const std::string& value : {shortest_value(entry), longest_value(entry)}) {
            INFO(bracketed(entry, value));
            const Decoded keyed = typed(bracketed(entry, value));
            CHECK(verdict_on(keyed) == "ok");
            const std::string ai(entry.name());
            const Decoded scan = scanned("]C1" + ai + value);
            CHECK(verdict_on(scan) == "ok");
            CHECK(elements_in(scan) == ai + "=" + value);
            CHECK(elements_in(keyed) == elements_in(scan));
        }
    }
}

TEST_CASE("every identifier refuses a value that is one too long or too short",
          "[barcode][table]") {
    for (const AiEntry& entry : built_in_dictionary().entries()) {
        const std::string longer = std::string(entry.value_max + 1U, '1');
        INFO(bracketed(entry, longer));
        CHECK(verdict_on(typed(bracketed(entry, longer))) == "value_too_long");
        if (entry.value_min < 2) continue;
        const std::string shorter(entry.value_min - 1U, '1');
        INFO(shorter);
        CHECK(verdict_on(typed(bracketed(entry, shorter))) == "value_too_short");
        CHECK_FALSE(scanned("]C1" + std::string(entry.name()) + shorter).ok());
    }
}

TEST_CASE("every identifier refuses an empty value", "[barcode][table]") {
    for (const AiEntry& entry : built_in_dictionary().entries()) {
        INFO(entry.name());
        CHECK(verdict_on(typed(bracketed(entry, ""))) == "malformed_brackets");
        CHECK(verdict_on(scanned("]C1" + std::string(entry.name()))) == "value_empty");
    }
}

TEST_CASE("every identifier refuses a character outside its set, and says where",
          "[barcode][table]") {
    for (const AiEntry& entry : built_in_dictionary().entries()) {
        std::string value = shortest_value(entry);
        value[0] = entry.components[0].charset == Charset::digits ? 'A' : '~';
        INFO(bracketed(entry, value));
        const Decoded decoded = typed(bracketed(entry, value));
        const bool number = entry.components[0].charset == Charset::digits;
        CHECK(verdict_on(decoded) == (number ? "lint:bad_value" : "lint:bad_character"));
        CHECK(decoded.error().position == entry.ai_size + 2U);
    }
}

TEST_CASE("every check digit that is wrong is refused", "[barcode][table]") {
    std::size_t tried = 0;
    for (const AiEntry& entry : built_in_dictionary().entries()) {
        std::size_t end = 0;
        for (std::size_t i = 0; i < entry.component_count; ++i) {
            end += entry.components[i].max;
            if (entry.components[i].linters[0] == Linter::csum) break;
        }
        const bool has_check =
            std::any_of(entry.components.begin(), entry.components.end(), [](const Component& c) {
                return c.linters[0] == Linter::csum;
            });
        if (!has_check) continue;
        ++tried;
        std::string value = shortest_value(entry);
        char& digit = value[end - 1];
        digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
        INFO(bracketed(entry, value));
        CHECK(verdict_on(typed(bracketed(entry, value))) == "bad_check_digit");
    }
    CHECK(tried == 20);
}

TEST_CASE("an identifier that no table knows is refused, and kept where the site permits it",
          "[barcode][table]") {
    DecodeOptions permissive;
    permissive.permit_unknown_ais = true;
    std::size_t unknown = 0;
    for (int number = 0; number < 100; ++number) {
        const std::string ai = std::to_string(100 + number).substr(1);
        if (built_in_dictionary().ai_length(ai) != 0) continue;
        ++unknown;
        INFO(ai);
        CHECK(verdict_on(typed("(" + ai + ")ABC")) == "unknown_ai");
        permissive.form = Form::bracketed;
        const int fixed = predefined_value_length(ai);
        const std::string value =
            fixed == 0 ? "ABC" : std::string(static_cast<std::size_t>(fixed), 'A');
        const Decoded kept = decode("(" + ai + ")" + value, permissive);
        CHECK(elements_in(kept) == ai + "=" + value);
        CHECK(warns(kept, WarningClass::unknown_ai_kept));
    }
    CHECK(unknown > 40);
}

TEST_CASE("an unknown identifier in a scan is kept only where its length is known",
          "[barcode][table]") {
    DecodeOptions permissive;
    permissive.permit_unknown_ais = true;
    permissive.form = Form::scan;
    CHECK(elements_in(decode("]C1236ABC\x1d"
                             "10L",
                             permissive)) == "236=ABC 10=L");
    CHECK(elements_in(decode("]C14191234567890123"
                             "10L",
                             permissive)) == "419=1234567890123 10=L");
    CHECK(verdict_on(decode("]C1891234", permissive)) == "unknown_ai");
    CHECK(verdict_on(decode("]C1236ABC")) == "unknown_ai");
    permissive.form = Form::bracketed;
    CHECK(verdict_on(decode("(011)1", permissive)) == "unknown_ai");
    CHECK(verdict_on(decode("(80)1", permissive)) == "unknown_ai");
    CHECK(verdict_on(decode("(399)1", permissive)) == "unknown_ai");
    CHECK(verdict_on(decode("(3999)1", permissive)) == "ok");
}

TEST_CASE("prefixes that are reserved are never read into", "[barcode][table]") {
    // 04, 14, 18 and 19 have predefined lengths but no meaning: nothing behind them is certain.
    for (const std::string ai : {"04", "14", "18", "19"}) {
        const Decoded decoded = scanned("]C1" + ai + "12345610LOT");
        INFO(ai);
        CHECK(verdict_on(decoded) == "unknown_ai");
        CHECK(decoded.error().position == 3);
    }
}
