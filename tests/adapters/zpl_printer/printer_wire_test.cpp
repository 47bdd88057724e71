#include "adapters/zpl_printer/zpl_printer.hpp"
#include "tests/adapters/peer_process.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using Steady = std::chrono::steady_clock;

struct Bench {
    test::PeerProcess peer{
        {"/usr/bin/python3",
         std::string(LOTGATE_SOURCE_DIR) + "/tests/adapters/zpl_printer/printer.py"}};
    asio::io_context loop;
    std::map<std::int64_t, std::vector<PrintState>> told;
    std::map<std::int64_t, Steady::time_point> ended;
    std::unique_ptr<ZplPrinter> printer;
    bool has_ended = false;

    Bench() {
        ZplPrinterConfig config;
        TcpConfig tcp;
        tcp.host = "127.0.0.1";
        tcp.port = static_cast<std::uint16_t>(std::stoi(peer.first_line()));
        config.line = tcp;
        printer = std::make_unique<ZplPrinter>(
            *DeviceId::parse("P1"),
            std::move(config),
            [this](PrintReport report) { return record(std::move(report)); },
            machine_world({}));
        asio::co_spawn(loop, printer->run(), [this](std::exception_ptr) { has_ended = true; });
        REQUIRE(until([&] { return printer->health().state == HealthState::ready; }));
    }

    ~Bench() {
        printer->stop();
        CHECK(until([&] { return has_ended; }));
    }

    asio::awaitable<bool> record(PrintReport report) {
        told[report.effect_id].push_back(report.state);
        if (report.state != PrintState::sent) ended[report.effect_id] = Steady::now();
        co_return true;
    }

    bool until(const std::function<bool()>& condition) {
        return kit::eventually(loop, condition, 20s);
    }

    void order(std::int64_t id) {
        const Instant later{system_clock().now().us + 600'000'000};
        REQUIRE(printer->enqueue(PrintOrder(id, fmt::format("^XA^FD{}^FS^XZ", id), later)));
    }

    int printed(const std::string& command = "printed") {
        peer.tell(command);
        return std::stoi(peer.next_line());
    }
};

}  // namespace

TEST_CASE("labels leave at the speed of the printer, each confirmed by its counter",
          "[printer][wire]") {
    Bench bench;
    const auto start = Steady::now();
    for (int id = 1; id <= 50; ++id) bench.order(id);
    REQUIRE(bench.until([&] { return bench.ended.size() == 50; }));
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - start);
    INFO(fmt::format("50 labels confirmed in {} ms", took.count()));
    CHECK(took < 5s);  // ten a second at the least
    CHECK(bench.printed() == 50);
    for (int id = 1; id <= 50; ++id)
        CHECK(bench.told[id] == std::vector<PrintState>{PrintState::sent, PrintState::confirmed});
}

TEST_CASE("one healthy label is confirmed quickly", "[printer][wire]") {
    Bench bench;
    std::vector<double> ms;
    for (int id = 1; id <= 11; ++id) {
        const auto start = Steady::now();
        bench.order(id);
        REQUIRE(bench.until([&] { return bench.ended.count(id) > 0; }));
        ms.push_back(std::chrono::duration<double, std::milli>(bench.ended[id] - start).count());
    }
    std::sort(ms.begin(), ms.end());
    INFO(fmt::format("one label: p50 {:.1f} ms, slowest {:.1f} ms", ms[5], ms[10]));
    CHECK(ms[5] < 150);
}

TEST_CASE("a roll that ends and is replaced stops and resumes the work", "[printer][wire]") {
    Bench bench;
    bench.printed("paper out");
    bench.order(1);
    REQUIRE(bench.until([&] { return bench.printer->health().state == HealthState::failed; }));
    CHECK(bench.told.empty());
    bench.printed("paper in");
    REQUIRE(bench.until([&] { return bench.ended.size() == 1; }));
    CHECK(bench.printed() == 1);
}

TEST_CASE("a printer lost in the middle of a label leaves it in doubt, and prints the next",
          "[printer][wire]") {
    Bench bench;
    bench.printed("lose");
    bench.order(1);
    bench.order(2);
    REQUIRE(bench.until([&] { return bench.ended.size() == 2; }));
    CHECK(bench.told[1] == std::vector<PrintState>{PrintState::sent, PrintState::in_doubt});
    CHECK(bench.told[2] == std::vector<PrintState>{PrintState::sent, PrintState::confirmed});
    CHECK(bench.printed() == 2);  // it was printed, and only a person can know
}
