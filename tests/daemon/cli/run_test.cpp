#include "daemon/cli/run.hpp"

#include "daemon/cli/exit_codes.hpp"
#include "store/store.hpp"
#include "tests/daemon/api/served_site.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using namespace lotgate;
using namespace lotgate::test;

namespace {

struct Ran {
    int status;
    std::string out;
    std::string err;
};

Ran ran(const std::string& socket, const std::vector<std::string>& words) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const cli::Surroundings around{in, out, err, socket};
    const int status = cli::run(words, around);
    return {status, out.str(), err.str()};
}

constexpr const char* summary =
    R"({"site":"ATL-3","head":48221,"outbox":{"depth":214,"oldest_age_s":761},"scans":1206,)"
    R"("accepted":1201,"warned":2,"held":0,"refused":3,)"
    R"("refused_by_code":{"SERIAL_UNKNOWN":1,"LOT_HELD":2},"labels":{"confirmed":311},)"
    R"("cases":{"open":2,"by_kind":{"LOT_HELD":1,"SERIAL_UNKNOWN":1}},"holds":{"open":1}})";

}  // namespace

TEST_CASE("The status is one screen that says state, devices, outbox and cases", "[cli][wire]") {
    FakeSite site;
    site.answers["summary"] = summary;
    const ServedSite served(site);
    const Ran status = ran(served.socket_path(), {"status"});
    CHECK(status.status == cli::exit_ok);
    CHECK(status.err.empty());
    CHECK(status.out ==
          "site ATL-3 . lotgate 0.1.0 . up 3 d 4 h . OFFLINE 12:41 (scanning continues, 214 "
          "waiting)\n"
          "DEVICE  AT      STATE   LAST USEFUL  BECAUSE\n"
          "D1      dock 1  ready   2 s ago\n"
          "P2      pack 2  failed  4:11 ago     the lid is open: close it; 6 labels wait\n"
          "outbox 214 events wait, oldest 12:41, cloud has everything through #48,007\n"
          "decided 1,201 accepted, 2 with a warning, 0 held, 3 refused (LOT_HELD 2, "
          "SERIAL_UNKNOWN 1)\n"
          "cases 2 open (LOT_HELD 1, SERIAL_UNKNOWN 1), holds 1 in force\n"
          "labels confirmed 311\n");
}

TEST_CASE("Devices and stations are tables", "[cli][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const Ran devices = ran(served.socket_path(), {"devices"});
    CHECK(devices.out ==
          "DEVICE  AT      STATE   LAST USEFUL  BECAUSE\n"
          "D1      dock 1  ready   2 s ago\n"
          "P2      pack 2  failed  4:11 ago     the lid is open: close it; 6 labels wait\n"
          "\n"
          "D1: serial_scanner /dev/serial/by-id/scanner-1 9600 8N1\n"
          "    ready since 1 h 0 min ago\n"
          "    scans 1,204, frame_errors 0\n"
          "\n"
          "P2: zpl_printer 10.0.4.21:9100\n"
          "    failed since 4:10 ago\n"
          "    labels_confirmed 311\n");
    const Ran stations = ran(served.socket_path(), {"stations"});
    CHECK(stations.out ==
          "STATION  ROLE     AT      DEVICES  IN HAND\n"
          "dock-1   receive  dock 1  D1       PO-1001  184 / 240\n"
          "pack-2   pack     pack 2  P2\n");
}

TEST_CASE("The outbox says what waits, why, and how far the cloud is known", "[cli][wire]") {
    FakeSite site;
    site.answers["summary"] = summary;
    site.now.sync.cursor_main = 1200;
    const ServedSite served(site);
    CHECK(ran(served.socket_path(), {"outbox"}).out ==
          "OFFLINE 12:41 (scanning continues, 214 waiting)\n"
          "outbox 214 events wait, oldest 12:41, cloud has everything through #48,007\n"
          "because the broker does not answer: is the uplink cable in?\n"
          "last acknowledged 12:42 ago, epoch 1\n"
          "from the cloud: main feed through 1,200, urgent through 0\n");
}

