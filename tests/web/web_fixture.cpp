// Serves the real API and page over a fake site, for the browser's tests:
//   web_fixture [PORT]      prints its address; ends when its standard input ends
// What it is told on standard input, a line each:
//   offline | live          the link to the cloud
//   decide STATION CODE     a scan somewhere else on the floor

#include "daemon/api/server.hpp"
#include "daemon/api/to_json.hpp"
#include "store/model/time.hpp"
#include "tests/daemon/api/fake_site.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>
#include <deque>
#include <iostream>
#include <sstream>
#include <string>

#include <unistd.h>

namespace {

namespace asio = boost::asio;
using namespace lotgate;

constexpr std::size_t recent_kept = 100;

/// The fake site with a real clock and a memory of what it decided.
class MovingSite final : public test::FakeSite {
public:
    MovingSite() {
        const std::int64_t moved = system_clock().now().us - now.now.us;
        const auto move = [moved](Instant& instant) { instant.us += moved; };
        move(now.now);
        move(now.started);
        move(now.sync.since);
        if (now.sync.last_success) move(*now.sync.last_success);
        for (api::DeviceView& device : all_devices) {
            move(device.health.since);
            if (device.health.last_useful) move(*device.health.last_useful);
        }
        answers["summary"] =
            R"({"outbox":{"depth":214,"oldest_age_s":761},"cases":{"open":2},"holds":{"open":1},)"
            R"("accepted":1201,"warned":2,"refused":3,"refused_by_code":{"LOT_HELD":2}})";
        answers["trace 7F31"] =
            R"({"what":"7F31","found":[{"subject":"lot:09506000134352/7f31",)"
            R"("lot":{"gtin":"09506000134352","product":"Romaine 12ct","lot":"7F31"},)"
            R"("mass_balance":{"received":240,"on_site":56,"shipped":184,"gone":0,)"
            R"("difference":0},"on_hand":[{"place":"A-03-2","state":"RECEIVED","quantity":56}],)"
            R"("holds":[],"history":[{"seq":12,"at":"2026-11-22T09:00:00Z","kind":"attempt",)"
            R"("did":"received","decision":"accept","station":"dock-1"}]}],)"
            R"("complete":{"up_to_seq":48221,"up_to":"2026-11-22T09:41:07Z",)"
            R"("sent_to_cloud_seq":48007}})";
        all_stations.push_back({"pick-1", "pick", "aisle A", {}, "SO-88125", "0 / 9"});
        answers["picks SO-88125"] =
            R"({"order":"SO-88125","missing":2,"lines":[{"line":1,"product":"Romaine 12ct",)"
            R"("promised":[{"lot":"7F31","serial":"","place":"A-03-2","quantity":6}],)"
            R"("picks":[{"lot":"<b>8</b>","serial":"","place":"A-07-1","quantity":3}]}]})";
        decide = &MovingSite::decided;
        answers["why #12"] =
            R"({"seq":12,"kind":"attempt","decision":"divert","code":"LOT_HELD","rule":"R-12",)"
            R"("told":"Lot 7F31 is on hold.","event":{"findings":[{"rule":"R-12"}]}})";
    }

    [[nodiscard]] api::StatusView status() const override {
        api::StatusView view = now;
        view.now = system_clock().now();
        return view;
    }

    [[nodiscard]] Answer recent(std::size_t count) override {
        std::string out = "{\"decisions\":[";
        for (const std::string& decision : decided_) {
            if (count-- == 0) break;
            out += (out.back() == '[' ? "" : ",") + decision;
        }
        co_return out + "]}";
    }

    [[nodiscard]] Answer cases(bool open_only) override {
        std::string out;
        for (int id = 1; id <= 2; ++id) {
            bool is_open = true;
            for (const api::CaseCall& call : decisions) is_open = is_open && call.case_id != id;
            if (open_only && !is_open) continue;
            out += (out.empty() ? "" : ",") + case_json(id);
        }
        co_return "{\"cases\":[" + out + "]}";
    }

