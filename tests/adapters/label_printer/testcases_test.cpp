#include "tests/adapters/label_printer/printer_bench.hpp"
#include "tests/adapters/testcase_files.hpp"

using namespace lotgate;
using namespace std::chrono_literals;

namespace {

/// Notes each report and each change of health, with its time.
struct Notes {
    std::vector<std::string> lines;
    std::map<std::int64_t, std::size_t> known;
    std::string health = "starting";
    test::PrinterBench bench;  // last: it still calls look() while it ends

    explicit Notes(test::Speaks language) : bench({}, language) {
        bench.time.on_quiet([this] { look(); });
    }

    void note(const std::string& what) {
        lines.push_back(fmt::format("{}ms {}", bench.time.elapsed().count(), what));
    }

    void look() {
        for (const auto& [id, states] : bench.told) {
            for (auto& seen = known[id]; seen < states.size(); ++seen) {
                const bool is_last = seen + 1 == states.size() && !bench.because[id].empty();
                note(fmt::format(
                    "{} {}{}", id, name_of(states[seen]), is_last ? ": " + bench.because[id] : ""));
            }
        }
        const auto now = bench.printer->health();
        const auto text =
            fmt::format("{}{}", name_of(now.state), now.because.empty() ? "" : ": " + now.because);
        if (text == health) return;
        health = text;
        note("health " + text);
    }

    void obey(const std::vector<std::string>& words) {
        const auto text = fmt::format("{}", fmt::join(words, " "));
        if (words[0] == "order")
            bench.order(std::stoi(words[1]));
        else if (text == "paper out")
            bench.is_paper_out = true;
        else if (text == "paper in")
            bench.is_paper_out = bench.paper_ends_in_label = false;
        else if (text == "paper ends in the next label")
            bench.paper_ends_in_label = true;
        else if (text == "head opened")
            bench.is_head_open = true;
        else if (text == "head closed")
            bench.is_head_open = false;
        else if (text == "silent")
            bench.is_silent = true;
        else if (text == "answers")
            bench.is_silent = false;
        else if (text == "keeps labels")
            bench.keeps_label = true;
        else if (text == "prints what it has")
            bench.prints_what_it_has();
        else if (text == "loses what it has")
            bench.in_buffer = 0;
        else if (text == "has no counter")
            bench.has_counter = false;
        else if (text == "line drops")
            bench.line.drop("line dropped");
        else if (text == "line pulled")
            bench.line.pull_out("line pulled");
        else if (text == "line opens")
            bench.line.plug_in();
        else if (text != "end")
            FAIL("no such line in wire.txt: " << text);
    }
};

void play_all(const std::string& kind, test::Speaks language) {
    const auto cases = test::cases_below(kind);
    REQUIRE(cases.size() >= 4);
    for (const auto& folder : cases) {
        INFO(folder.filename().string());
        Notes notes(language);
        for (const auto& step : test::script_of(folder / "wire.txt")) {
            notes.bench.time.run_until(step.at);
            notes.obey(step.words);
        }
        CHECK(test::joined(notes.lines) == test::joined(test::lines_of(folder / "expect.txt")));
    }
}

}  // namespace

TEST_CASE("each case of a ZPL printer ends as its file says", "[printer]") {
    play_all("zpl_printer", test::Speaks::zpl);
}

TEST_CASE("each case of a TSPL printer ends as its file says", "[printer]") {
    play_all("tspl_printer", test::Speaks::tspl);
}