TEST_CASE("A trace says where a lot went, that nothing is missing, and how complete it is",
          "[cli][wire]") {
    FakeSite site;
    site.answers["trace 7F31"] =
        R"({"what":"7F31","found":[{"subject":"lot:09506000134352/7f31",)"
        R"("lot":{"gtin":"09506000134352","product":"Romaine 12ct","lot":"7F31"},)"
        R"("mass_balance":{"announced":0,"received":240,"on_site":56,"shipped":184,"gone":0,)"
        R"("difference":0},"on_hand":[{"place":"A-03-2","quantity":56}],)"
        R"("shipped":[{"order":"SO-1","customer_name":"Acme","quantity":184}],"holds":[],)"
        R"("history":[{"seq":12,"at":"2026-11-22T09:00:00.000000Z","station":"dock-1",)"
        R"("step":"receive","did":"received","document":"PO-1001"}]}],)"
        R"("complete":{"up_to_seq":48221,"up_to":"2026-11-22T09:41:07.000000Z",)"
        R"("sent_to_cloud_seq":48007,"cloud_feed":{"main":{"cursor":1200}}}})";
    const ServedSite served(site);
    const Ran trace = ran(served.socket_path(), {"trace", "7F31"});
    CHECK(trace.status == cli::exit_ok);
    CHECK(trace.out ==
          "lot:09506000134352/7f31\n"
          "gtin 09506000134352 . product Romaine 12ct . lot 7F31\n"
          "received 240 = on site 56 + shipped 184 + gone 0   ok\n"
          "on hand\n"
          "PLACE   QUANTITY\n"
          "A-03-2  56\n"
          "shipped\n"
          "ORDER  CUSTOMER NAME  QUANTITY\n"
          "SO-1   Acme           184\n"
          "SEQ  TIME (UTC)           STATION  STEP     WHAT      ABOUT\n"
          "#12  2026-11-22 09:00:00  dock-1   receive  received  PO-1001\n"
          "\n"
          "complete up to #48,221 at 2026-11-22 09:41:07; cloud has everything through #48,007, "
          "its main feed is known through 1,200\n");
}

TEST_CASE("A recall says what it does not know, and is one file for a spreadsheet", "[cli][wire]") {
    FakeSite site;
    site.answers["recall 7F31"] =
        R"({"what":"7F31","found":[{"target":"lot:09506000134352/7f31",)"
        R"("on_hand":[{"place":"A-03-2","state":"RECEIVED","quantity":56}],)"
        R"("contacts":[{"customer":"C-1","customer_name":"=cmd|'x'!A1","phone":"+1 555"}],)"
        R"("shipped_after_recall":[{"code":"SHIPPED_AFTER_RECALL","order":"SO-1","quantity":2,)"
        R"("serials":["S-1","S-2"]}],)"
        R"("mass_balance":{"in":56,"on_hand":56,"shipped":0,"gone":0,"difference":0},)"
        R"("period":{"from":"2026-11-20T09:00:00.000000Z","until":"2026-11-22T09:41:07.000000Z"},)"
        R"("outages":[{"kind":"device","name":"D7","since":"2026-11-21T09:00:00.000000Z",)"
        R"("is_open":true}],"unseen":[{"station":"sort-1","what":"no_read","cartons":3}],)"
        R"("certain_until":"2026-11-21T09:00:00.000000Z"}],"complete":{"up_to_seq":7}})";
    const ServedSite served(site);
    const Ran text = ran(served.socket_path(), {"recall", "7F31"});
    CHECK(text.out.find("could not be seen meanwhile\n") != std::string::npos);
    CHECK(text.out.find("no_read  3") != std::string::npos);
    CHECK(text.out.find("could move from 2026-11-20 09:00:00 to 2026-11-22 09:41:07; certain up to "
                        "2026-11-21 09:00:00, but for what is listed above\n") !=
          std::string::npos);
    const Ran csv = ran(served.socket_path(), {"recall", "7F31", "--csv"});
    CHECK(csv.out.find("target,section,place,state,quantity,") == 0);
    CHECK(csv.out.find("\"lot:09506000134352/7f31\",on_hand,\"A-03-2\",\"RECEIVED\",56,") !=
          std::string::npos);
    CHECK(csv.out.find("\"'=cmd|'x'!A1\",\"'+1 555\"") != std::string::npos);
    CHECK(csv.out.find("\"S-1 S-2\"") != std::string::npos);
    CHECK(csv.out.find(",outages,") != std::string::npos);
}

