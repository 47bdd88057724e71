// The description of the API says what the API does: same addresses, same members.

#include "tests/daemon/api/raw_client.hpp"
#include "tests/daemon/api/served_site.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

using namespace lotgate::test;
namespace json = boost::json;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(LOTGATE_SOURCE_DIR "/" + path);
    std::ostringstream text;
    text << file.rdbuf();
    REQUIRE_FALSE(text.str().empty());
    return text.str();
}

std::set<std::string> matches_in(const std::string& text, const std::string& pattern) {
    const std::regex regex(pattern);
    std::set<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
        std::string key = (*at)[1].str();
        if (at->size() > 2) key += " " + (*at)[2].str();
        found.insert(std::move(key));
    }
    return found;
}

std::set<std::string> routes_served() {
    return matches_in(text_of("daemon/api/routes.cpp"),
                      R"re(\{"(GET|POST)", "([^"]+)", &Routes)re");
}

/// The members of one schema of the description, by its indentation.
std::set<std::string> members_described(const std::string& schema) {
    const std::string whole = text_of("docs/openapi.yaml");
    const std::string text = whole.substr(whole.find("\n  schemas:"));
    const auto start = text.find("\n    " + schema + ":\n");
    REQUIRE(start != std::string::npos);
    const std::regex next_schema("\n    [A-Z]");
    std::smatch end;
    const std::string rest = text.substr(start + 1);
    const bool is_last = !std::regex_search(rest, end, next_schema);
    const std::string part =
        is_last ? rest : rest.substr(0, static_cast<std::size_t>(end.position()));
    return matches_in(part, "\n        ([a-z_]+):");
}

std::set<std::string> members_of(const json::value& value) {
    std::set<std::string> names;
    for (const auto& [name, member] : value.as_object()) names.insert(std::string(name));
    return names;
}

RawReply ask(const ServedSite& served, const std::string& request) {
    RawClient client(served.port());
    REQUIRE(client.send(request));
    return client.reply();
}

}  // namespace

TEST_CASE("The description and the tables list the addresses that are served", "[api]") {
    const std::set<std::string> served = routes_served();
    CHECK(served.size() == 32);
    std::set<std::string> described;
    const std::string text = text_of("docs/openapi.yaml");
    const std::regex path(R"(\n  (/[^:]*):\n    (get|post):)");
    for (std::sregex_iterator at(text.begin(), text.end(), path), end; at != end; ++at) {
        described.insert(((*at)[2] == "get" ? "GET " : "POST ") + (*at)[1].str());
    }
    CHECK(described == served);
    const std::string page = text_of("docs/data/api.md");
    for (const std::string& route : served) {
        INFO(route);
        CHECK(page.find(route.substr(route.find(' ') + 1)) != std::string::npos);
    }
}

TEST_CASE("The description lists the members that are sent", "[api][wire]") {
    FakeSite site;
    site.answers["summary"] = "{}";
    const ServedSite served(site);
    const json::value status = json::parse(ask(served, get("/api/v1/status")).body);
    CHECK(members_of(status) == members_described("Status"));
    CHECK(members_of(status.at("devices").at(0)) == members_described("Device"));
    const RawReply scan = ask(served, post("/api/v1/stations/dock-1/scan", R"({"code":"X"})"));
    CHECK(members_of(json::parse(scan.body)) == members_described("Decision"));
    CHECK(members_of(json::parse(ask(served, get("/nothing")).body)) ==
          members_described("Problem"));
}

TEST_CASE("A member nobody described is noticed (control)", "[api]") {
    CHECK(members_described("Problem").count("surprise") == 0);
    CHECK(members_described("Problem").count("next") == 1);
}
