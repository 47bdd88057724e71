// What holds of all inputs, tried on many: reading back what was written, borders, and time.

#include "adapters/barcode/digital_link.hpp"
#include "adapters/barcode/zpl_field.hpp"
#include "store/model/identity.hpp"
#include "tests/adapters/barcode/spoken.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <ctime>
#include <string>
#include <vector>

using namespace lotgate;
using namespace lotgate::barcode;

namespace {

struct Printed {
    std::string gtin;
    std::string lot;
    std::string serial;
    std::string expiry;
    std::string note;

    [[nodiscard]] std::vector<LabelElement> elements() const {
        return {{"01", gtin}, {"10", lot}, {"17", expiry}, {"21", serial}, {"240", note}};
    }
};

rc::Gen<std::string> cset82_text(int longest) {
    const std::string cset82 =
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    return rc::gen::mapcat(rc::gen::inRange(1, longest + 1), [cset82](int size) {
        return rc::gen::container<std::string>(static_cast<std::size_t>(size),
                                               rc::gen::elementOf(cset82));
    });
}

Printed any_printed() {
    Printed printed;
    const auto digits = *rc::gen::container<std::string>(13, rc::gen::inRange('0', ':'));
    printed.gtin = digits + gs1_check_digit(digits);
    printed.lot = *cset82_text(20);
    printed.serial = *cset82_text(20);
    printed.note = *cset82_text(30);
    const auto two = [](int n) { return std::to_string(100 + n).substr(1); };
    printed.expiry = two(*rc::gen::inRange(0, 100)) + two(*rc::gen::inRange(1, 13)) +
                     two(*rc::gen::inRange(0, 29));
    return printed;
}

bool says(const Decoded& decoded, const std::vector<LabelElement>& elements) {
    if (!decoded.ok() || decoded.element_count() != elements.size()) return false;
    for (const LabelElement& element : elements) {
        if (decoded.find(element.ai) != element.value) return false;
    }
    return true;
}

// Bytes that are likely to be taken for something.
rc::Gen<std::string> suspicious_bytes() {
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(
                            rc::gen::elementOf(std::vector<std::string>{"]d2",
                                                                        "]C1",
                                                                        "]E0",
                                                                        "]Q1",
                                                                        "]zB",
                                                                        "01",
                                                                        "12312312312333",
                                                                        "10",
                                                                        "21",
                                                                        "17",
                                                                        "261231",
                                                                        "00",
                                                                        "123456789012345675",
                                                                        "8003",
                                                                        "8110",
                                                                        "8112",
                                                                        "3103",
                                                                        "7007",
                                                                        "4309",
                                                                        "\x1d",
                                                                        "\x1e",
                                                                        "\x04",
                                                                        "[)>\x1e",
                                                                        "06",
                                                                        "05",
                                                                        "S",
                                                                        "1T",
                                                                        "+A123P1",
                                                                        "/$$",
                                                                        "+$$3",
                                                                        "https://",
                                                                        "id.gs1.org",
                                                                        "/",
                                                                        "/01/",
                                                                        "?",
                                                                        "=",
                                                                        "&",
                                                                        "%",
                                                                        "%2F",
                                                                        "urn:epc:id:sgtin:",
                                                                        ".",
                                                                        "(",
                                                                        ")",
                                                                        "\\(",
                                                                        "A",
                                                                        "\xff",
                                                                        std::string(1, '\0'),
                                                                        "|]e0",
                                                                        "^",
                                                                        "425261",
                                                                        " "})),
                        [](const std::vector<std::string>& parts) {
                            std::string bytes;
                            for (const std::string& part : parts) bytes += part;
                            return bytes;
                        });
}

}  // namespace

TEST_CASE("what was written as an element string, typed or linked is read again",
          "[barcode][property]") {
    rc::prop("decode(encode(x)) is x, in every form", [] {
        const Printed printed = any_printed();
        const auto elements = printed.elements();
        const auto written = element_string(elements);
        RC_ASSERT(written);
        RC_ASSERT(says(scanned("]d2" + *written), elements));
        RC_ASSERT(says(scanned("]C1" + *written), elements));
        const auto link = digital_link_uri(elements);
        RC_ASSERT(link);
        RC_ASSERT(says(link_read(*link), elements));
        RC_ASSERT(says(scanned("]Q1" + *link), elements));
        RC_ASSERT(says(typed(bracketed_string(elements)), elements));
    });
}

TEST_CASE("any bytes give an answer within their borders", "[barcode][property]") {
    rc::prop("positions and values stay inside the scan", [] {
        const std::string bytes = *suspicious_bytes();
        const Decoded decoded = decode(bytes);
        RC_ASSERT(decoded.raw() == bytes);
        RC_ASSERT(decoded.error().position <= bytes.size());
        RC_ASSERT(decoded.ok() || decoded.element_count() == 0U);
        RC_ASSERT(!explain(decoded, decoded.error()).empty());
        for (const Element element : decoded.elements()) {
            RC_ASSERT(element.position <= bytes.size());
            RC_ASSERT(!element.value.empty());
        }
        static_cast<void>(identify(decoded, today));
    });
    rc::prop("and so does pure noise", [](const std::string& bytes) {
        for (const char* aim : {"", "]d2", "]Q1", "]C0", "]E0"}) {
            const Decoded decoded = decode(aim + bytes);
            RC_ASSERT(decoded.error().position <= decoded.raw().size());
        }
    });
}

TEST_CASE("no scan takes longer than its length allows", "[barcode][property]") {
    // Processor time: what else the machine does is not the decoder's doing.
    const auto milliseconds_for = [](const std::string& raw) {
        const std::clock_t start = std::clock();
        static_cast<void>(identify(decode(raw), today));
        return (std::clock() - start) * 1000 / CLOCKS_PER_SEC;
    };
    // Each repeats what makes a reader look ahead. 64 KiB in half a second, unoptimised and under
    // a sanitizer, is 8 microseconds a byte; quadratic work would take minutes.
    for (const char* piece : {"10A\x1d",
                              "\x1d",
                              "/10/A",
                              "&99=A",
                              "&",
                              "(10)A",
                              "/$$7",
                              "06\x1d",
                              "(",
                              "S1\x1d",
                              "%20",
                              "01",
                              "\\(",
                              "1",
                              "A",
                              "/",
                              ".",
                              "11261231"}) {
        for (const char* start : {"]d2",
                                  "]Q1https://a/01/12312312312333?x",
                                  "]Q1https://a",
                                  "(10)A",
                                  "]C0+A123P1/",
                                  "[)>\x1e"
                                  "06\x1d",
                                  "urn:epc:id:giai:0614141.",
                                  ""}) {
            std::string raw = start;
            while (raw.size() + 16 < raw_bytes_max) raw += piece;
            INFO(start << " then many " << piece);
            CHECK(milliseconds_for(raw) < 500);
        }
    }
}