TEST_CASE("Why names the rule, what was read, and what it was decided under", "[cli][wire]") {
    FakeSite site;
    site.answers["why #12"] =
        R"({"seq":12,"at":"2026-11-22T09:00:00.000000Z","kind":"attempt","station":"dock-1",)"
        R"("step":"receive","actor":"device:D1","subject":"Romaine 12ct lot 7F31",)"
        R"("decision":"divert","code":"LOT_HELD","rule":"R-12","told":"Put it in the cage.",)"
        R"("hash":"abc","event":{"seen":{"raw":"]d201\u001d10"},)"
        R"("findings":[{"rule":"R-12","code":"LOT_HELD"}],"what":{"lot":"7F31"},)"
        R"("under":{"policy":"1","main":1200,"main_age_s":761,"clock":"synced",)"
        R"("site_date":"2026-11-22"}}})";
    const ServedSite served(site);
    CHECK(ran(served.socket_path(), {"why", "#12"}).out ==
          "#12 2026-11-22 09:00:00 dock-1 . receive . device:D1 . Romaine 12ct lot 7F31\n"
          "divert LOT_HELD R-12\n"
          "Put it in the cage.\n"
          "findings\n"
          "RULE  CODE\n"
          "R-12  LOT_HELD\n"
          "read ]d201\\x1d10\n"
          "lot 7F31\n"
          "decided under main feed through 1200, 12:41 old . policy 1 . clock synced . "
          "site date 2026-11-22\n"
          "event hash abc\n");
}

TEST_CASE("Something nobody has heard of is exit 1 with a next step", "[cli][wire]") {
    FakeSite site;
    site.unknown_names = true;
    const ServedSite served(site);
    const Ran trace = ran(served.socket_path(), {"trace", "NOPE"});
    CHECK(trace.status == cli::exit_failed);
    CHECK(trace.out.empty());
    CHECK(trace.err.find("\"NOPE\"") != std::string::npos);
    CHECK(trace.err.find("Try: ") != std::string::npos);
}

TEST_CASE("Cases show who may decide between what, and one is decided", "[cli][wire]") {
    FakeSite site;
    site.answers["cases"] =
        R"({"cases":[{"id":7,"kind":"LOT_HELD","subject":"lot 7F31","station":"dock-1",)"
        R"("told":"Lot 7F31 is on hold.","who":"quality","decisions":["release","scrap"],)"
        R"("status":"open","count":3,"opened_at":"2026-11-22T09:00:00.000000Z"}]})";
    ServedSite served(site);
    CHECK(ran(served.socket_path(), {"cases"}).out ==
          "#7 LOT_HELD . lot 7F31 . dock-1 . 2026-11-22 09:00:00 . 3 times . open\n"
          "    Lot 7F31 is on hold.\n"
          "    quality: release | scrap\n"
          "next: lotgate cases decide ID DECISION --badge WHO --reason TEXT\n");
    const Ran decided =
        ran(served.socket_path(),
            {"cases", "decide", "7", "release", "--badge", "Q-1", "--reason", "tested"});
    CHECK(decided.out == "case #7 decided, event #48222\n");
    served.in_loop([&site] {
        REQUIRE(site.decisions.size() == 1);
        CHECK(site.decisions[0].actor == "Q-1");
        CHECK(site.decisions[0].reason == "tested");
    });
}