    [[nodiscard]] boost::asio::awaitable<Result<api::DecisionView>> scan(
        api::ScanCall call) override {
        now.now = system_clock().now();
        auto decided = co_await FakeSite::scan(std::move(call));
        if (decided) {
            decided_.push_front(api::to_json(*decided));
            if (decided_.size() > recent_kept) decided_.pop_back();
        }
        co_return decided;
    }

private:
    /// "NOSN" lacks its serial until one is keyed in; 7-OVER is then a matter for a supervisor.
    static Result<api::DecisionView> without_serial(const api::ScanCall& call) {
        if (call.serial == "7-OVER" && !call.overriding)
            return refused_until_overruled(call, false);
        if (!call.serial.empty()) return test::decided_about(call.station, "GOOD");
        api::DecisionView refused = test::decided_about(call.station, "BAD");
        refused.scanned = call.bytes;
        refused.code = "SERIAL_REQUIRED";
        refused.told = "The label has no serial: key it in.";
        return refused;
    }

    /// "OVER1" and "OVER2" are refused until one or two people answer for them.
    static Result<api::DecisionView> decided(const api::ScanCall& call) {
        if (call.bytes.substr(0, 4) == "NOSN") return without_serial(call);
        if (call.bytes.substr(0, 4) != "OVER") return test::decided_about(call.station, call.bytes);
        const bool needs_two = call.bytes.substr(0, 5) == "OVER2";
        const auto& given = call.overriding;
        if (given && given->pin == "2468" && (!needs_two || given->second_pin == "1357"))
            return test::decided_about(call.station, "WARN");
        return refused_until_overruled(call, needs_two);
    }

    static Result<api::DecisionView> refused_until_overruled(const api::ScanCall& call,
                                                             bool needs_two) {
        api::DecisionView refused = test::decided_about(call.station, "BAD");
        refused.scanned = call.bytes;
        refused.code = "FEFO_VIOLATION";
        refused.told = "Lot 7E02 goes first: fetch it at A-01-1.";
        refused.may_overrule = needs_two ? "two_people" : "supervisor";
        return refused;
    }

    static std::string case_json(int id) {
        return R"({"id":)" + std::to_string(id) +
               R"(,"kind":"LOT_HELD","subject":"Romaine 12ct lot 7F31",)"
               R"("told":"Lot 7F31 is on hold.","who":"quality","count":3,)"
               R"("opened_at":"2026-11-20T09:00:00Z",)" +
               (id == 1 ? R"("due":"2026-11-21T09:00:00Z","overdue":true,)"
                        : R"("due":"2199-01-01T09:00:00Z","overdue":false,)") +
               R"("decisions":["release","scrap"]})";
    }

    std::deque<std::string> decided_;
};

asio::awaitable<void> obey(MovingSite& site, api::Server& server, asio::io_context& loop) {
    asio::posix::stream_descriptor input(loop, ::dup(STDIN_FILENO));
    std::string buffer;
    for (;;) {
        const auto [error, length] = co_await asio::async_read_until(
            input, asio::dynamic_buffer(buffer), '\n', asio::as_tuple(asio::use_awaitable));
        if (error) break;
        std::istringstream line(buffer.substr(0, length));
        buffer.erase(0, length);
        std::string verb;
        std::string station;
        std::string code;
        line >> verb >> station >> code;
        if (verb == "decide") {
            api::ScanCall call(station, code);
            (void)co_await site.scan(std::move(call));
        } else {
            site.now.sync.state =
                verb == "live" ? api::SyncView::State::live : api::SyncView::State::offline;
            site.tell(api::StateChanged{});
        }
    }
    server.stop();
}

}  // namespace

int main(int argc, char** argv) {
    asio::io_context loop;
    MovingSite site;
    api::Config config;
    config.socket.clear();
    config.port = argc > 1 ? static_cast<std::uint16_t>(std::atoi(argv[1])) : std::uint16_t{0};
    auto server = api::Server::listen(loop.get_executor(), site, config);
    if (!server) {
        std::cerr << server.error().detail() << '\n';
        return 1;
    }
    std::cout << "http://127.0.0.1:" << (*server)->port() << std::endl;
    asio::co_spawn(loop, (*server)->run(), asio::detached);
    asio::co_spawn(loop, obey(site, **server, loop), asio::detached);
    loop.run();
    return 0;
}
