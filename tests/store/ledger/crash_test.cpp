// kill -9 in a loop: a child process receives goods and writes down each answer it got; whatever
// was answered is in the ledger, once, with the answer that was given.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace lotgate;
using namespace lotgate::testkit;

namespace {

constexpr const char* path_variable = "LOTGATE_CRASH_DATABASE";
constexpr const char* first_variable = "LOTGATE_CRASH_FIRST";

rules::Attempt no_read(int number) {
    static const auto policy = std::make_shared<rules::StationPolicy>();
    rules::Attempt attempt;
    attempt.request_id = "crash-" + std::to_string(number);
    attempt.step = rules::Step::divert;
    attempt.station = "SORT-1";
    attempt.actor = "device:D1";
    attempt.at = system_clock().now();
    attempt.site_date = site_date(attempt.at, "UTC");
    attempt.clock_quality = "synced";
    attempt.observation.is_no_read = true;
    attempt.divert = rules::DivertContext{"PLC1", 1, 0, 0, attempt.at};
    attempt.policy = policy;
    return attempt;
}

struct Child {
    pid_t pid = -1;
    FILE* answers = nullptr;
};

Child start_child(const std::string& path, int first) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    Child child;
    child.pid = fork();
    REQUIRE(child.pid >= 0);
    if (child.pid == 0) {
        dup2(ends[1], 3);
        setenv(path_variable, path.c_str(), 1);
        setenv(first_variable, std::to_string(first).c_str(), 1);
        execl("/proc/self/exe", "test_store", "[.crash_child]", nullptr);
        _exit(127);
    }
    close(ends[1]);
    child.answers = fdopen(ends[0], "r");
    return child;
}

// Reads answers until `count` came, kills, and reads what was still in the pipe.
void take_answers(Child& child, int count, std::map<int, std::uint64_t>& answered) {
    int number = 0;
    unsigned long seq = 0;
    int seen = 0;
    while (std::fscanf(child.answers, "%d %lu\n", &number, &seq) == 2) {
        const auto [at, is_new] = answered.emplace(number, seq);
        CHECK(at->second == seq);
        if (++seen == count) kill(child.pid, SIGKILL);
    }
    CHECK(seen >= count);
    std::fclose(child.answers);
    int status = 0;
    waitpid(child.pid, &status, 0);
    CHECK(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("the process that is killed", "[.crash_child]") {
    const char* path = std::getenv(path_variable);
    REQUIRE(path != nullptr);
    store::StoreConfig config;
    config.path = path;
    config.site = "TEST-1";
    auto store = std::move(*store::Store::open(config, system_clock()));
    const int first = std::atoi(std::getenv(first_variable));
    for (int number = first;; ++number) {
        while (store->progress().queued > 64) sched_yield();
        store->submit(no_read(number), [number](const Result<store::Outcome>& outcome) {
            if (outcome)
                dprintf(3, "%d %lu\n", number, static_cast<unsigned long>(number_of(outcome->seq)));
        });
    }
}

TEST_CASE("every answered request is in the ledger once after kill -9", "[store][wire][crash]") {
    TempDir directory;
    const std::string path = directory.file("site.db");
    std::map<int, std::uint64_t> answered;
    std::mt19937 random(7);
    for (int round = 0; round < 12; ++round) {
        // The last ones are asked again, as a device does that got no answer.
        const int last = answered.empty() ? 0 : answered.rbegin()->first;
        Child child = start_child(path, std::max(last - 20, 0));
        take_answers(child, 30 + static_cast<int>(random() % 200), answered);
    }
    auto queries = std::move(*store::Queries::open(path));
    CHECK(queries->verify_chain()->find("\"ok\":true") != std::string::npos);
    CHECK(queries->rebuild_and_compare()->find("\"ok\":true") != std::string::npos);
    const auto rows = *queries->rows_after(Seq{0}, 1'000'000, std::size_t{1} << 40U);
    std::map<std::string, std::uint64_t> in_ledger;
    for (const LedgerRow& row : rows) {
        const bool is_new = in_ledger.emplace(row.request_id, number_of(row.seq)).second;
        CHECK(is_new);
    }
    for (const auto& [number, seq] : answered) {
        INFO("request " << number);
        CHECK(in_ledger["crash-" + std::to_string(number)] == seq);
    }
    CHECK(answered.size() > 300);
}
