// Figures of the store beside a bare program doing the same transaction (design.md, Budgets).
//   bench_store [directory] [seconds a figure] [callers]
// The directory must be on the disk to measure; without callers: 1, 32 and 128.

#include "store/model/time.hpp"
#include "store/rules/rule.hpp"
#include "store/sqlite/migrations.hpp"
#include "store/store.hpp"
#include "tests/bench/bare_store.hpp"
#include "tests/bench/receipts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime is POSIX's
#include <unistd.h>

using namespace lotgate;
using namespace lotgate::bench;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr std::uint64_t units = 400'000;

double seconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

/// Bytes this process has handed to the kernel to write.
double bytes_written() {
    std::ifstream file("/proc/self/io");
    std::string word;
    while (file >> word)
        if (word == "wchar:" && file >> word) return std::stod(word);
    return 0;
}

/// Processor time of this process, callers included, in seconds.
double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Rate {
    double per_second = 0;
    double cpu_us = 0;  ///< of one call
    double bytes = 0;   ///< written by one call
};

/// Calls `one(unit)` from several threads for a while.
Rate rate_of(int callers,
             double for_seconds,
             std::atomic<std::uint64_t>& next_unit,
             const std::function<void(std::uint64_t)>& one) {
    std::atomic<std::uint64_t> count{0};
    const double cpu_before = cpu_seconds();
    const double bytes_before = bytes_written();
    const auto start = SteadyClock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i)
        threads.emplace_back([&] {
            while (seconds_since(start) < for_seconds && next_unit < units) {
                one(next_unit++);
                ++count;
            }
        });
    for (auto& thread : threads) thread.join();
    const double took = seconds_since(start);
    const auto calls = static_cast<double>(count);
    return {calls / took,
            (cpu_seconds() - cpu_before) * 1e6 / calls,
            (bytes_written() - bytes_before) / calls};
}

/// Three rounds, each with both in turn; the median of the ratios stands for all.
void compare(int callers, const std::function<Rate()>& bare, const std::function<Rate()>& store) {
    std::vector<double> ratios;
    for (int round = 0; round < 3; ++round) {
        const Rate by_bare = bare();
        const Rate by_store = store();
        ratios.push_back(100 * by_store.per_second / by_bare.per_second);
        fmt::print(
            "{:4} callers   store {:7.0f}/s {:5.1f} us {:6.0f} B   bare {:7.0f}/s {:5.1f} us "
            "{:6.0f} B   {:5.1f} %\n",
            callers,
            by_store.per_second,
            by_store.cpu_us,
            by_store.bytes,
            by_bare.per_second,
            by_bare.cpu_us,
            by_bare.bytes,
            ratios.back());
    }
    std::sort(ratios.begin(), ratios.end());
    fmt::print("{:4} callers, of a bare program   {:8.1f} %\n", callers, ratios[1]);
}

struct Latency {
    double p50_us;
    double p99_us;
};

Latency latency_of(int count, const std::function<void()>& one) {
    std::vector<double> took;
    for (int i = 0; i < count; ++i) {
        const auto start = SteadyClock::now();
        one();
        took.push_back(seconds_since(start) * 1e6);
    }
    std::sort(took.begin(), took.end());
    return {took[took.size() / 2], took[took.size() * 99 / 100]};
}

void measure_rules(const std::shared_ptr<rules::StationPolicy>& policy) {
    const rules::Attempt attempt = receipt(1, policy);
    rules::Facts facts;
    facts.intent = rules::Intent::take_unit;
    facts.product = rules::ProductFacts{"Widget", true, false, false};
    facts.unit = rules::UnitFacts{};
    facts.unit->state = rules::UnitState::expected;
    facts.unit->document = "ASN-1";
    facts.document = rules::DocumentFacts{};
    facts.document->id = "ASN-1";
    facts.lines.push_back({1, widget, "", "", {}, true, 100, 5});
    constexpr int rounds = 200'000;
    std::size_t findings = 0;
    const auto start = SteadyClock::now();
    for (int i = 0; i < rounds; ++i) findings += rules::judge(facts, attempt).findings.size();
    fmt::print("rule book                        {:8.2f} us an attempt ({} findings)\n",
               seconds_since(start) * 1e6 / rounds,
               findings);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string parent = argc > 1 ? argv[1] : "/var/tmp";
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const double seconds = argc > 2 ? std::atof(argv[2]) : 2;
    std::vector<int> callers_asked{1, 32, 128};
    if (argc > 3) callers_asked = {std::atoi(argv[3])};
    const std::string directory = fmt::format("{}/lotgate-bench-{}", parent, ::getpid());
    std::filesystem::create_directories(directory);
    auto policy = std::make_shared<rules::StationPolicy>();
    policy->printer = "P1";
    measure_rules(policy);

    std::string schema;
    for (const auto& step : store::sqlite::migrations()) schema += step.sql;
    {
        BareStore bare(directory + "/bare.db", schema, units);
        store::StoreConfig config;
        config.path = directory + "/site.db";
        config.site = "BENCH";
        auto opened = store::Store::open(config, system_clock());
        if (!opened) {
            fmt::print(stderr, "{}\n", opened.error().detail());
            return 1;
        }
        store::Store& site = **opened;
        Feed feed(site);
        feed.product();
        auto start = SteadyClock::now();
        feed.asn(0, units_of_an_asn / 2);
        fmt::print(
            "ASN of {} serials applied     {:8.3f} s\n", units_of_an_asn / 2, seconds_since(start));
        for (std::uint64_t first = units_of_an_asn; first < units; first += units_of_an_asn)
            feed.asn(first, units_of_an_asn);

        std::atomic<std::uint64_t> next{0};
        start = SteadyClock::now();
        std::vector<std::thread> threads;
        for (int i = 0; i < 128; ++i)
            threads.emplace_back([&] {
                Waiter waiter;
                while (next < units_of_an_asn / 2)
                    if (const auto unit = next++; unit < units_of_an_asn / 2)
                        ask(site, waiter, receipt(unit, policy));
            });
        for (auto& thread : threads) thread.join();
        fmt::print("10,000 serials received          {:8.3f} s (128 callers)\n",
                   seconds_since(start));

        std::atomic<std::uint64_t> site_unit{units_of_an_asn};
        std::atomic<std::uint64_t> bare_unit{0};
        const auto by_store = [&](std::uint64_t unit) {
            thread_local Waiter waiter;
            if (!ask(site, waiter, receipt(unit, policy))) std::abort();
        };
        const auto by_bare = [&](std::uint64_t unit) {
            thread_local Waiter waiter;
            Waiter* mine = &waiter;
            bare.receive(unit, [mine] { mine->answered(true); });
            if (!waiter.wait()) std::abort();
        };
        for (const int callers : callers_asked)
            compare(
                callers,
                [&] { return rate_of(callers, seconds / 2, bare_unit, by_bare); },
                [&] { return rate_of(callers, seconds / 2, site_unit, by_store); });
        Waiter waiter;
        const Latency one = latency_of(
            2000, [&] { static_cast<void>(ask(site, waiter, receipt(site_unit++, policy))); });
        const Latency bare_one = latency_of(2000, [&] { bare.receive_alone(bare_unit++); });
        fmt::print(
            "one attempt: store p50 {:.0f} p99 {:.0f} us; bare commit p50 {:.0f} p99 {:.0f} us; "
            "difference p50 {:.0f} us\n",
            one.p50_us,
            one.p99_us,
            bare_one.p50_us,
            bare_one.p99_us,
            one.p50_us - bare_one.p50_us);
    }
    std::filesystem::remove_all(directory);
    return 0;
}
