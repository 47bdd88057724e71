#include "tests/adapters/label_printer/printer_bench.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using test::TsplBench;
using test::ZplBench;

const std::vector<PrintState> printed{PrintState::sent, PrintState::confirmed};
const std::vector<PrintState> doubtful{PrintState::sent, PrintState::in_doubt};

}  // namespace

TEMPLATE_TEST_CASE("a label is recorded as sent, printed, and confirmed by the counter",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.runs(10ms);
    CHECK(bench.printer->health().state == HealthState::ready);
    bench.order(7);
    bench.runs(50ms);

    CHECK(bench.states(7) == printed);
    CHECK(bench.because[7] == "label counter went from 100 to 101");
    REQUIRE(bench.labels.size() == 1);
    CHECK(bench.holds(0, 7));
    CHECK(bench.labels[0].find(bench.speaks == test::Speaks::zpl ? "^XA^JZN" : "SET REPRINT OFF") ==
          0);
    CHECK(bench.labels_when_sent_was_told == 0);
    CHECK(bench.printer->health().last_useful);
    CHECK(bench.printer->waiting() == 0);
}

TEMPLATE_TEST_CASE("labels are printed in order, one in flight, and keep up",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.runs(10ms);
    for (int id = 1; id <= 100; ++id) bench.order(id);
    bench.runs(2s);
    REQUIRE(bench.labels.size() == 100);
    for (int id = 1; id <= 100; ++id) CHECK(bench.states(id) == printed);
    CHECK(bench.holds(41, 42));
}

TEMPLATE_TEST_CASE("a printer without a label counter is believed by its status, and it is said",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.has_counter = false;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(1s);
    CHECK(bench.states(7) == printed);
    CHECK(bench.because[7] == "by host status only: the printer has no label counter");
}

TEMPLATE_TEST_CASE("not one byte leaves before the store has it",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.is_store_up = false;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(30s);
    CHECK(bench.labels.empty());
    CHECK(bench.printer->health().state == HealthState::degraded);
    CHECK(bench.printer->waiting() == 1);

    bench.is_store_up = true;
    bench.runs(3s);
    CHECK(bench.states(7) == printed);
}

TEMPLATE_TEST_CASE("out of labels: the jobs wait, a person is told, and it goes on by itself",
                   "[printer][C19]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.is_paper_out = true;
    bench.runs(10ms);
    bench.order(1);
    bench.order(2);
    bench.order(3);
    bench.runs(60s);
    CHECK(bench.labels.empty());
    CHECK(bench.printer->health().state == HealthState::failed);
    CHECK(bench.printer->health().because == "out of labels: load a roll; 3 labels wait");
    CHECK(bench.told.empty());

    bench.is_paper_out = false;
    bench.runs(2s);
    CHECK(bench.labels.size() == 3);
    CHECK(bench.printer->health().state == HealthState::ready);
}

TEMPLATE_TEST_CASE("labels that waited too long are not printed any more",
                   "[printer][C19]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.is_head_open = true;
    bench.runs(10ms);
    bench.order(1, 5min);
    bench.order(2, 60min);
    bench.runs(6min);
    CHECK(bench.states(1) == std::vector<PrintState>{PrintState::failed});
    CHECK(bench.because[1] == "too old: it waited past its time");

    bench.is_head_open = false;
    bench.runs(2s);
    CHECK(bench.labels.size() == 1);
    CHECK(bench.states(2) == printed);
}

TEMPLATE_TEST_CASE("labels grow too old also while the printer is away",
                   "[printer][C19]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.line.pull_out("no answer");
    bench.order(1, 5min);
    bench.runs(6min);
    CHECK(bench.states(1) == std::vector<PrintState>{PrintState::failed});
    bench.line.plug_in();
    bench.runs(2min);
    CHECK(bench.labels.empty());
}

TEMPLATE_TEST_CASE("paper that ends in the label: printed later is confirmed",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.paper_ends_in_label = true;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(10min);
    CHECK(bench.states(7) == std::vector<PrintState>{PrintState::sent});
    CHECK(bench.printer->health().because == "out of labels: load a roll; 1 label waits");

    bench.is_paper_out = bench.paper_ends_in_label = false;
    bench.prints_what_it_has();
    bench.runs(1s);
    CHECK(bench.states(7) == printed);
    CHECK(bench.labels.size() == 1);
}