TEST_CASE("A scan at the command line is decided, and a refusal is exit 4", "[cli][wire]") {
    FakeSite site;
    ServedSite served(site);
    const Ran good = ran(served.socket_path(), {"scan", "dock-1", "]d2010950<GS>21A"});
    CHECK(good.status == cli::exit_ok);
    CHECK(good.out ==
          "ACCEPTED  Romaine 12ct lot 7F31  PO-1001  185 / 240  #48222\n"
          "Put it on the pallet.\n");
    const Ran bad = ran(served.socket_path(), {"scan", "dock-1", "BAD-1", "--badge", "B-7"});
    CHECK(bad.status == cli::exit_refused);
    CHECK(bad.out.find("STOP  LOT_HELD") == 0);
    served.in_loop([&site] {
        REQUIRE(site.scans.size() == 2);
        CHECK(site.scans[0].bytes ==
              "]d2010950\x1d"
              "21A");
        CHECK(site.scans[0].source == "command");
        CHECK(site.scans[1].badge == "B-7");
        CHECK(site.scans[0].request_id != site.scans[1].request_id);
    });
    const Ran nowhere = ran(served.socket_path(), {"scan", "dok-1", "X"});
    CHECK(nowhere.status == cli::exit_failed);
    CHECK(nowhere.err.find("dock-1") != std::string::npos);
}

TEST_CASE("A full store is exit 75: try later", "[cli][wire]") {
    FakeSite site;
    site.decide = [](const api::ScanCall&) -> Result<api::DecisionView> {
        return fail(FaultCode::full, "4096 scans wait to be decided.");
    };
    const ServedSite served(site);
    CHECK(ran(served.socket_path(), {"scan", "dock-1", "X"}).status == cli::exit_try_later);
}

TEST_CASE("A broken chain is exit 3, a whole one 0", "[cli][wire]") {
    FakeSite whole;
    whole.answers["chain"] = R"({"ok":true,"rows":48221,"head_hash":"abc"})";
    const ServedSite served(whole);
    const Ran good = ran(served.socket_path(), {"chain", "verify"});
    CHECK(good.status == cli::exit_ok);
    CHECK(good.out == "the chain is whole: 48,221 events, head abc\n");
    FakeSite broken;
    broken.answers["chain"] = R"({"ok":false,"rows":11,"first_bad_seq":12})";
    const ServedSite other(broken);
    const Ran bad = ran(other.socket_path(), {"chain", "verify"});
    CHECK(bad.status == cli::exit_problems);
    CHECK(bad.out.find("THE CHAIN IS BROKEN at #12") == 0);
}

TEST_CASE("With --json every read verb gives one JSON document", "[cli][wire]") {
    FakeSite site;
    site.answers["summary"] = summary;
    site.answers["cases"] = R"({"cases":[]})";
    site.answers["recent 20"] = R"({"decisions":[]})";
    site.answers["trace x"] = R"({"found":[]})";
    site.answers["why x"] = R"({"seq":1})";
    site.answers["chain"] = R"({"ok":true,"rows":0})";
    const ServedSite served(site);
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"status"},
                                               {"devices"},
                                               {"stations"},
                                               {"outbox"},
                                               {"cases"},
                                               {"decisions"},
                                               {"trace", "x"},
                                               {"why", "x"},
                                               {"chain", "verify"},
                                               {"rules"},
                                               {"version"}}) {
        std::vector<std::string> all = words;
        all.emplace_back("--json");
        const Ran answer = ran(served.socket_path(), all);
        INFO(words.front() << ": " << answer.out);
        CHECK(answer.status == cli::exit_ok);
        CHECK(boost::json::parse(answer.out).is_object());
    }
}

TEST_CASE("With the daemon down, reading goes on from the database and says so", "[cli]") {
    const std::string directory = fresh_directory();
    const std::string database = directory + "/lotgate.db";
    store::StoreConfig config;
    config.path = database;
    config.site = "ATL-3";
    REQUIRE(store::Store::open(config, system_clock()));
    const std::string nobody = directory + "/no.sock";
    const Ran status = ran(nobody, {"status", "--db", database});
    INFO(status.err);
    CHECK(status.status == cli::exit_ok);
    CHECK(status.out.find("site ATL-3 . DAEMON DOWN") == 0);
    CHECK(status.err.find("read from " + database + " instead") != std::string::npos);
    CHECK(ran(nobody, {"cases", "--db", database}).out == "nothing waits for a person\n");
    CHECK(ran(nobody, {"chain", "verify", "--db", database}).status == cli::exit_ok);
    const Ran trace = ran(nobody, {"trace", "NOPE", "--db", database});
    CHECK(trace.status == cli::exit_failed);
    CHECK(trace.err.find("Try: ") != std::string::npos);
    for (const std::vector<std::string>& writing :
         std::vector<std::vector<std::string>>{{"scan", "dock-1", "X", "--db", database},
                                               {"devices", "--db", database},
                                               {"status", "--db", directory + "/none.db"}}) {
        const Ran refused = ran(nobody, writing);
        INFO(refused.err);
        CHECK(refused.status == cli::exit_away);
        CHECK(refused.err.find("Try: systemctl status lotgate") != std::string::npos);
    }
    std::filesystem::remove_all(directory);
}

