#include "daemon/api/request.hpp"
#include "tests/daemon/api/raw_client.hpp"
#include "tests/daemon/api/served_site.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch.hpp>

#include <string>

using namespace lotgate;
using namespace lotgate::test;
namespace json = boost::json;

namespace {

RawReply ask(const ServedSite& served, const std::string& request) {
    RawClient client(served.port());
    REQUIRE(client.send(request));
    return client.reply();
}

}  // namespace

TEST_CASE("The status says in one word and one sentence how the site stands", "[api][wire]") {
    FakeSite site;
    site.answers["summary"] = R"({"cases":{"open":2}})";
    const ServedSite served(site);
    const RawReply reply = ask(served, get("/api/v1/status"));
    REQUIRE(reply.status == 200);
    const json::value body = json::parse(reply.body);
    CHECK(body.at("state").at("word").as_string() == "OFFLINE");
    CHECK(body.at("state").at("told").as_string() == "scanning continues, 214 waiting");
    CHECK(body.at("state").at("for_s").as_int64() == 761);
    CHECK(body.at("store").at("waiting").as_int64() == 214);
    CHECK(body.at("summary").at("cases").at("open").as_int64() == 2);
    CHECK(body.at("devices").as_array().size() == 2);
    CHECK(body.at("devices").at(1).at("because").as_string() == "the lid is open: close it");
}

TEST_CASE("The status stands even when the database cannot be read", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const json::value body = json::parse(ask(served, get("/api/v1/status")).body);
    CHECK(body.at("summary").is_null());
    CHECK(body.at("site").as_string() == "ATL-3");
}

TEST_CASE("A question that fails says why and what to do", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const RawReply reply = ask(served, get("/api/v1/trace?what=L-88"));
    CHECK(reply.status == 503);
    CHECK(reply.headers.at("content-type") == "application/problem+json");
    CHECK(reply.headers.at("retry-after") == "1");
    const json::value body = json::parse(reply.body);
    CHECK(body.at("code").as_string() == "unavailable");
    CHECK_FALSE(body.at("next").as_string().empty());
}

TEST_CASE("Questions reach the site as they were asked", "[api][wire]") {
    FakeSite site;
    site.answers["trace L 88+/"] = R"({"found":true})";
    site.answers["why #12"] = R"({"rule":"R-12"})";
    site.answers["recent 7"] = R"({"decisions":[]})";
    site.answers["cases"] = R"({"cases":[]})";
    site.answers["cases all"] = R"({"cases":[1]})";
    site.answers["chain"] = R"({"rows":5,"ok":true})";
    const ServedSite served(site);
    CHECK(ask(served, get("/api/v1/trace?what=L+88%2B%2f")).body == R"({"found":true})");
    CHECK(ask(served, get("/api/v1/why?what=%2312")).body == R"({"rule":"R-12"})");
    CHECK(ask(served, get("/api/v1/decisions?count=7")).body == R"({"decisions":[]})");
    CHECK(ask(served, get("/api/v1/cases")).body == R"({"cases":[]})");
    CHECK(ask(served, get("/api/v1/cases?all=1")).body == R"({"cases":[1]})");
    CHECK(ask(served, get("/api/v1/chain")).body == R"({"rows":5,"ok":true})");
}

TEST_CASE("Something nobody has heard of is 404 and says what may be asked", "[api][wire]") {
    FakeSite site;
    site.unknown_names = true;
    const ServedSite served(site);
    const RawReply reply = ask(served, get("/api/v1/trace?what=L-99"));
    CHECK(reply.status == 404);
    CHECK(json::parse(reply.body).at("code").as_string() == "not_found");
    CHECK(reply.body.find("L-99") != std::string::npos);
}

TEST_CASE("A question that cannot be meant is refused before it is asked", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    CHECK(ask(served, get("/api/v1/trace")).status == 400);
    CHECK(ask(served, get("/api/v1/why?what=")).status == 400);
    CHECK(ask(served, get("/api/v1/decisions?count=0")).status == 400);
    CHECK(ask(served, get("/api/v1/decisions?count=501")).status == 400);
    CHECK(ask(served, get("/api/v1/decisions?count=-1")).status == 400);
    CHECK(ask(served, get("/api/v1/decisions?count=9x")).status == 400);
    CHECK(ask(served, get("/api/v1/trace?what=%zz")).status == 400);
    CHECK(ask(served, get("/api/v1/trace?what=%00")).status == 400);
}

