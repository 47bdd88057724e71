// A scan that ends the program twice in a row is parked at the next start; a kill from outside
// accuses nobody.

#include "store/in_flight.hpp"
#include "store/model/ledger_row.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdio>

#include <sys/wait.h>
#include <unistd.h>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

rules::Attempt scan_of(const std::string& raw) {
    rules::Attempt attempt;
    attempt.step = Step::receive;
    attempt.station = "DOCK-1";
    attempt.observation.raw = raw;
    return attempt;
}

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

/// What a process leaves behind that ends in the middle of deciding `raw`.
void end_while_deciding(const std::string& path, const std::string& raw) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto in_flight = store::InFlight::open(path);
        (*in_flight)->enter(scan_of(raw));
        kill(getpid(), SIGKILL);
        _exit(1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("a code that ended the gateway twice is parked with its bytes, and all else goes on",
          "[store][parked]") {
    Warehouse house;
    house.furnish();
    const auto poison = [&] { return house.unit(Step::receive, "DOCK-1", "S-1"); };
    const std::string raw = poison().observation.raw;
    house.stop();
    end_while_deciding(house.path() + ".inflight", raw);
    end_while_deciding(house.path() + ".inflight", raw);
    house.restart();
    const auto refused = house.scan(poison());
    CHECK(refused.verdict.code == "SCAN_PARKED");
    CHECK(refused.verdict.blocks());
    CHECK(house.scan(house.unit(Step::receive, "DOCK-1", "S-2")).did == "received");
    CHECK(has(house.summary(), "\"SCAN_PARKED\":1"));
    const std::string cases = *house.queries()->cases(true);
    const auto at = cases.find("\"id\":");
    const std::string why =
        house.queries()
            ->why(cases.substr(cases.find("parked:"), std::string("parked:").size() + 32))
            .value_or("");
    const std::string hex = to_hex({reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()});
    CHECK(has(why, hex));
    house.restart();
    CHECK(house.scan(poison()).verdict.code == "SCAN_PARKED");
    store::CaseDecision decision;
    decision.request_id = "d1";
    decision.case_id = std::stoll(cases.substr(at + 5));
    decision.decision = "try_again";
    decision.actor = "B-7";
    decision.reason = "updated";
    CHECK(house.ask(decision).has_value());
    CHECK(house.scan(poison()).did == "received");
    CHECK(has(house.rebuild(), "\"ok\":true"));
}

TEST_CASE("one crash, or two of different codes, park nothing", "[store][parked]") {
    Warehouse house;
    house.furnish();
    const std::string raw = house.unit(Step::receive, "DOCK-1", "S-1").observation.raw;
    house.stop();
    end_while_deciding(house.path() + ".inflight", raw);
    end_while_deciding(house.path() + ".inflight", "another code");
    end_while_deciding(house.path() + ".inflight", raw);
    house.restart();
    CHECK(house.scan(house.unit(Step::receive, "DOCK-1", "S-1")).did == "received");
}

TEST_CASE("a code that was decided after a crash is no suspect any more", "[store][parked]") {
    Warehouse house;
    house.furnish();
    const std::string raw = house.unit(Step::receive, "DOCK-1", "S-1").observation.raw;
    house.stop();
    end_while_deciding(house.path() + ".inflight", raw);
    house.restart();
    house.scan(house.unit(Step::receive, "DOCK-1", "S-1"));
    house.stop();
    end_while_deciding(house.path() + ".inflight", raw);
    house.restart();
    CHECK(house.scan(house.unit(Step::receive, "DOCK-1", "S-1")).verdict.code != "SCAN_PARKED");
}

TEST_CASE("a torn or foreign note of the scan in flight is begun anew", "[store][parked]") {
    TempDir directory;
    const std::string path = directory.file("note");
    FILE* const file = fopen(path.c_str(), "wb");
    REQUIRE(file != nullptr);
    for (int i = 0; i < 9000; ++i) fputc(0xff, file);
    fclose(file);
    const auto opened = store::InFlight::open(path);
    REQUIRE(opened.has_value());
    CHECK_FALSE((*opened)->suspect().has_value());
}
