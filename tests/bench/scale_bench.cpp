// The store where it is full.
//   bench_scale units DIRECTORY [MANY]    p50 of one attempt with 10,000 and with MANY units
//   bench_scale fill DATABASE SITE STATION GTIN EVENTS
//                                         adds receipts at a station, as fast as 128 callers can

#include "tests/bench/receipts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <thread>
#include <vector>

using namespace lotgate;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr std::uint64_t few_units = 10'000;
constexpr std::uint64_t many_units = 10'000'000;
constexpr std::uint64_t samples = 2'000;

double seconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

std::unique_ptr<store::Store> opened(const std::string& path, const std::string& site) {
    store::StoreConfig config;
    config.path = path;
    config.site = site;
    auto store = store::Store::open(config, system_clock());
    if (store) return std::move(*store);
    fmt::print(stderr, "bench_scale: {}\n", store.error().detail());
    std::exit(1);
}

std::shared_ptr<rules::StationPolicy> some_policy() {
    auto policy = std::make_shared<rules::StationPolicy>();
    policy->printer = "P1";
    return policy;
}

/// Median of single receipts, spread over all units that are announced.
double p50_us(store::Store& store, std::uint64_t units) {
    const auto policy = some_policy();
    bench::Waiter waiter;
    std::vector<double> took;
    for (std::uint64_t i = 0; i < samples; ++i) {
        auto attempt = bench::receipt(i * (units / samples), policy);
        const auto start = SteadyClock::now();
        if (!bench::ask(store, waiter, std::move(attempt))) std::exit(1);
        took.push_back(seconds_since(start) * 1e6);
    }
    std::sort(took.begin(), took.end());
    return took[took.size() / 2];
}

double p50_with(const std::string& directory, std::uint64_t units) {
    const std::string path = fmt::format("{}/units-{}.db", directory, units);
    std::filesystem::create_directories(directory);
    double p50 = 0;
    {
        const auto store = opened(path, "BENCH");
        bench::Feed feed(*store);
        feed.product();
        const std::uint64_t of_an_asn = std::min(units, bench::units_of_an_asn);
        for (std::uint64_t first = 0; first < units; first += of_an_asn) feed.asn(first, of_an_asn);
        p50 = p50_us(*store, units);
    }
    for (const char* part : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + part);
    return p50;
}

int compare_units(const std::string& directory, std::uint64_t many) {
    const double few_p50 = p50_with(directory, few_units);
    const double many_p50 = p50_with(directory, many);
    fmt::print("one attempt with {} units: p50 {:.0f} us; with {}: {:.0f} us; {:.2f} times\n",
               few_units,
               few_p50,
               many,
               many_p50,
               many_p50 / few_p50);
    return 0;
}

struct Receipts {
    std::string station;
    std::string gtin;
    std::uint64_t count = 0;
};

int fill(store::Store& store, const Receipts& wanted) {
    const auto policy = some_policy();
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::uint64_t> accepted{0};
    const auto start = SteadyClock::now();
    const auto one_caller = [&] {
        bench::Waiter waiter;
        for (std::uint64_t unit = next++; unit < wanted.count; unit = next++) {
            auto attempt = bench::receipt(unit, policy);
            attempt.request_id = fmt::format("fill-{}", unit);
            attempt.station = wanted.station;
            attempt.what.gtin = *Gtin::parse(wanted.gtin);
            attempt.what.serial = *Serial::parse(fmt::format("F{:08}", unit));
            if (bench::ask(store, waiter, std::move(attempt))) ++accepted;
        }
    };
    std::vector<std::thread> callers;
    for (int i = 0; i < 128; ++i) callers.emplace_back(one_caller);
    for (auto& caller : callers) caller.join();
    fmt::print("{} receipts, {} accepted, {:.1f} s\n",
               wanted.count,
               accepted.load(),
               seconds_since(start));
    return accepted == wanted.count ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view what = argc > 1 ? argv[1] : "";
    if (what == "units" && argc >= 3)
        return compare_units(argv[2], argc > 3 ? std::stoull(argv[3]) : many_units);
    if (what == "fill" && argc == 7) {
        const auto store = opened(argv[2], argv[3]);
        return fill(*store, {argv[4], argv[5], std::stoull(argv[6])});
    }
    return 64;
}