TEST_CASE("The rules of the site are listed in their order", "[cli]") {
    const Ran rules = ran("", {"rules"});
    CHECK(rules.status == cli::exit_ok);
    CHECK(rules.out.find("RULE") == 0);
    CHECK(rules.out.find("R-05") != std::string::npos);
}

TEST_CASE("Decoding needs no daemon", "[cli]") {
    const Ran decoded = ran("/nobody", {"decode", "--json", "]d2010950600013435210L-88"});
    CHECK(decoded.status == cli::exit_ok);
    CHECK(decoded.out.find("09506000134352") != std::string::npos);
}

TEST_CASE("An operation is typed as its name and its arguments, and a refusal has its own exit",
          "[cli][wire]") {
    FakeSite site;
    const ServedSite served(site);
    const Ran done = ran(served.socket_path(),
                         {"do", "lift_hold", "hold=H-1", "--badge", "B-7", "--reason", "checked"});
    CHECK(done.status == cli::exit_ok);
    REQUIRE(site.operations.size() == 1);
    CHECK(site.operations[0].kind == "lift_hold");
    CHECK(site.operations[0].reason == "checked");
    CHECK_FALSE(site.operations[0].request_id.empty());
    const Ran refused = ran(served.socket_path(),
                            {"do", "lift_hold", "hold=H-1", "--badge", "B-7", "--reason", "no"});
    CHECK(refused.status == cli::exit_refused);
    CHECK(refused.out.find("There is no such hold.") != std::string::npos);
    const Ran mistyped = ran(served.socket_path(), {"do", "lift_hold", "H-1", "--badge", "B-7"});
    CHECK(mistyped.status == cli::exit_usage);
    CHECK(site.operations.size() == 2);
}

TEST_CASE("The list of operations needs no daemon", "[cli]") {
    const Ran list = ran("/nowhere", {"operations"});
    CHECK(list.status == cli::exit_ok);
    CHECK(list.out.find("place_hold") != std::string::npos);
    CHECK(ran("/nowhere", {"operations", "--markdown"}).out.starts_with("# Operations\n"));
}

TEST_CASE("Who overrules types the PIN, which stands on no command line", "[cli][wire]") {
    FakeSite site;
    const ServedSite served(site);
    std::istringstream in("4711\n0815\n");
    std::ostringstream out;
    std::ostringstream err;
    const cli::Surroundings around{in, out, err, served.socket_path()};
    const std::vector<std::string> words{
        "scan", "dock-1", "A-1", "--overrule", "S-7", "--second", "S-9", "--reason", "checked"};
    CHECK(cli::run(words, around) == cli::exit_ok);
    REQUIRE(site.scans.size() == 1);
    REQUIRE(site.scans[0].overriding);
    CHECK(site.scans[0].overriding->badge == "S-7");
    CHECK(site.scans[0].overriding->pin == "4711");
    CHECK(site.scans[0].overriding->second_badge == "S-9");
    CHECK(site.scans[0].overriding->second_pin == "0815");
    CHECK(site.scans[0].overriding->reason == "checked");
}