TEMPLATE_TEST_CASE(
    "paper that ends in the label: spoiled and gone is failed, and may be sent again",
    "[printer]",
    ZplBench,
    TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.runs(10ms);
    bench.order(6);
    bench.runs(1s);
    bench.paper_ends_in_label = true;
    bench.order(7);
    bench.runs(1min);
    bench.is_paper_out = bench.paper_ends_in_label = false;
    bench.in_buffer = 0;
    bench.runs(5s);
    CHECK(bench.states(7) == std::vector<PrintState>{PrintState::sent, PrintState::failed});
    CHECK(bench.labels.size() == 1);
}

TEMPLATE_TEST_CASE("a counter that was never seen to move does not prove that nothing was printed",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    TestType bench;
    bench.is_counter_stale = true;
    bench.paper_ends_in_label = true;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(1min);
    bench.is_paper_out = bench.paper_ends_in_label = false;
    bench.prints_what_it_has();
    bench.runs(30s);
    CHECK(bench.states(7) == doubtful);
    CHECK(bench.labels.size() == 1);
}

TEMPLATE_TEST_CASE("a counter that counts otherwise than by one leaves the label in doubt",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    TestType bench;
    bench.counts_by = 2;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(30s);
    CHECK(bench.states(7) == doubtful);
    CHECK(bench.because[7] == "label counter went from 100 to 102: not by one");
}

TEST_CASE("an idle TSPL printer without a counter proves nothing unless it was seen working",
          "[printer]") {
    TsplBench bench;
    bench.has_counter = false;
    bench.works_unseen = true;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(30s);
    CHECK(bench.states(7) == doubtful);
}

TEMPLATE_TEST_CASE("a printer that swallows a label leaves it in doubt",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.loses_label = true;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(30s);
    CHECK(bench.states(7) == doubtful);
}

TEMPLATE_TEST_CASE("silence is unknown, never ready", "[printer]", ZplBench, TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.is_silent = true;
    bench.order(7);
    bench.runs(2min);
    CHECK(bench.labels.empty());
    CHECK(bench.told.empty());
    CHECK(bench.printer->health().state == HealthState::retrying);
    CHECK(bench.printer->health().because.starts_with("the printer does not answer"));

    bench.is_silent = false;
    bench.runs(1min);
    CHECK(bench.states(7) == printed);
}

TEMPLATE_TEST_CASE("silence during a label is waited out, since some models are silent in a fault",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.keeps_label = true;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(20ms);
    bench.is_silent = true;
    bench.runs(2min);
    CHECK(bench.states(7) == std::vector<PrintState>{PrintState::sent});
    CHECK(bench.printer->health().state == HealthState::degraded);

    bench.is_silent = false;
    bench.prints_what_it_has();
    bench.runs(10s);
    CHECK(bench.states(7) == printed);
}

TEMPLATE_TEST_CASE(
    "whatever step the connection breaks at, no label is printed twice or lost unseen",
    "[printer]",
    ZplBench,
    TsplBench) {
    using Bench = TestType;
    unsigned steps = 0;
    {
        Bench healthy;
        healthy.runs(10ms);
        healthy.order(7);
        healthy.runs(1s);
        REQUIRE(healthy.states(7) == printed);
        steps = healthy.writes;
    }
    REQUIRE(steps >= 5);  // status, counter, label, status, counter
    unsigned in_doubt = 0;
    for (unsigned step = 1; step <= steps; ++step) {
        for (const bool is_before : {true, false}) {
            INFO("drop " << (is_before ? "before" : "after") << " write " << step);
            Bench bench;
            (is_before ? bench.drop_before : bench.drop_after) = step;
            bench.runs(10ms);
            bench.order(7);
            bench.runs(3min);
            CHECK(bench.labels.size() <= 1);
            REQUIRE(bench.states(7).size() == 2);
            CHECK(bench.states(7)[0] == PrintState::sent);
            const auto end = bench.states(7)[1];
            CHECK(end != PrintState::failed);
            if (end == PrintState::confirmed) CHECK(bench.labels.size() == 1);
            if (end == PrintState::in_doubt) ++in_doubt;
        }
    }
    CHECK(in_doubt >= 3);  // the check itself: some steps do leave a doubt
}

