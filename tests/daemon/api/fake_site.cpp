#include "tests/daemon/api/fake_site.hpp"

namespace lotgate::test {

namespace {

// 2026-11-22T09:41:07Z
constexpr Instant morning{1'795'340'467'000'000};

Instant earlier(std::int64_t seconds) {
    return {morning.us - seconds * 1'000'000};
}

api::DeviceView scanner() {
    api::DeviceView device;
    device.id = "D1";
    device.kind = "serial_scanner";
    device.place = "dock 1";
    device.health = {adapters::HealthState::ready, "", earlier(3600), earlier(2)};
    device.counters = {{"scans", 1204}, {"frame_errors", 0}};
    device.describes = "/dev/serial/by-id/scanner-1 9600 8N1";
    return device;
}

api::DeviceView printer() {
    api::DeviceView device;
    device.id = "P2";
    device.kind = "zpl_printer";
    device.place = "pack 2";
    device.health = {
        adapters::HealthState::failed, "the lid is open: close it", earlier(250), earlier(251)};
    device.counters = {{"labels_confirmed", 311}};
    device.describes = "10.0.4.21:9100";
    device.waiting = 6;
    return device;
}

}  // namespace

FakeSite::FakeSite() {
    now.site = "ATL-3";
    now.version = "0.1.0";
    now.zone = "America/New_York";
    now.now = morning;
    now.started = earlier(273'600);
    now.clock_quality = "synced";
    now.store.head = 48'221;
    now.store.acked = 48'007;
    now.store.commits = 9000;
    now.store.commit_us_last = 640;
    now.sync.state = api::SyncView::State::offline;
    now.sync.because = "the broker does not answer: is the uplink cable in?";
    now.sync.since = earlier(761);
    now.sync.last_success = earlier(762);
    now.sync.epoch = 1;
    now.sync.acked = 48'007;
    all_devices = {scanner(), printer()};
    all_stations = {{"dock-1", "receive", "dock 1", {"D1"}, "PO-1001", "184 / 240"},
                    {"pack-2", "pack", "pack 2", {"P2"}, "", ""}};
    decide = [](const api::ScanCall& call) -> Result<api::DecisionView> {
        return decided_about(call.station, call.bytes);
    };
}

void FakeSite::tell(const api::Change& change) const {
    if (told_) told_(change);
}

api::SiteView::Answer FakeSite::answer(std::string question) {
    const auto found = answers.find(question);
    if (found == answers.end() && unknown_names) {
        co_return fail(FaultCode::invalid_input,
                       "nothing here has that name; give a serial or a lot",
                       question.substr(question.find(' ') + 1));
    }
    if (found == answers.end()) {
        co_return fail(FaultCode::unavailable, "The database cannot be read.", question);
    }
    co_return found->second;
}

api::SiteView::Answer FakeSite::recent(std::size_t count) {
    return answer("recent " + std::to_string(count));
}

api::SiteView::Answer FakeSite::cases(bool open_only) {
    return answer(open_only ? "cases" : "cases all");
}

boost::asio::awaitable<Result<api::DecisionView>> FakeSite::scan(api::ScanCall call) {
    scans.push_back(call);
    auto decided = decide(call);
    if (decided) {
        decided->seq = ++now.store.head;
        decided->at = now.now;
        decided->actor = call.badge;
        tell(*decided);
    }
    co_return decided;
}

boost::asio::awaitable<Result<std::uint64_t>> FakeSite::decide_case(api::CaseCall call) {
    if (call.case_id > 100) {
        co_return fail(FaultCode::invalid_input, "There is no such case; list them again.");
    }
    decisions.push_back(std::move(call));
    tell(api::StateChanged{});
    co_return ++now.store.head;
}

boost::asio::awaitable<Result<api::DecisionView>> FakeSite::operate(api::OperationCall call) {
    const bool is_refused = call.reason == "no";
    operations.push_back(std::move(call));
    api::DecisionView decision;
    decision.seq = ++now.store.head;
    decision.at = now.now;
    decision.light = is_refused ? adapters::Light::bad : adapters::Light::good;
    decision.decision = is_refused ? "reject" : "accept";
    decision.code = is_refused ? "HOLD_UNKNOWN" : "ACCEPT";
    decision.told = is_refused ? "There is no such hold." : "Done.";
    decision.did = is_refused ? "" : "hold_lifted";
    co_return decision;
}

Result<api::PreviewView> FakeSite::preview(api::PreviewCall call) const {
    if (call.label_template != "carton")
        return fail(FaultCode::invalid_input, "there is no label template \"cartn\"");
    return api::PreviewView{"<svg>" + call.language + "</svg>", {"^GF"}};
}

api::SiteView::Answer FakeSite::print_queue(std::string printer) {
    if (printer != "P2")
        co_return fail(FaultCode::invalid_input, "there is no such printer", printer);
    co_return std::string(
        R"({"printer":"P2","language":"zpl","state":"failed","because":"out of labels",)"
        R"("failover":"ask","neighbour":"P1","counters":{},"templates":["carton"],)"
        R"("waiting":[{"effect":160,"subject":"095060001343520017","template":"carton",)"
        R"("state":"waiting","age_s":61,"stale_in_s":840}],)"
        R"("in_doubt":[{"effect":144,"subject":"095060001343520000","template":"carton",)"
        R"("state":"in_doubt","because":"the connection broke",)"
        R"("since":"2026-11-28T10:00:00.000Z"}],)"
        R"("recent":[{"effect":128,"subject":"<b>X</b>","template":"carton",)"
        R"("state":"verified","because":"read back","since":"2026-11-28T09:59:00.000Z"}]})");
}

api::SiteView::Answer FakeSite::ask_printer(api::PrinterCall call) {
    if (call.printer != "P2")
        co_return fail(FaultCode::invalid_input, "there is no such printer", call.printer);
    if (call.verb == "move" && call.to == "P9")
        co_return fail(FaultCode::conflict, "labels of P2 stay there");
    co_return R"({"printer":"P2","did":")" + call.verb + "\"}";
}

api::DecisionView decided_about(const std::string& station, const std::string& code) {
    api::DecisionView decision;
    decision.station = station;
    decision.scanned = code;
    decision.took = std::chrono::microseconds(700);
    if (code.substr(0, 3) == "BAD") {
        decision.light = adapters::Light::bad;
        decision.decision = "divert";
        decision.code = "LOT_HELD";
        decision.rule = "R-12";
        decision.told = "Lot 7F31 is on hold: put it in the quarantine cage.";
        decision.subject = "Romaine 12ct lot 7F31";
        return decision;
    }
    const bool is_warning = code.substr(0, 4) == "WARN";
    decision.light = is_warning ? adapters::Light::attention : adapters::Light::good;
    decision.decision = is_warning ? "warn" : "accept";
    decision.code = is_warning ? "SHORT_LIFE" : "ACCEPT";
    decision.told = is_warning ? "Taken, but it expires in 3 days: tell the shift lead."
                               : "Put it on the pallet.";
    decision.did = "received";
    decision.subject = "Romaine 12ct lot 7F31";
    decision.document = "PO-1001";
    decision.progress = "185 / 240";
    return decision;
}

}  // namespace lotgate::test
