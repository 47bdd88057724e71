// How many scans a second one core decodes. Prints one line a kind of scan: decodes per second of
// processor time, the median of five rounds, and the spread. Build with -O2 (preset release).

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/identity.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace lotgate::barcode;

// Processor time: what else the machine does is not the decoder's doing.
double seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct Scan {
    const char* what;
    std::string bytes;
    double per_second_min;  ///< budget, 0 = none
};

double decodes_per_second(const std::string& bytes, std::size_t rounds) {
    std::size_t good = 0;
    const double start = seconds();
    for (std::size_t i = 0; i < rounds; ++i) {
        const Decoded decoded = decode(bytes);
        good += decoded.ok() ? 1U : 0U;
    }
    const double took = seconds() - start;
    if (good != rounds) return 0;
    return static_cast<double>(rounds) / took;
}

double identities_per_second(const std::string& bytes, std::size_t rounds) {
    constexpr lotgate::Date today{
        std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};
    std::size_t found = 0;
    const double start = seconds();
    for (std::size_t i = 0; i < rounds; ++i) {
        found += identify(decode(bytes), today).gtin.has_value() ? 1U : 0U;
    }
    const double took = seconds() - start;
    return found == rounds ? static_cast<double>(rounds) / took : 0;
}

template <class Measure>
bool report(const Scan& scan, const char* suffix, const Measure& measure) {
    constexpr std::size_t rounds = 200000;
    std::array<double, 5> rates{};
    static_cast<void>(measure(scan.bytes, rounds / 10));
    for (double& rate : rates) rate = measure(scan.bytes, rounds);
    std::sort(rates.begin(), rates.end());
    const bool within = rates[2] >= scan.per_second_min && rates[2] > 0;
    std::printf("%-34s %-16s %9.0f/s  (%9.0f to %9.0f)%s\n",
                scan.what,
                suffix,
                rates[2],
                rates.front(),
                rates.back(),
                within ? "" : "  BELOW BUDGET");
    return within;
}

}  // namespace

int main() {
    const std::vector<Scan> scans{
        {"GS1 DataMatrix 01+17+21+10",
         "]d2011231231231233317261231211234567\x1d"
         "10ABC123",
         1e6},
        {"GS1-128 01+17+10", "]C101123123123123331726123110ABC123", 0},
        {"GS1-128 SSCC", "]C100123456789012345675", 0},
        {"GS1-128 00+02+37+15+3100+10",
         "]C100123456789012345675021231231231233337"
         "10\x1d"
         "152612313100001750"
         "10ABC123",
         0},
        {"Digital Link 01/10/21?17",
         "]Q1https://id.gs1.org/01/12312312312333/10/ABC123/21/1234567?17=261231",
         0},
        {"EAN-13", "]E02112345678900", 0},
        {"plain QR", "]Q1SERIAL-000123456", 0},
        {"HIBC concatenated", "]C0+A99912345/$$52001510X3/16D20111212/S77DEFG457", 0},
        {"ISO 15434 06",
         std::string("]d1[)>\x1e"
                     "06\x1d"
                     "9N110375286414\x1d"
                     "1TLOT7\x1d"
                     "S123\x1e\x04"),
         0},
        {"a lot of 40 kB that is refused", "]C110" + std::string(40000, 'A'), 0},
    };
    bool good = true;
    for (const Scan& scan : scans) {
        if (scan.bytes.size() > 10000) {
            // Refused scans count as time only.
            const double start = seconds();
            for (int i = 0; i < 1000; ++i) static_cast<void>(decode(scan.bytes));
            const double took = seconds() - start;
            std::printf("%-34s %-16s %9.0f/s\n", scan.what, "", 1000 / took);
            continue;
        }
        good = report(scan, "", decodes_per_second) && good;
    }
    const Scan first{scans.front().what, scans.front().bytes, 0};
    good = report(first, "with identity", identities_per_second) && good;
    return good ? 0 : 1;
}
