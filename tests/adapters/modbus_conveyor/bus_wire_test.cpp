#include "adapters/transport/modbus_bus.hpp"
#include "tests/adapters/peer_process.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;
using Words = std::vector<std::uint16_t>;
namespace asio = boost::asio;

namespace {

const std::string folder = std::string(LOTGATE_SOURCE_DIR) + "/tests/adapters/modbus_conveyor/";

/// A bus, and requests made one after the other.
struct Master {
    asio::io_context loop;
    std::unique_ptr<ModbusBus> bus;

    explicit Master(const ModbusBusConfig& config) {
        auto started = ModbusBus::start(config, loop.get_executor());
        REQUIRE(started);
        bus = std::move(*started);
    }

    Result<ModbusAnswer> perform(ModbusRequest request) {
        std::optional<Result<ModbusAnswer>> result;
        asio::co_spawn(loop,
                       bus->perform(std::move(request)),
                       [&](std::exception_ptr error, Result<ModbusAnswer> answer) {
                           if (error) std::rethrow_exception(error);
                           result = std::move(answer);
                       });
        const auto keep = asio::make_work_guard(loop);
        loop.restart();
        const auto by = std::chrono::steady_clock::now() + 20s;
        while (!result && std::chrono::steady_clock::now() < by) loop.run_one_for(100ms);
        REQUIRE(result);
        return std::move(*result);
    }

    Result<ModbusAnswer> read(std::uint16_t address = 0, std::uint16_t count = 4) {
        return perform(ModbusRequest::read(1, ModbusTable::holding, {address, count}));
    }

    /// As often as it takes, for a few seconds: the bus may be backing off.
    Result<ModbusAnswer> read_at_last() {
        const auto by = std::chrono::steady_clock::now() + 10s;
        auto answer = read();
        while (!answer && std::chrono::steady_clock::now() < by) answer = read();
        return answer;
    }
};

ModbusBusConfig tcp(const std::string& port) {
    ModbusBusConfig config;
    config.line = ModbusTcpLine{"127.0.0.1", static_cast<std::uint16_t>(std::stoi(port))};
    config.request_within = 250ms;
    config.back_off_max = 300ms;
    config.silent_max = 100;
    config.leave_alone = 100ms;
    return config;
}

struct Hostile {
    test::PeerProcess peer{{"/usr/bin/python3", folder + "hostile_plc.py"}};
    Master master{tcp(peer.first_line())};

    void is(const std::string& mode) {
        peer.tell(mode);
        REQUIRE(peer.next_line() == "ok");
    }
};

std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start);
}

}  // namespace