TEMPLATE_TEST_CASE("a label in doubt is not sent again when the printer is back",
                   "[printer][C19]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.keeps_label = true;
    bench.runs(10ms);
    bench.order(7);
    bench.runs(20ms);
    bench.line.drop("power lost");
    bench.keeps_label = false;
    bench.in_buffer = 0;
    bench.order(8);
    bench.runs(1min);
    CHECK(bench.states(7) == doubtful);
    CHECK(bench.states(8) == printed);
    REQUIRE(bench.labels.size() == 1);
    CHECK(bench.holds(0, 8));
}

TEMPLATE_TEST_CASE("the queue has an end, and what is no label is refused",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    LabelPrinterConfig config;
    config.queue_max = 2;
    Bench bench(config);
    bench.line.pull_out("away");
    const Instant later{bench.time.now().us + 60'000'000};
    CHECK(bench.printer->enqueue(PrintOrder(1, bench.label_of(1), later)));
    CHECK(bench.printer->enqueue(PrintOrder(2, bench.label_of(2), later)));
    CHECK(bench.printer->enqueue(PrintOrder(3, bench.label_of(3), later)).error().code() ==
          FaultCode::full);
    CHECK(bench.printer->enqueue(PrintOrder(4, "hello", later)).error().code() ==
          FaultCode::invalid_input);
}

TEMPLATE_TEST_CASE("cancelled at any step, the printer ends, and says and sends nothing afterwards",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    for (unsigned step = 1; step <= 6; ++step) {
        INFO("cancelled while the answer to write " << step << " is awaited");
        Bench bench;
        bench.cancel_at = step;
        bench.runs(10ms);
        bench.order(7);
        bench.runs(50ms);
        bench.cancel.emit(asio::cancellation_type::terminal);
        bench.runs(1ms);
        CHECK(bench.has_ended);
        const auto writes = bench.writes;
        const auto told = bench.states(7);
        bench.runs(1min);
        CHECK(bench.writes == writes);
        CHECK(bench.states(7) == told);
    }
}

TEMPLATE_TEST_CASE("a printer that talks nonsense between its answers still prints",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        std::minstd_rand engine(seed);
        Bench bench;
        bench.runs(10ms);
        for (int burst = 0; burst < 8; ++burst) {
            std::string noise(8192, ' ');
            for (char& byte : noise) byte = static_cast<char>(engine() % 256);
            bench.line.receive(noise);
            bench.runs(5ms);
        }
        CHECK_FALSE(bench.has_ended);
        bench.runs(1min);
        bench.order(7);
        bench.runs(1min);
        CHECK(bench.states(7) == printed);
        CHECK(bench.labels.size() == 1);
    }
}

TEMPLATE_TEST_CASE("a clock that is set back does not stop the labels",
                   "[printer]",
                   ZplBench,
                   TsplBench) {
    using Bench = TestType;
    Bench bench;
    bench.runs(10ms);
    bench.order(1);
    bench.time.jump_wall_clock(-48h);
    bench.runs(1s);
    CHECK(bench.states(1) == printed);
}

TEMPLATE_TEST_CASE("a night's stale labels do not come out in the morning",
                   "[printer][C19]",
                   ZplBench,
                   TsplBench) {
    TestType bench;
    bench.line.pull_out("switched off for the night");
    for (int id = 1; id <= 20; ++id) bench.order(id, 15min);
    bench.runs(480min);
    bench.line.plug_in();
    bench.runs(1min);
    CHECK(bench.labels.empty());
    for (int id = 1; id <= 20; ++id)
        CHECK(bench.states(id) == std::vector<PrintState>{PrintState::failed});
    bench.order(21);
    bench.runs(10s);
    CHECK(bench.labels.size() == 1);
    CHECK(bench.states(21) == printed);
}