TEST_CASE("An address that is not there is 404, a wrong verb 405 with the right one",
          "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    for (const char* target : {"/nothing",
                               "/api/v1/",
                               "/api/v2/status",
                               "/api/v1/stations//scan",
                               "/../etc/passwd",
                               "/%2e%2e/%2e%2e/etc/passwd",
                               "//etc/passwd",
                               "/vendor/../app.js"}) {
        INFO(target);
        CHECK(ask(served, get(target)).status == 404);
    }
    const RawReply reply = ask(served, post("/api/v1/status", "{}"));
    CHECK(reply.status == 405);
    CHECK(reply.headers.at("allow") == "GET");
    CHECK(ask(served, get("/api/v1/stations/dock-1/scan")).headers.at("allow") == "POST");
    CHECK(ask(served, post("/index.html", "{}")).status == 405);
}

TEST_CASE("A file of the page is sent once and then found unchanged", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const RawReply first = ask(served, get("/"));
    CHECK(first.status == 200);
    CHECK(first.headers.at("content-type") == "text/html; charset=utf-8");
    CHECK(first.body.find("<!doctype html>") == 0);
    const std::string etag = first.headers.at("etag");
    CHECK(ask(served, get("/", "If-None-Match: " + etag + "\r\n")).status == 304);
    CHECK(ask(served, get("/", "If-None-Match: \"other\"\r\n")).status == 200);
}

TEST_CASE("HEAD gives the header of GET and no body", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    RawClient client(served.port());
    REQUIRE(client.send("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/healthz")));
    const RawReply head = client.reply(false);
    CHECK(head.status == 200);
    CHECK(head.headers.at("content-length") == "3");
    CHECK(client.reply().body == "ok\n");
}

TEST_CASE("A scan from the page is decided at its station, group separators and all",
          "[api][wire]") {
    FakeSite site;
    ServedSite served(site);
    const std::string body =
        R"({"code":"]d2010950600013435210L-88\u001d21A","badge":"B-7","request_id":"r-1"})";
    const RawReply reply = ask(served, post("/api/v1/stations/dock-1/scan", body));
    REQUIRE(reply.status == 200);
    CHECK(json::parse(reply.body).at("light").as_string() == "good");
    served.in_loop([&site] {
        REQUIRE(site.scans.size() == 1);
        CHECK(site.scans[0].station == "dock-1");
        CHECK(site.scans[0].bytes ==
              "]d2010950600013435210L-88\x1d"
              "21A");
        CHECK(site.scans[0].badge == "B-7");
        CHECK(site.scans[0].request_id == "r-1");
        CHECK(site.scans[0].source == "page");
    });
}

