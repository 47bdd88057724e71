// What a person decides about a device.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;

TEST_CASE("a supervisor replaces a device or gives in a scan for it, and the ledger says who",
          "[store][operation][device]") {
    Warehouse house;
    house.furnish();
    house.send({{"user", R"({"badge":"A-1","name":"N","roles":["supervisor"]})"},
                {"user", R"({"badge":"A-2","name":"N","roles":["operator"]})"}});
    const auto ask =
        [&](const char* kind, const char* badge, const char* wrong_pin) {
            store::Operation asked = house.operation(
                kind,
                std::string(kind) == "replace_device"
                    ? std::vector<std::pair<std::string, std::string>>{{"device", "D1"},
                                                                       {"unit", "0c2e:0cc1:NEW"},
                                                                       {"declared",
                                                                        "0c2e:0cc1:OLD"}}
                    : std::vector<std::pair<std::string, std::string>>{{"device", "D1"}});
            asked.authority.badge = badge;
            asked.authority.second_badge.clear();
            asked.authority.wrong_pin = wrong_pin;
            return *house.ask(asked);
        };
    const auto kind = GENERATE(as<const char*>(), "replace_device", "simulate_scan");
    INFO(kind);
    CHECK(ask(kind, "B-7", "").verdict.code == "BADGE_UNKNOWN");
    CHECK(ask(kind, "A-2", "").verdict.code == "ROLE_TOO_LOW");
    CHECK(ask(kind, "A-1", "A-1").verdict.code == "PIN_WRONG");
    const auto done = ask(kind, "A-1", "");
    CHECK(done.verdict.accepted());
    CHECK(done.subject == "device:D1");
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
}
