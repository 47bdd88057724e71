#include "adapters/transport/scan_policy.hpp"

#include "adapters/transport/scan_feedback.hpp"
#include "adapters/transport/scanner_profile.hpp"
#include "tests/kit/settings_text.hpp"

#include <catch2/catch.hpp>

namespace lotgate::adapters {

using namespace std::chrono_literals;

TEST_CASE("what scanners say when they saw nothing is a no-read, not a code", "[adapters][scan]") {
    ScanPolicy policy({});
    for (const char* text :
         {"NOREAD", "NoRead", "NO READ", "ERROR", "?", "??????", "", "  ", " ? "}) {
        INFO('"' << text << '"');
        const ScanReads reads = policy.judge(text, 0ns);
        CHECK(reads.is_no_read);
        CHECK(reads.codes.empty());
    }
    CHECK_FALSE(policy.judge("NOREADING", 0ns).is_no_read);
}

TEST_CASE("the same code within the quiet time is one object", "[adapters][scan]") {
    ScanPolicy policy({});
    CHECK(policy.judge("A", 0ms).codes.size() == 1);
    CHECK(policy.judge("A", 300ms).codes.empty());
    // Each sighting renews the quiet time: a carton that stands there is read once.
    CHECK(policy.judge("A", 600ms).codes.empty());
    CHECK(policy.judge("B", 610ms).codes.size() == 1);
    CHECK(policy.judge("A", 901ms).codes.size() == 1);
    CHECK(policy.suppressed() == 2);
}

TEST_CASE("a photo-eye edge makes every code new", "[adapters][scan]") {
    ScanPolicy policy({});
    CHECK(policy.judge("A", 0ms).codes.size() == 1);
    policy.new_object();
    CHECK(policy.judge("A", 1ms).codes.size() == 1);
}

TEST_CASE("several codes in one frame are several reads", "[adapters][scan]") {
    ScanPolicyConfig config;
    config.code_separator = ";";
    ScanPolicy policy(config);
    CHECK(policy.judge("A;B;;A", 0ms).codes == std::vector<std::string>{"A", "B"});
    CHECK(policy.suppressed() == 1);
}

TEST_CASE("GS may not separate codes, since GS1 codes contain it", "[adapters][scan]") {
    kit::SettingsText text("code_separator = '\\x1D'\n");
    SettingsTable table = text.table();
    (void)parse_scan_policy(table, ScannerProfile());
    CHECK(text.problems().size() == 1);
}

TEST_CASE("the scanner is told the verdict in its own words", "[adapters][scan]") {
    kit::SettingsText text(
        "answer_good = 'OK {code}\\r\\n'\nanswer_bad = '\\x02{code}: {told}\\x03'\n");
    SettingsTable table = text.table();
    const ScanFeedback feedback = parse_scan_feedback(table);
    CHECK(text.complaints().empty());
    CHECK(feedback.text_for({Light::good, "ACCEPT", "Go on."}) == "OK ACCEPT\r\n");
    CHECK(feedback.text_for({Light::bad, "LOT_EXPIRED", "Put it\r\naside."}) ==
          "\x02LOT_EXPIRED: Put it  aside.\x03");
    CHECK(feedback.text_for({Light::attention, "RECOUNT", ""}).empty());
}

}  // namespace lotgate::adapters
