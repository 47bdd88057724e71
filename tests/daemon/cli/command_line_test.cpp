#include "daemon/cli/command_line.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lotgate::cli;

namespace {

using Words = std::vector<std::string>;

Invocation understood(const Words& words, const std::string& socket = "") {
    const auto parsed = parse_command_line(words, socket);
    if (const auto* const ended = std::get_if<Ended>(&parsed)) FAIL(ended->text);
    return std::get<Invocation>(parsed);
}

Ended ended(const Words& words) {
    const auto parsed = parse_command_line(words, "");
    REQUIRE(std::holds_alternative<Ended>(parsed));
    return std::get<Ended>(parsed);
}

}  // namespace

TEST_CASE("Options are understood before and after the verb", "[cli]") {
    CHECK(understood({"--json", "status"}).is_json);
    CHECK(understood({"status", "--json"}).is_json);
    CHECK(understood({"--socket", "/s", "status"}).socket == "/s");
    CHECK(understood({"status", "--db=/d"}).database == "/d");
}

TEST_CASE("The socket comes from the option, else the environment, else the usual place", "[cli]") {
    CHECK(understood({"status"}).socket == "/run/lotgate/control.sock");
    CHECK(understood({"status"}, "/from/environment").socket == "/from/environment");
    CHECK(understood({"status", "--socket", "/given"}, "/from/environment").socket == "/given");
}

TEST_CASE("Verbs take their words", "[cli]") {
    const Invocation scan = understood({"scan", "dock-1", "]d201", "--badge", "B-7"});
    CHECK(scan.verb == "scan");
    CHECK(scan.what == "dock-1");
    CHECK(scan.more == "]d201");
    CHECK(scan.badge == "B-7");
    const Invocation decide = understood(
        {"cases", "decide", "7", "release", "--badge", "B", "--reason", "checked twice"});
    CHECK(decide.verb == "cases decide");
    CHECK(decide.reason == "checked twice");
    CHECK(understood({"cases", "--all"}).wants_all);
    CHECK(understood({"chain", "verify"}).verb == "chain verify");
    CHECK(understood({"decisions", "-n", "7"}).count == 7);
    CHECK(understood({"why", "#12"}).what == "#12");
}

TEST_CASE("A misspelt verb gets the nearest one and a next step", "[cli]") {
    const Ended answer = ended({"statsu"});
    CHECK(answer.status == exit_usage);
    CHECK(answer.text ==
          "lotgate: there is no verb \"statsu\", did you mean \"status\"?\n"
          "Try: lotgate status --help\n");
    CHECK(ended({"--json", "tracee", "x"}).text.find("\"trace\"") != std::string::npos);
    CHECK(ended({"frobnicate"}).text.find("Try: lotgate --help") != std::string::npos);
}

TEST_CASE("A mistake is exit 2 and ends with a next step", "[cli]") {
    for (const Words& words : {Words{},
                               Words{"trace"},
                               Words{"status", "--no-such"},
                               Words{"decisions", "-n", "0"},
                               Words{"decisions", "-n", "many"},
                               Words{"chain"},
                               Words{"cases", "decide", "7"},
                               Words{"trace", "a", "b"}}) {
        const Ended answer = ended(words);
        INFO(answer.text);
        CHECK(answer.status == exit_usage);
        CHECK(answer.text.find("Try: lotgate") != std::string::npos);
    }
}

TEST_CASE("Help is no mistake", "[cli]") {
    const Ended answer = ended({"--help"});
    CHECK(answer.status == exit_ok);
    for (const char* verb : {"status", "trace", "why", "decode", "chain", "completion"}) {
        CHECK(answer.text.find(verb) != std::string::npos);
    }
}

TEST_CASE("Completion knows every verb for three shells", "[cli]") {
    for (const char* shell : {"bash", "zsh", "fish"}) {
        const std::string script = completion_for(shell);
        for (const char* verb : {"status", "decisions", "outbox", "rules"}) {
            CHECK(script.find(verb) != std::string::npos);
        }
    }
    CHECK(completion_for("tcsh").empty());
}
