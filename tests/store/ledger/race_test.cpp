// Two stations race for one unit: exactly one has it, and the other is told what a scan a moment
// later would be told.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <thread>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr int races = 10'000;
constexpr int in_flight = 64;  // of each station; below the store's queue limit

std::string serial_of(int i) {
    return "R-" + std::to_string(i);
}

struct Answers {
    std::vector<std::string> codes = std::vector<std::string>(races);
    std::vector<std::string> dids = std::vector<std::string>(races);
};

// Submits every serial in order, some at a time, as a fast scanner would.
Answers run(Warehouse& house, std::vector<rules::Attempt> attempts) {
    Answers answers;
    std::vector<std::future<Result<store::Outcome>>> waiting;
    int answered = 0;
    const auto take = [&] {
        auto outcome = waiting[static_cast<std::size_t>(answered)].get();
        const auto at = static_cast<std::size_t>(answered++);
        answers.codes[at] = outcome ? outcome->verdict.code : "FAULT";
        answers.dids[at] = outcome ? outcome->did : "FAULT";
    };
    for (auto& attempt : attempts) {
        auto promise = std::make_shared<std::promise<Result<store::Outcome>>>();
        waiting.push_back(promise->get_future());
        house.store().submit(std::move(attempt), [promise](Result<store::Outcome> outcome) {
            promise->set_value(std::move(outcome));
        });
        if (static_cast<int>(waiting.size()) - answered >= in_flight) take();
    }
    while (answered < static_cast<int>(waiting.size())) take();
    return answers;
}

void fill(Warehouse& house) {
    house.furnish();
    std::string serials;
    for (int i = 0; i < races; ++i) serials += (i == 0 ? "\"" : ",\"") + serial_of(i) + "\"";
    house.send(
        {{"asn",
          R"({"id":"ASN-R","supplier":"V-1","lines":[{"line":1,"gtin":"09506000134376","quantity":1,"serials":[)" +
              serials + "]}]}"},
         {"order",
          R"({"id":"SO-A","customer":"C-N","lines":[{"line":1,"gtin":"09506000134376","quantity":10000}]})"},
         {"order",
          R"({"id":"SO-Z","customer":"C-N","lines":[{"line":1,"gtin":"09506000134376","quantity":10000}]})"}});
    std::vector<rules::Attempt> receipts;
    for (int i = 0; i < races; ++i)
        receipts.push_back(house.unit(Step::receive, "DOCK-1", serial_of(i), widget));
    const Answers received = run(house, std::move(receipts));
    for (const std::string& did : received.dids) REQUIRE(did == "received");
    house.scan(house.code(Step::pick, "PICK-A", "SO-A"));
    house.scan(house.code(Step::pick, "PICK-Z", "SO-Z"));
}

}  // namespace

// odoo#268942: two transactions reserved one serial.
TEST_CASE("of two stations that race for one serial one wins, ten thousand times",
          "[store][race]") {
    Warehouse house;
    fill(house);
    std::vector<rules::Attempt> left;
    std::vector<rules::Attempt> right;
    for (int i = 0; i < races; ++i) {
        left.push_back(house.unit(Step::pick, "PICK-A", serial_of(i), widget));
        right.push_back(house.unit(Step::pick, "PICK-Z", serial_of(i), widget));
    }
    auto other = std::async(std::launch::async, [&] { return run(house, std::move(right)); });
    const Answers mine = run(house, std::move(left));
    const Answers theirs = other.get();
    int won = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(races); ++i) {
        const bool is_mine = mine.dids[i] == "picked";
        const bool is_theirs = theirs.dids[i] == "picked";
        REQUIRE(is_mine != is_theirs);
        won += is_mine ? 1 : 0;
        REQUIRE((is_mine ? theirs : mine).codes[i] == "WRONG_SERIAL");
    }
    INFO("one station won " << won << " of " << races);
    const auto late = house.scan(house.unit(
        Step::pick, mine.dids[0] == "picked" ? "PICK-Z" : "PICK-A", serial_of(0), widget));
    CHECK(late.verdict.code == "WRONG_SERIAL");
    CHECK(house.rebuild().find("\"ok\":true") != std::string::npos);
}
