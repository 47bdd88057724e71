#include "tests/adapters/label_printer/printer_bench.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;

namespace {

using test::TsplBench;
using test::ZplBench;

const std::vector<PrintState> printed{PrintState::sent, PrintState::confirmed};
const std::vector<PrintState> doubtful{PrintState::sent, PrintState::in_doubt};

}  // namespace

TEMPLATE_TEST_CASE("with a window, labels leave together, and one end is the end of all",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    LabelPrinterConfig config;
    config.window = 4;
    TestType bench(config);
    bench.line.pull_out("away");
    for (int id = 1; id <= 6; ++id) bench.order(id);
    bench.line.plug_in();
    bench.runs(1min);
    REQUIRE(bench.labels.size() == 6);
    for (int id = 1; id <= 6; ++id) CHECK(bench.states(id) == printed);
    CHECK(bench.because[1] == "label counter went from 100 to 104");
    CHECK(bench.because[6] == "label counter went from 104 to 106");

    bench.keeps_label = true;
    bench.line.pull_out("away");
    for (int id = 11; id <= 14; ++id) bench.order(id);
    bench.line.plug_in();
    bench.runs(35s);
    bench.line.drop("power lost");
    bench.runs(1s);
    for (int id = 11; id <= 14; ++id) CHECK(bench.states(id) == doubtful);
}

TEMPLATE_TEST_CASE("a label that waits can be withdrawn, one that has left cannot",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    TestType bench;
    bench.keeps_label = true;
    bench.runs(10ms);
    bench.order(1);
    bench.runs(20ms);
    bench.order(2);
    const auto queue = bench.printer->queue();
    REQUIRE(queue.size() == 2);
    CHECK(queue[0].has_left);
    CHECK_FALSE(queue[1].has_left);
    CHECK_FALSE(bench.printer->withdraw(1));
    const auto taken = bench.printer->withdraw(2);
    REQUIRE(taken);
    CHECK(taken->effect_id == 2);
    CHECK_FALSE(bench.printer->withdraw(2));

    bench.keeps_label = false;
    bench.prints_what_it_has();
    bench.runs(10s);
    CHECK(bench.labels.size() == 1);
    CHECK(bench.states(2).empty());
}

TEMPLATE_TEST_CASE("a silent printer is asked less and less", "[printer]", ZplBench, TsplBench) {
    TestType bench;
    bench.keeps_label = true;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(20ms);
    bench.is_silent = true;
    bench.runs(1min);
    const auto before = bench.writes;
    bench.runs(2min);
    CHECK(bench.writes - before <= 12);
    CHECK(bench.writes - before >= 5);  // but it is not forgotten
}

TEMPLATE_TEST_CASE(
    "a printer that nobody mends is looked at less often, and still resumes by itself",
    "[printer]",
    ZplBench,
    TsplBench) {
    TestType bench;
    bench.is_paper_out = true;
    bench.runs(10ms);
    bench.order(1, 600min);
    bench.runs(5min);
    const auto before = bench.writes;
    bench.runs(1min);
    CHECK(bench.writes - before <= 35);
    bench.is_paper_out = false;
    bench.runs(3s);
    CHECK(bench.states(1) == printed);
}

TEMPLATE_TEST_CASE("a dead printer does not hold up the other one",
                   "[printer][C19]",
                   ZplBench,
                   TsplBench) {
    TestType dead;
    TestType good;
    dead.line.block_writes(true);
    for (int id = 1; id <= 50; ++id) {
        dead.order(id);
        good.order(id);
    }
    dead.runs(1min);
    good.runs(1min);
    CHECK(dead.labels.empty());
    CHECK(good.labels.size() == 50);
    CHECK(dead.printer->waiting() == 50);
    CHECK(good.printer->waiting() == 0);
}
