#include "daemon/config/site_config.hpp"

#include "daemon/config/toml_reader.hpp"

#include <catch2/catch.hpp>

using lotgate::SettingsProblems;
using lotgate::config::parse_site_config;
using lotgate::config::read_toml_text;

namespace {

/// A site with one door, one pack station and one sorter.
const std::string small_site = R"(
[site]
id = "ATL-3"
zone = "America/New_York"

[store]
path = "/tmp/lotgate.db"

[[device]]
id = "D1"
kind = "tcp_scanner"
role = "client"
host = "127.0.0.1"
port = 4001

[[device]]
id = "P1"
kind = "zpl_printer"
host = "127.0.0.1"

[[device]]
id = "PLC1"
kind = "modbus_conveyor"
host = "127.0.0.1"

[[station]]
id = "DOCK-1"
step = "receive"
scanners = ["D1"]
)";

SettingsProblems problems_of(const std::string& text) {
    SettingsProblems problems;
    const auto root = read_toml_text(text, "site.toml", problems);
    if (root) static_cast<void>(parse_site_config(*root, problems));
    return problems;
}

std::string told(const SettingsProblems& problems) {
    std::string text;
    for (const auto& p : problems)
        text += std::to_string(p.place.line) + ": " + p.message + " / " + p.hint + "\n";
    return text;
}

}  // namespace

TEST_CASE("a small site is read without problems", "[config]") {
    CHECK(told(problems_of(small_site)).empty());
}

TEST_CASE("a file that is no TOML is refused with the place", "[config]") {
    const auto problems = problems_of("[site]\nid = \n");
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].place.line >= 2);
    CHECK(problems[0].message.find("not TOML") != std::string::npos);
}

TEST_CASE("all problems of a file are told at once, in the order of its lines", "[config]") {
    std::string text = small_site;
    text += R"(
[[station]]
id = "PACK-1"
step = "pakc"
scanners = ["D2"]
printer = "P2"
colour = "red"
)";
    const auto problems = problems_of(text);
    INFO(told(problems));
    REQUIRE(problems.size() == 4);
    CHECK(problems[0].hint == "did you mean \"pack\"?");
    CHECK(problems[1].hint == "did you mean \"D1\"?");
    CHECK(problems[2].hint == "did you mean \"P1\"?");
    CHECK(problems[3].message == "unknown key \"colour\" in [[station]] \"PACK-1\"");
    CHECK(problems[0].place.line < problems[3].place.line);
}

TEST_CASE("a station that diverts needs its conveyor and its exception lane", "[config]") {
    const auto problems = problems_of(small_site + R"(
[[station]]
id = "SORT-1"
step = "divert"
)");
    INFO(told(problems));
    REQUIRE(problems.size() == 2);
}

TEST_CASE("a scanner belongs to one station, and a name to one device", "[config]") {
    const auto shared_scanner = problems_of(small_site + R"(
[[station]]
id = "DOCK-2"
step = "receive"
scanners = ["D1"]
)");
    REQUIRE(shared_scanner.size() == 1);
    CHECK(shared_scanner[0].message == "scanner \"D1\" already reads for station \"DOCK-1\"");

    const auto shared_name = problems_of(small_site + R"(
[[device]]
id = "P1"
kind = "zpl_printer"
host = "127.0.0.1"
port = 9101
)");
    REQUIRE(shared_name.size() == 1);
}

TEST_CASE("a page that other machines could reach is refused", "[config]") {
    const auto problems = problems_of(small_site + "\n[api]\nlisten = \"0.0.0.0:8080\"\n");
    INFO(told(problems));
    REQUIRE_FALSE(problems.empty());
}

TEST_CASE("an unknown kind of device is named with the nearest one", "[config]") {
    const auto problems = problems_of(small_site + R"(
[[device]]
id = "D9"
kind = "tcp_scaner"
)");
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].hint == "did you mean \"tcp_scanner\"?");
}

TEST_CASE("how long records are kept is read law by law, and a slip is told", "[config]") {
    SettingsProblems problems;
    const auto root = read_toml_text(small_site + R"(
[retention]
keep_days = 3653
dscsa_days = 3000
by_product = { "9506000134352" = 5000 }
by_owner = { "ACME" = 1826 }
)",
                                     "site.toml",
                                     problems);
    REQUIRE(root);
    const auto config = parse_site_config(*root, problems);
    REQUIRE(config);
    CHECK(config->retention.keep_days == 3653);
    CHECK(config->retention.dscsa_days == 3000);
    CHECK(config->retention.fsma204_days == 731);
    CHECK(config->retention.by_product.at("09506000134352") == 5000);
    CHECK(config->retention.by_owner.at("ACME") == 1826);

    const std::string wrong = told(problems_of(
        small_site + "[retention]\nkeep_day = 3\ndscsa_days = -1\nby_product = { X = 1 }\n"));
    INFO(wrong);
    CHECK(wrong.find("keep_days") != std::string::npos);
    CHECK(wrong.find("dscsa_days") != std::string::npos);
    CHECK(wrong.find("no GTIN") != std::string::npos);
}
