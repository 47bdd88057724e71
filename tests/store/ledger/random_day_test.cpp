// A random day: many stations, wrong scans, repeats, holds, cancels and restarts. Afterwards the
// ledger proves itself, and a model that knows nothing of the rules finds no unit in two places.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

class RandomDay {
public:
    explicit RandomDay(unsigned seed) : random_(seed) {
        house_.furnish();
        for (int asn = 2; asn < 8; ++asn) announce(asn);
        for (int order = 2; order < 20; ++order) take_order(order);
    }

    void run(int actions) {
        for (int i = 0; i < actions; ++i) act();
    }

    [[nodiscard]] Warehouse& house() { return house_; }

    std::map<std::string, int> received;
    std::map<std::string, int> shipped_cartons;

private:
    int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

    std::string serial() { return "U-" + std::to_string(pick(200)); }

    void announce(int asn) {
        std::string serials;
        for (int i = 0; i < 25; ++i)
            serials += (i == 0 ? "\"U-" : ",\"U-") + std::to_string(asn * 25 + i) + "\"";
        house_.send(
            {{"asn",
              R"({"id":"ASN-)" + std::to_string(asn) +
                  R"(","supplier":"V","lines":[{"line":1,"gtin":"09506000134352","lot":"L-)" +
                  std::to_string(asn) + R"(","expires_on":"2026-12-0)" + std::to_string(asn) +
                  R"(","serials":[)" + serials + "]}]}"}});
    }

    void take_order(int order) {
        house_.send(
            {{"order",
              R"({"id":"SO-)" + std::to_string(order) +
                  R"(","customer":"C-N","lines":[{"line":1,"gtin":"09506000134352","quantity":)" +
                  std::to_string(1 + pick(4)) + "}]}"}});
    }

    void hold_or_lift() {
        const std::string id = "H-" + std::to_string(pick(5));
        if (pick(2) == 0)
            house_.send({{"hold_lift", R"({"id":")" + id + "\"}"}}, "urgent");
        else
            house_.send(
                {{"hold",
                  R"({"id":")" + id +
                      R"(","reason":"quarantine","target":{"kind":"lot","gtin":"09506000134352","lot":"L-)" +
                      std::to_string(2 + pick(6)) + "\"}}"}},
                "urgent");
    }

    rules::Attempt any_scan() {
        const std::string bench = "PACK-" + std::to_string(pick(3));
        switch (pick(8)) {
            case 0:
            case 1:
            case 2:
                return house_.unit(Step::receive, "DOCK-" + std::to_string(pick(3)), serial());
            case 3:
                return house_.code(Step::pack, bench, "SO-" + std::to_string(pick(20)));
            case 4:
            case 5:
                return house_.unit(Step::pack, bench, serial());
            case 6:
                return house_.unit(
                    pick(2) == 0 ? Step::putaway : Step::quarantine, "RACK", serial());
            default:
                return house_.unit(Step::take_back, "RETURNS", serial());
        }
    }

    rules::Attempt any_carton() {
        if (cartons_.empty()) return house_.at(Step::divert, "SORT-1");
        const std::string& sscc =
            cartons_[static_cast<std::size_t>(pick(static_cast<int>(cartons_.size())))];
        const Step step = pick(2) == 0 ? Step::divert : Step::ship;
        return house_.carton(step, step == Step::ship ? "DOOR-1" : "SORT-1", sscc);
    }

    void act() {
        const int what = pick(100);
        if (what == 0) return house_.restart();
        if (what < 4) return hold_or_lift();
        if (what == 4) house_.clock().advance_ms(3'600'000);
        rules::Attempt attempt = what < 25 ? any_carton() : any_scan();
        const auto outcome = house_.scan(attempt);
        if (pick(10) == 0) house_.scan(attempt);
        note(attempt, outcome);
    }

    void note(const rules::Attempt& attempt, const store::Outcome& outcome) {
        if (outcome.verdict.code == "REREAD") return;
        if (outcome.did == "received") ++received[attempt.what.serial->as_labelled()];
        if (outcome.did == "shipped") ++shipped_cartons[attempt.what.sscc->text()];
        if (const std::string sscc = print_field(outcome, "sscc"); !sscc.empty())
            cartons_.push_back(sscc);
        if (outcome.effects.empty() || pick(2) == 0) return;
        store::EffectReport report;
        report.effect_id = outcome.effects.front().id;
        static constexpr const char* states[] = {"sent", "confirmed", "in_doubt", "missed"};
        report.state = states[pick(4)];
        report.at = house_.clock().now();
        static_cast<void>(house_.ask(report));
    }

    std::mt19937 random_;
    Warehouse house_;
    std::vector<std::string> cartons_;
};

}  // namespace

TEST_CASE("after a random day the ledger proves every table and nothing happened twice",
          "[store][random]") {
    const unsigned seed = GENERATE(1U, 2U, 3U);
    INFO("seed " << seed);
    RandomDay day(seed);
    day.run(800);
    for (const auto& [serial, times] : day.received) {
        INFO(serial);
        CHECK(times == 1);
    }
    for (const auto& [sscc, times] : day.shipped_cartons) {
        INFO(sscc);
        CHECK(times == 1);
    }
    CHECK(day.received.size() > 20);
    CHECK_FALSE(day.shipped_cartons.empty());
    const std::string rebuilt = day.house().rebuild();
    INFO(rebuilt);
    CHECK(rebuilt.find("\"ok\":true") != std::string::npos);
    CHECK(day.house().queries()->verify_chain()->find("\"ok\":true") != std::string::npos);
}