TEST_CASE("A refusal by a rule is an answer, not an error", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const RawReply reply = ask(served, post("/api/v1/stations/dock-1/scan", R"({"code":"BAD-1"})"));
    CHECK(reply.status == 200);
    const json::value body = json::parse(reply.body);
    CHECK(body.at("light").as_string() == "bad");
    CHECK(body.at("code").as_string() == "LOT_HELD");
    CHECK(body.at("seq").as_int64() == 48'222);
}

TEST_CASE("A scan that says the wrong thing is refused with the nearest word", "[api][wire]") {
    FakeSite site;
    ServedSite served(site);
    const auto next_of = [&](const std::string& target, const std::string& body, int status) {
        const RawReply reply = ask(served, post(target, body));
        INFO(reply.body);
        REQUIRE(reply.status == status);
        return std::string(json::parse(reply.body).at("next").as_string());
    };
    const std::string dock = "/api/v1/stations/dock-1/scan";
    CHECK(next_of("/api/v1/stations/dok-1/scan", R"({"code":"X"})", 404) ==
          "Did you mean \"dock-1\"?");
    CHECK(next_of(dock, R"({"cod":"X"})", 400) == "Did you mean \"code\"?");
    CHECK(next_of(dock, R"({"code":7})", 400) == "Put it in quotes.");
    CHECK(next_of(dock, R"({"code":""})", 400) == "Send it as a text.");
    CHECK(next_of(dock, R"([1])", 400).find("Members: code") == 0);
    CHECK(next_of(dock, R"({"code":")", 400).find("Members: code") == 0);
    CHECK(next_of(dock, R"({"code":")" + std::string(9000, 'x') + "\"}", 400).find("at most") !=
          std::string::npos);
    CHECK(next_of(dock, std::string(60'000, '['), 400).find("Members") == 0);
    served.in_loop([&site] { CHECK(site.scans.empty()); });
}

TEST_CASE("A full store is 503 with Retry-After", "[api][wire]") {
    FakeSite site;
    site.decide = [](const api::ScanCall&) -> Result<api::DecisionView> {
        return fail(FaultCode::full, "4096 scans wait to be decided.");
    };
    const ServedSite served(site);
    const RawReply reply = ask(served, post("/api/v1/stations/dock-1/scan", R"({"code":"X"})"));
    CHECK(reply.status == 503);
    CHECK(reply.headers.at("retry-after") == "1");
}

TEST_CASE("A case is decided by a person with a name", "[api][wire]") {
    FakeSite site;
    ServedSite served(site);
    const std::string target = "/api/v1/cases/7/decide";
    CHECK(ask(served, post(target, R"({"decision":"release"})")).status == 400);
    const RawReply reply =
        ask(served, post(target, R"({"decision":"release","actor":"B-7","reason":"checked"})"));
    CHECK(reply.body == R"({"case":7,"seq":48222})");
    CHECK(ask(served, post("/api/v1/cases/x/decide", R"({"decision":"a","actor":"b"})")).status ==
          404);
    CHECK(ask(served, post("/api/v1/cases/999/decide", R"({"decision":"a","actor":"b"})")).status ==
          400);
    served.in_loop([&site] {
        REQUIRE(site.decisions.size() == 1);
        CHECK(site.decisions[0].case_id == 7);
        CHECK(site.decisions[0].reason == "checked");
    });
}

TEST_CASE("The metrics count decisions and know the state of each device", "[api][wire]") {
    FakeSite site;
    site.answers["summary"] = R"({"cases":{"open":2},"outbox":{"oldest_age_s":761}})";
    const ServedSite served(site);
    for (const char* code : {"A", "B", "BAD-1"}) {
        const std::string body = std::string(R"({"code":")") + code + "\"}";
        REQUIRE(ask(served, post("/api/v1/stations/dock-1/scan", body)).status == 200);
    }
    const RawReply reply = ask(served, get("/metrics"));
    CHECK(reply.headers.at("content-type").find("text/plain; version=0.0.4") == 0);
    const auto has = [&reply](const std::string& line) {
        INFO(line << "\n" << reply.body);
        CHECK(reply.body.find(line + "\n") != std::string::npos);
    };
    has(R"(lotgate_build_info{version="0.1.0"} 1)");
    has(R"(lotgate_scans_total{device="page",verdict="accept"} 2)");
    has(R"(lotgate_scan_refused_total{device="page",reason="LOT_HELD"} 1)");
    has(R"(lotgate_scan_decision_seconds_bucket{le="0.001"} 3)");
    has(R"(lotgate_scan_decision_seconds_bucket{le="+Inf"} 3)");
    has("lotgate_scan_decision_seconds_count 3");
    has(R"(lotgate_device_up{device="D1",kind="serial_scanner"} 1)");
    has(R"(lotgate_device_up{device="P2",kind="zpl_printer"} 0)");
    has(R"(lotgate_label_queue{device="P2"} 6)");
    has("lotgate_outbox_events 217");
    has("lotgate_outbox_oldest_seconds 761");
    has("lotgate_exceptions_open 2");
    has("lotgate_cloud_up 0");
}

TEST_CASE("Scanned bytes that are no UTF-8 are shown as such and break no reader", "[api]") {
    CHECK(api::valid_utf8("caf\xC3\xA9 \x1d ok") == "caf\xC3\xA9 \x1d ok");
    CHECK(api::valid_utf8("caf\xE9!") == "caf\xEF\xBF\xBD!");
    CHECK(api::valid_utf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(api::valid_utf8("\xED\xA0\x80").substr(0, 3) == "\xEF\xBF\xBD");
    CHECK(api::valid_utf8("\xF0\x9F\x93\xA6") == "\xF0\x9F\x93\xA6");
    CHECK(api::valid_utf8("\xF0\x9F\x93") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("An operation is done by badge, with the arguments of its kind and no others",
          "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const std::string target = "/api/v1/operations/lift_hold";
    const RawReply done =
        ask(served,
            post(target, R"({"hold":"H-1","badge":"B-7","reason":"checked","request_id":"o1"})"));
    REQUIRE(done.status == 200);
    CHECK(json::parse(done.body).at("did").as_string() == "hold_lifted");
    REQUIRE(site.operations.size() == 1);
    CHECK(site.operations[0].kind == "lift_hold");
    CHECK(site.operations[0].badge == "B-7");
    CHECK(site.operations[0].request_id == "o1");
    REQUIRE(site.operations[0].arguments.size() == 1);
    CHECK(site.operations[0].arguments[0] == std::pair<std::string, std::string>("hold", "H-1"));
    CHECK(ask(served, post(target, R"({"hodl":"H-1","badge":"B-7"})")).status == 400);
    const RawReply unknown =
        ask(served, post("/api/v1/operations/lift_hodl", R"({"badge":"B-7"})"));
    CHECK(unknown.status == 404);
    CHECK(unknown.body.find("lift_hold") != std::string::npos);
    CHECK(site.operations.size() == 1);
}

TEST_CASE("The table of operations says what each needs", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const json::value table = json::parse(ask(served, get("/api/v1/operations")).body);
    bool is_listed = false;
    for (const json::value& row : table.at("operations").as_array())
        is_listed = is_listed || row.at("id").as_string() == "place_hold";
    CHECK(is_listed);
}

TEST_CASE("Who overrules stands in an object of the scan, with nothing else in it", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const std::string target = "/api/v1/stations/dock-1/scan";
    const RawReply done =
        ask(served,
            post(target,
                 R"({"code":"A-1","override":{"badge":"S-7","pin":"4711","reason":"checked"}})"));
    REQUIRE(done.status == 200);
    REQUIRE(site.scans.size() == 1);
    REQUIRE(site.scans[0].overriding);
    CHECK(site.scans[0].overriding->badge == "S-7");
    CHECK(site.scans[0].overriding->pin == "4711");
    CHECK(site.scans[0].overriding->second_badge.empty());
    CHECK(ask(served, post(target, R"({"code":"A-1","override":{"badeg":"S-7"}})")).status == 400);
    CHECK(ask(served, post(target, R"({"code":"A-1","override":"S-7"})")).status == 400);
    CHECK(ask(served, post(target, R"({"code":{"a":"b"}})")).status == 400);
    ask(served, post(target, R"({"code":"A-2"})"));
    CHECK_FALSE(site.scans.back().overriding);
}

TEST_CASE("The reasons to overrule and the picks of an order are asked for", "[api][wire]") {
    FakeSite site;
    site.answers["picks SO-1"] = R"({"order":"SO-1"})";
    site.unknown_names = true;
    const ServedSite served(site);
    const json::value reasons = json::parse(ask(served, get("/api/v1/reasons")).body);
    bool has_own = false;
    for (const json::value& reason : reasons.at("reasons").as_array())
        has_own = has_own || reason.at("only_for").as_string() == "FEFO_VIOLATION";
    CHECK(has_own);
    CHECK(ask(served, get("/api/v1/orders/SO-1/picks")).status == 200);
    CHECK(ask(served, get("/api/v1/orders/SO-9/picks")).status == 404);
}

TEST_CASE("An export is asked for by sheet, lot, days and page", "[api][wire]") {
    FakeSite site;
    site.answers["export shipping 09506000134352/L 1 2026-11-01..2026-11-30 all after 7"] =
        R"({"rows":[]})";
    const ServedSite served(site);
    CHECK(ask(served,
              get("/api/v1/exports/shipping?lot=09506000134352%2FL+1&from=2026-11-01"
                  "&to=2026-11-30&all=1&after=7"))
              .body == R"({"rows":[]})");
}

TEST_CASE("An export that makes no sense is told what is wrong with it", "[api][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const auto code = [&](const std::string& target) {
        const json::value body = json::parse(ask(served, get("/api/v1/exports/" + target)).body);
        CHECK_FALSE(body.at("next").as_string().empty());
        return std::string(body.at("code").as_string());
    };
    CHECK(code("weather") == "unknown_export");
    CHECK(code("receiving?from=2026-11-31") == "day_unknown");
    CHECK(code("receiving?from=2026-11-02&to=2026-11-01") == "days_swapped");
    CHECK(code("receiving?after=-1") == "after_unknown");
    site.unknown_names = true;
    CHECK(code("receiving?lot=L-1") == "not_found");
}
