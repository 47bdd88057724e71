// How fast a backlog drains: sync client -> mosquitto -> lotgate-hub -> PostgreSQL (fsync on), all
// on this machine. Prints rows/s from the first batch to the last acknowledgement.
// The rows stand in memory, so this is the wire and the cloud without SQLite's reads. Usage:
// bench_sync [rows] [bytes of body]

#include "store/model/time.hpp"
#include "sync/mqtt_link.hpp"
#include "sync/sync_client.hpp"
#include "tests/sync/kit/ledger_of.hpp"
#include "tests/sync/kit/processes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>

namespace {

using namespace std::chrono_literals;
using namespace lotgate;
using namespace lotgate::sync;
namespace asio = boost::asio;

std::string body_of(std::size_t number, std::size_t bytes) {
    std::string body = fmt::format(
        R"({{"at":"2026-11-22T02:{:02}:{:02}.{:06}Z","step":"receive","seen":{{"device":"D-{}",)"
        R"("raw":"]d20109506000134352172701311021L-{}\u001d21S{}"}},"what":{{"gtin":)"
        R"("09506000134352","lot":"L-{}","serial":"S{}"}},"verdict":{{"decision":"accept"}},)"
        R"("changes":[{{"do":"unit","gtin":"09506000134352","serial":"S{}","way":["EXPECTED",)"
        R"("RECEIVED"],"lot":"l-{}","document":"ASN-{}"}}],"under":")",
        number / 6000 % 60,
        number / 100 % 60,
        number * 7919 % 1000000,
        number % 8,
        number / 1000,
        number,
        number / 1000,
        number,
        number,
        number / 1000,
        number / 5000);
    while (body.size() + 2 < bytes) body += fmt::format("{:x}.", number * body.size());
    return body + "\"}";
}

asio::awaitable<Result<>> take_page(store::FeedPage) {
    co_return Result<>{};
}

asio::awaitable<Result<>> take_acknowledgement(store::UplinkAcknowledged) {
    co_return Result<>{};
}

struct Drain {
    test::TemporaryDirectory directory;
    test::Broker broker{directory.path()};
    test::Cluster cluster{directory.path()};
    test::Process hub;
    test::MemoryLedger ledger{"BENCH"};
    asio::io_context loop{1};
    asio::thread_pool reader{1};
    std::unique_ptr<MqttLink> link;
    std::unique_ptr<SyncClient> client;
    bool has_ended = false;

    bool begin();
    bool run_until(const std::function<bool()>& condition, std::chrono::seconds at_most);
    asio::awaitable<Result<>> grant(store::EpochGranted what);
};

asio::awaitable<Result<>> Drain::grant(store::EpochGranted what) {
    ledger.grant(what.epoch);
    co_return Result<>{};
}

bool Drain::begin() {
    const std::string hub_program = LOTGATE_BIN_DIR "/lotgate-hub";
    const std::string log = directory.path() + "/hub.log";
    const std::string db = cluster.conninfo();
    if (test::run_to_end({hub_program, "init", "--db", db}, log) != 0) return false;
    if (test::run_to_end({hub_program, "site", "add", "BENCH", "--db", db}, log) != 0) return false;
    const std::string address = fmt::format("127.0.0.1:{}", broker.port());
    hub.start({hub_program, "serve", "--db", db, "--broker", address}, log);

    adapters::MqttConfig config;
    config.port = broker.port();
    link = std::make_unique<MqttLink>(loop.get_executor(), config, "default", "BENCH");
    SiteLedger functions;
    functions.head = [this]() -> Result<store::LedgerHead> { return ledger.head(); };
    functions.rows_after =
        [this](Seq after, std::size_t rows, std::size_t bytes) -> Result<std::vector<LedgerRow>> {
        return ledger.rows_after(after, rows, bytes);
    };
    functions.apply_page = take_page;
    functions.acknowledged = take_acknowledgement;
    functions.epoch_granted = [this](store::EpochGranted what) { return grant(what); };
    SyncConfig sync;
    sync.site = "BENCH";
    client = std::make_unique<SyncClient>(
        sync, *link, std::move(functions), reader.get_executor(), system_clock());
    asio::co_spawn(loop, client->run(), [this](const std::exception_ptr&) { has_ended = true; });
    return run_until([this] { return client->view().state == SyncState::live; }, 30s);
}

bool Drain::run_until(const std::function<bool()>& condition, std::chrono::seconds at_most) {
    const auto end = system_clock().monotonic() + at_most;
    while (!condition()) {
        loop.restart();
        loop.run_one_for(1ms);
        if (system_clock().monotonic() > end) return false;
    }
    return true;
}

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
    const std::size_t bytes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 400;
    Drain drain;
    if (!drain.begin()) {
        std::cerr << "the cloud did not come up\n";
        return 1;
    }
    for (std::size_t row = 0; row < rows; ++row) drain.ledger.append(body_of(row, bytes));
    const auto start = system_clock().monotonic();
    drain.client->wake(drain.ledger.head().seq);
    const bool is_done =
        drain.run_until([&] { return drain.client->view().acked_through == rows; }, 300s);
    const auto took = system_clock().monotonic() - start;
    const SyncView view = drain.client->view();
    fmt::print(
        "sync drain: {} rows of {} bytes in {:.2f} s = {:.0f} rows/s; {} batches, {:.0f} "
        "rows each, sent again {}\n",
        view.acked_through,
        bytes,
        seconds(took),
        static_cast<double>(view.acked_through) / seconds(took),
        view.batches_sent,
        static_cast<double>(view.rows_sent) / static_cast<double>(view.batches_sent),
        view.rows_sent - view.acked_through);
    drain.client->stop();
    static_cast<void>(drain.run_until([&] { return drain.has_ended; }, 10s));
    return is_done ? 0 : 1;
}