TEST_CASE("a peer ends with all that it has started", "[wire]") {
    const kit::TemporaryFolder folder_of_test;
    const std::string held = (folder_of_test.path() / "held").string();
    REQUIRE(::mkfifo(held.c_str(), 0600) == 0);
    const int holders = ::open(held.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(holders >= 0);
    pollfd watched{holders, 0, 0};
    {
        const test::PeerProcess peer(
            {"/bin/sh", "-c", "(exec 9>" + held + "; echo up; sleep 1000) & wait"});
        REQUIRE(peer.first_line() == "up");
        CHECK(::poll(&watched, 1, 0) == 0);  // it is held
    }
    CHECK(::poll(&watched, 1, 10'000) == 1);
    CHECK((watched.revents & POLLHUP) != 0);  // nobody does any more
    ::close(holders);
}

TEST_CASE("registers and coils are read and written at a server we did not write",
          "[modbus][wire]") {
    test::PeerProcess plc({"/usr/bin/python3", folder + "plc.py", "tcp"});
    REQUIRE_FALSE(plc.first_line().empty());
    auto config = tcp(plc.first_line());
    config.request_within = 5s;
    Master master(config);

    REQUIRE(master.perform(ModbusRequest::write_registers(1, 200, {1, 0xFFFF, 3})));
    const auto read = master.read(200, 3);
    REQUIRE(read);
    CHECK(read->values == Words{1, 0xFFFF, 3});
    CHECK(read->link == 1);
    plc.tell("get 200 3");
    CHECK(plc.next_line() == "1 65535 3");

    const auto both = master.perform(ModbusRequest::write_and_read(1, 201, {9}, {200, 3}));
    REQUIRE(both);
    CHECK(both->values == Words{1, 9, 3});

    REQUIRE(master.perform(ModbusRequest::write_coils(1, 3, {1, 0, 1})));
    const auto coils = master.perform(ModbusRequest::read(1, ModbusTable::coils, {2, 5}));
    REQUIRE(coils);
    CHECK(coils->values == Words{0, 1, 0, 1, 0});

    const auto beyond = master.read(5000, 1);
    REQUIRE_FALSE(beyond);
    CHECK(beyond.error().code() == FaultCode::invalid_input);
    CHECK(master.read(200, 1)->link == 1);  // an exception is an answer: the link stays
}

TEST_CASE("a quiet PLC is looked at without waking anybody, and a change is told at once",
          "[modbus][wire]") {
    test::PeerProcess plc({"/usr/bin/python3", folder + "plc.py", "tcp"});
    auto config = tcp(plc.first_line());
    config.request_within = 5s;
    Master master(config);
    REQUIRE(master.read(200, 2));
    auto pace = std::make_shared<ModbusPace>();
    pace->every = 5ms;
    pace->at_most = 400ms;
    ModbusWatch watch({ModbusRange(200, 2), ModbusRange(210, 1)}, pace);
    watch.known = {0, 0, 0};
    auto start = std::chrono::steady_clock::now();
    auto answer =
        master.perform(ModbusRequest::watching(1, ModbusTable::holding, ModbusWatch(watch)));
    REQUIRE(answer);
    CHECK(answer->values == watch.known);
    CHECK(since(start) >= 400ms);  // nothing was new
    CHECK(master.bus->counters().answered > 10);

    // Another's write between two looks, with the watch standing at the worker.
    pace->at_most = 20s;
    std::optional<Result<ModbusAnswer>> told;
    asio::co_spawn(master.loop,
                   master.bus->perform(ModbusRequest::watching(1, ModbusTable::holding, watch)),
                   [&](std::exception_ptr, Result<ModbusAnswer> result) { told = result; });
    start = std::chrono::steady_clock::now();
    REQUIRE(master.perform(ModbusRequest::write_registers(1, 210, {5})));
    REQUIRE(kit::eventually(master.loop, [&] { return told.has_value(); }));
    REQUIRE(*told);
    CHECK((*told)->values == Words{0, 0, 5});
    CHECK(since(start) < 10s);

    // With nothing known it is answered at once.
    watch.known.clear();
    answer = master.perform(ModbusRequest::watching(1, ModbusTable::holding, watch));
    REQUIRE(answer);
    CHECK(answer->values == Words{0, 0, 5});
}

TEST_CASE("a watch ends with its bus, and on a dead link", "[modbus][wire]") {
    Hostile plc;
    REQUIRE(plc.master.read());
    auto pace = std::make_shared<ModbusPace>();
    pace->every = 5ms;
    pace->at_most = 20s;
    ModbusWatch watch({ModbusRange(0, 2)}, pace);
    watch.known = {100, 101};
    std::optional<FaultCode> code;
    const auto begin = [&] {
        code.reset();
        asio::co_spawn(
            plc.master.loop,
            plc.master.bus->perform(ModbusRequest::watching(1, ModbusTable::holding, watch)),
            [&](std::exception_ptr, const Result<ModbusAnswer>& answer) {
                if (!answer) code = answer.error().code();
            });
    };
    begin();
    const auto answered = plc.master.bus->counters().answered;
    REQUIRE(kit::eventually(plc.master.loop,
                            [&] { return plc.master.bus->counters().answered > answered + 3; }));
    CHECK_FALSE(code);
    plc.is("silent");
    REQUIRE(kit::eventually(plc.master.loop, [&] { return code.has_value(); }));
    CHECK(code == FaultCode::timed_out);

    plc.is("right");
    REQUIRE(plc.master.read_at_last());
    begin();
    plc.master.loop.restart();
    plc.master.loop.poll();
    plc.master.bus.reset();
    REQUIRE(kit::eventually(plc.master.loop, [&] { return code.has_value(); }));
    CHECK(code == FaultCode::closed);
}

TEST_CASE("the same over a serial line", "[modbus][wire]") {
    const auto ends = fmt::format("/tmp/lotgate-rtu-{}", ::getpid());
    test::PeerProcess wire({"/bin/sh",
                            "-c",
                            fmt::format("rm -f {0}a {0}b; socat pty,raw,echo=0,link={0}a "
                                        "pty,raw,echo=0,link={0}b & until [ -e {0}a -a -e {0}b ]; "
                                        "do :; done; echo up; wait",
                                        ends)});
    REQUIRE(wire.first_line() == "up");
    test::PeerProcess plc({"/usr/bin/python3", folder + "plc.py", "rtu", ends + "b"});
    REQUIRE(plc.first_line() == "ready");
    ModbusBusConfig config;
    config.line = ModbusSerialLine{ends + "a", 115200, "8N1", false};
    config.request_within = 5s;
    config.gap = 4ms;
    Master master(config);

    REQUIRE(master.perform(ModbusRequest::write_registers(1, 200, {7, 8})));
    const auto read = master.read(200, 2);
    REQUIRE(read);
    CHECK(read->values == Words{7, 8});
    CHECK(master.read(5000, 1).error().code() == FaultCode::invalid_input);
}

TEST_CASE("a wrong answer is never taken for the right one, and never for the next one",
          "[modbus][wire]") {
    struct Row {
        const char* mode;
        FaultCode code;
    };

    const auto row = GENERATE(Row{"silent", FaultCode::timed_out},
                              Row{"late 400", FaultCode::timed_out},
                              Row{"dribble 100", FaultCode::timed_out},
                              Row{"wrong_unit", FaultCode::corrupt},
                              Row{"wrong_function", FaultCode::corrupt},
                              Row{"foreign_protocol", FaultCode::corrupt},
                              Row{"short", FaultCode::timed_out},
                              Row{"midclose", FaultCode::unavailable},
                              Row{"midreset", FaultCode::unavailable},
                              Row{"busy", FaultCode::full},
                              Row{"exception 2", FaultCode::invalid_input},
                              Row{"exception 4", FaultCode::unavailable},
                              Row{"exception 11", FaultCode::unavailable});
    INFO(row.mode);
    Hostile plc;
    REQUIRE(plc.master.read());

    plc.is(row.mode);
    const auto start = std::chrono::steady_clock::now();
    const auto answer = plc.master.read();
    const auto took = since(start);
    REQUIRE_FALSE(answer);
    INFO(answer.error().detail());
    const bool is_expected =
        answer.error().code() == row.code ||
        (row.code == FaultCode::timed_out && answer.error().code() == FaultCode::corrupt);
    CHECK(is_expected);
    CHECK(took < 600ms);  // the request's 250 ms, and once more for a read that may be repeated

    plc.is("right");
    Result<ModbusAnswer> next = plc.master.read_at_last();
    REQUIRE(next);
    next = plc.master.read(10, 2);
    REQUIRE(next);
    CHECK(next->values == Words{100, 101});
}

TEST_CASE("bytes after an answer are not taken for the next answer", "[modbus][wire]") {
    const auto mode = GENERATE(as<std::string>(), "extra", "twice");
    Hostile plc;
    plc.is(mode);
    REQUIRE(plc.master.read(0, 2));
    plc.is("right");
    const auto next = plc.master.read(0, 3);
    REQUIRE(next);
    CHECK(next->values == Words{100, 101, 102});
    CHECK(next->link == 2);  // made anew, since what lay there belonged to nobody
}

TEST_CASE("a link that the PLC closed while idle costs no read and sends no write twice",
          "[modbus][wire]") {
    Hostile plc;
    const auto first = plc.master.read();
    REQUIRE(first);
    plc.is("midclose");
    static_cast<void>(plc.master.perform(ModbusRequest::write_registers(1, 0, {1})));
    plc.is("right");
    const auto stale =
        plc.master.perform(ModbusRequest::write_registers(1, 0, {1}).only_on(first->link));
    CHECK(stale.error().code() == FaultCode::closed);
    Result<ModbusAnswer> next = plc.master.read_at_last();
    REQUIRE(next);
    CHECK(next->link > first->link);
}

TEST_CASE(
    "[C12] [C15] after any walk through a PLC's tricks the next right answer is believed, and no "
    "other",
    "[modbus][wire][c12][c15]") {
    Hostile plc;
    const std::vector<std::string> tricks{"silent",
                                          "late 300",
                                          "dribble 40",
                                          "wrong_unit",
                                          "wrong_function",
                                          "extra",
                                          "twice",
                                          "short",
                                          "midclose",
                                          "midreset",
                                          "busy",
                                          "exception 4",
                                          "exception 11",
                                          "foreign_protocol"};
    std::minstd_rand random(7);
    for (int step = 0; step < 30; ++step) {
        const auto& trick = tricks[random() % tricks.size()];
        INFO("step " << step << ": " << trick);
        plc.is(trick);
        const auto count = static_cast<std::uint16_t>(1 + random() % 4);
        const auto start = std::chrono::steady_clock::now();
        const auto answer = plc.master.read(0, count);
        CHECK(since(start) < 5s);
        // What is believed is right, whatever was on the wire.
        if (answer) {
            REQUIRE(answer->values.size() == count);
            for (std::uint16_t i = 0; i < count; ++i) CHECK(answer->values[i] == 100 + i);
        }
        if (random() % 3 != 0) continue;
        plc.is("right");
        const auto next = plc.master.read_at_last();
        REQUIRE(next);
        CHECK(next->values == Words{100, 101, 102, 103});
    }
}

TEST_CASE("nobody listening is told at once, with what to look at", "[modbus][wire]") {
    asio::io_context loop;
    asio::ip::tcp::acceptor closed(loop, {asio::ip::address_v4::loopback(), 0});
    const auto port = std::to_string(closed.local_endpoint().port());
    closed.close();
    Master master(tcp(port));
    const auto answer = master.read();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code() == FaultCode::unavailable);
    CHECK(answer.error().detail() == "connection refused: is the PLC's Modbus server switched on?");
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 100; ++i) CHECK_FALSE(master.read());
    CHECK(since(start) < 2s);
}

TEST_CASE("a unit that does not answer is left alone, and the others on its line work on",
          "[modbus][wire]") {
    test::PeerProcess plc({"/usr/bin/python3", folder + "plc.py", "tcp"});  // unit 1 only
    auto config = tcp(plc.first_line());
    config.request_within = 300ms;
    config.silent_max = 2;
    config.leave_alone = 60s;
    Master master(config);
    Result<ModbusAnswer> alive = master.read_at_last();
    REQUIRE(alive);

    for (int i = 0; i < 4; ++i)
        CHECK_FALSE(master.perform(ModbusRequest::read(9, ModbusTable::holding, {0, 1})));
    const auto start = std::chrono::steady_clock::now();
    const auto left_alone = master.perform(ModbusRequest::read(9, ModbusTable::holding, {0, 1}));
    CHECK(since(start) < 100ms);
    CHECK(left_alone.error().code() == FaultCode::unavailable);
    alive = master.read_at_last();
    CHECK(alive);
}

TEST_CASE("a request on a slow wire ends with the bus, not after it", "[modbus][wire]") {
    Hostile plc;
    REQUIRE(plc.master.read());
    plc.is("silent");
    auto config = tcp(plc.peer.first_line());
    config.request_within = 10s;
    auto bus = ModbusBus::start(config, plc.master.loop.get_executor());
    REQUIRE(bus);
    std::optional<FaultCode> code;
    asio::co_spawn(plc.master.loop,
                   (*bus)->perform(ModbusRequest::read(1, ModbusTable::holding, {0, 1})),
                   [&](std::exception_ptr, const Result<ModbusAnswer>& answer) {
                       if (!answer) code = answer.error().code();
                   });
    plc.master.loop.restart();
    plc.master.loop.poll();
    // wait until it is on the wire: the queue is empty and a link is open
    while ((*bus)->counters().links == 0) plc.master.loop.poll();
    const auto start = std::chrono::steady_clock::now();
    bus->reset();
    CHECK(since(start) < 2s);
    plc.master.loop.restart();
    plc.master.loop.poll();
    CHECK(code.has_value());
}

TEST_CASE("only numeric addresses are taken for a PLC", "[modbus]") {
    asio::io_context loop;
    for (const auto* host : {"plc.local", "localhost", "999.1.1.1", "0.0.0.0", ""}) {
        INFO(host);
        ModbusBusConfig config;
        config.line = ModbusTcpLine{host, 502};
        CHECK_FALSE(ModbusBus::start(config, loop.get_executor()));
    }
}