TEST_CASE("A pick list says where to go, and what is not there", "[cli][wire]") {
    FakeSite site;
    site.answers["picks SO-1"] =
        R"({"order":"SO-1","done":2,"quantity":7,"delivered_on":"2026-11-24","missing":1,"lines":[)"
        R"({"line":1,"product":"Beans","wanted":5,"rotation":"FEFO","missing":1,"promised":[],"picks":[)"
        R"({"lot":"B-2","serial":"","place":"A-01","quantity":4,"expires_on":"2026-12-03"}]}]})";
    const ServedSite served(site);
    const Ran picks = ran(served.socket_path(), {"picks", "SO-1"});
    CHECK(picks.status == cli::exit_ok);
    CHECK(picks.out ==
          "order SO-1 . 2 / 7 . arrives 2026-11-24\n"
          "line 1  5 x Beans  (FEFO)\n"
          "  4 from A-01  lot B-2  good until 2026-12-03\n"
          "  1 MISSING: no eligible stock\n");
}

TEST_CASE("A PIN becomes a hash, and reasons are listed, without a daemon", "[cli]") {
    std::istringstream in("4711\n");
    std::ostringstream out;
    std::ostringstream err;
    const cli::Surroundings around{in, out, err, "/nowhere"};
    const std::vector<std::string> words{"pin"};
    CHECK(cli::run(words, around) == cli::exit_ok);
    CHECK(out.str().starts_with("scrypt$"));
    CHECK(cli::run(words, around) == cli::exit_usage);
    CHECK(ran("/nowhere", {"reasons"}).out.find("inaccessible") != std::string::npos);
}

TEST_CASE("An export is one sheet, wherever its pages ended", "[cli][wire]") {
    FakeSite site;
    const std::string head =
        R"({"sheet":"receiving","columns":["Lot","Qty","Day"],"quantity_column":1,"day_column":2,)";
    const auto row = [](const char* lot, int quantity, const char* day) {
        return R"({"quantity":)" + std::to_string(quantity) +
               R"(,"scale":1,"unit":"KG","cells":[")" + lot + R"(","","2026-11-)" + day + R"("]})";
    };
    site.answers["export receiving  .. after 0"] =
        head + R"("rows":[)" + row(R"(L \"1\")", 25, "01") + "," + row("L2", 10, "01") +
        R"(],"next":500,"complete":{}})";
    site.answers["export receiving  .. after 500"] =
        head + R"("rows":[)" + row(R"(L \"1\")", 5, "01") + "," + row("L2", -10, "01") + "," +
        row("=L3", 20, "02") + R"(],"complete":{"up_to_seq":900}})";
    const ServedSite served(site);
    const Ran sheet = ran(served.socket_path(), {"export", "receiving"});
    CHECK(sheet.status == cli::exit_ok);
    CHECK(sheet.out ==
          "\"Lot\",\"Qty\",\"Day\"\r\n"
          "\"L \"\"1\"\"\",\"3 KG\",\"2026-11-01\"\r\n"
          "\"'=L3\",\"2 KG\",\"2026-11-02\"\r\n");
    CHECK(ran(served.socket_path(), {"export", "receiving", "--json"}).out ==
          R"({"sheet":"receiving","columns":["Lot","Qty","Day"],"rows":[)"
          R"(["L \"1\"","3 KG","2026-11-01"],["=L3","2 KG","2026-11-02"]],)"
          R"("complete":{"up_to_seq":900}})"
          "\n");
}

TEST_CASE("An export that lacks what is in archives says so, and ends with 3", "[cli][wire]") {
    FakeSite site;
    site.answers["export exceptions  2026-11-01.. after 0"] =
        R"({"exceptions":[{"asn":"A"}],"complete":{},)"
        R"("archived":[{"file":"S-1-1-90.jsonl.zst","from_seq":1,"to_seq":90}]})";
    const ServedSite served(site);
    const Ran some = ran(served.socket_path(), {"export", "exceptions", "--from", "2026-11-01"});
    CHECK(some.status == cli::exit_problems);
    CHECK(some.err.find("S-1-1-90.jsonl.zst") != std::string::npos);
    CHECK(some.out == "{\"exceptions\":[\n{\"asn\":\"A\"}],\"complete\":{}}\n");
    CHECK(ran(served.socket_path(), {"export", "exceptions", "--to", "soon"}).status ==
          cli::exit_usage);
    CHECK(ran(served.socket_path(), {"export", "weather"}).status == cli::exit_usage);
}
