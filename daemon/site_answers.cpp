// The site as the page, the command and integrators see it (daemon/api/site_view.hpp).

#include "adapters/keyed_parts.hpp"
#include "daemon/site.hpp"
#include "daemon/site_parts.hpp"

#include <fmt/format.h>

#ifndef LOTGATE_VERSION
#error "LOTGATE_VERSION comes from CMakeLists.txt"
#endif

namespace lotgate::site {

namespace asio = boost::asio;

namespace {

// People type, and wedge scanners send, words for GS.
const std::shared_ptr<const adapters::CodeReading>& keyed_reading() {
    static const auto reading = [] {
        adapters::CodeReading keyed;
        keyed.gs_texts = {"<GS>", "{GS}"};
        return std::make_shared<const adapters::CodeReading>(std::move(keyed));
    }();
    return reading;
}

api::SyncView::State state_of(sync::SyncState state) {
    switch (state) {
        case sync::SyncState::offline:
            return api::SyncView::State::offline;
        case sync::SyncState::connecting:
            return api::SyncView::State::connecting;
        case sync::SyncState::draining:
            return api::SyncView::State::catching_up;
        case sync::SyncState::live:
            return api::SyncView::State::live;
        case sync::SyncState::fenced:
        case sync::SyncState::forked:
            return api::SyncView::State::fenced;
    }
    return api::SyncView::State::offline;
}

api::SyncView sync_view(const SiteParts& parts) {
    api::SyncView view;
    if (!parts.cloud) return view;
    const sync::SyncView sync = parts.cloud->view();
    view.state = state_of(sync.state);
    view.because = sync.because;
    view.since = sync.since;
    if (sync.last_success.us != 0) view.last_success = sync.last_success;
    view.epoch = sync.epoch;
    view.acked = sync.acked_through;
    view.cursor_main = sync.cursor_main;
    view.cursor_urgent = sync.cursor_urgent;
    view.sent_total = sync.rows_sent;
    return view;
}

std::vector<api::ProblemView> problems_of(const SiteParts& parts,
                                          const store::StoreProgress& store) {
    std::vector<api::ProblemView> problems;
    if (store.is_unsafe)
        problems.push_back({"store_unsafe",
                            "The disk failed or is full: nothing is being recorded.",
                            "Free space on the disk of the database, then restart lotgated.",
                            true});
    if (parts.startup.is_last_good)
        problems.push_back(
            {"config_last_good",
             "The configuration has problems; the last good one is in use.",
             fmt::format("Run lotgated --check-config {}", parts.startup.config_path),
             true});
    if (!parts.problem.empty())
        problems.push_back(
            {"config_reload",
             parts.problem,
             fmt::format("Run lotgated --check-config {}", parts.startup.config_path),
             false});
    const std::string clock = moment_now(parts).clock_quality;
    if (clock == "unset")
        problems.push_back({"clock_unset",
                            "The clock of this machine is not set.",
                            "Set it, or give the machine a time server.",
                            true});
    return problems;
}

}  // namespace

api::StatusView Site::status() const {
    api::StatusView view;
    view.site = parts_->startup.config.site;
    view.version = LOTGATE_VERSION;
    view.zone = parts_->startup.config.zone;
    view.started = parts_->started;
    const Moment moment = moment_now(*parts_);
    view.now = moment.now;
    view.clock_quality = moment.clock_quality;
    view.has_exclusive_tracking = parts_->startup.config.has_exclusive_tracking;
    view.is_config_last_good = parts_->startup.is_last_good;
    view.store = parts_->store->progress();
    view.sync = sync_view(*parts_);
    view.problems = problems_of(*parts_, view.store);
    return view;
}

std::string Site::status_line() const {
    const auto store = parts_->store->progress();
    const auto sync = sync_view(*parts_);
    return fmt::format("{} events, {} wait for the cloud ({})",
                       store.head,
                       store.head - store.acked,
                       api::name_of(sync.state));
}

std::vector<api::DeviceView> Site::devices() const {
    std::vector<api::DeviceView> views;
    for (const auto& device : parts_->devices->devices()) views.push_back(view_of(*device));
    return views;
}

std::vector<api::StationView> Site::stations() const {
    std::vector<api::StationView> views;
    for (const auto& config : parts_->startup.config.stations) {
        api::StationView view;
        view.id = config.id;
        view.role = std::string(rules::name_of(config.step));
        view.place = config.at;
        view.devices = config.scanners;
        if (!config.conveyor.empty()) view.devices.push_back(config.conveyor);
        if (!config.policy->printer.empty()) view.devices.push_back(config.policy->printer);
        const auto hand = parts_->in_hand.find(config.id);
        if (hand != parts_->in_hand.end()) {
            view.document = hand->second.document;
            view.progress = hand->second.progress;
        }
        views.push_back(std::move(view));
    }
    return views;
}

Site::Answer Site::summary() {
    return parts_->access->ask([](store::Queries& queries) { return queries.summary(); });
}

Site::Answer Site::recent(std::size_t count) {
    return parts_->access->ask([count](store::Queries& queries) { return queries.recent(count); });
}

Site::Answer Site::cases(bool open_only) {
    return parts_->access->ask(
        [open_only](store::Queries& queries) { return queries.cases(open_only); });
}

Site::Answer Site::trace(std::string what) {
    return parts_->access->ask(
        [what = std::move(what)](store::Queries& queries) { return queries.trace(what); });
}

Site::Answer Site::recall(std::string what) {
    return parts_->access->ask(
        [what = std::move(what)](store::Queries& queries) { return queries.recall(what); });
}

Site::Answer Site::why(std::string what) {
    return parts_->access->ask(
        [what = std::move(what)](store::Queries& queries) { return queries.why(what); });
}

Site::Answer Site::exported(store::ExportTerms terms) {
    return parts_->access->ask(
        [terms = std::move(terms)](store::Queries& queries) { return queries.exported(terms); });
}

// As at the station the order is released to, else at the first one that picks or packs.
Site::Answer Site::picks(std::string order) {
    store::PickTerms terms;
    const Moment moment = moment_now(*parts_);
    terms.site_date = moment.site_date;
    terms.ship_date = moment.ship_date;
    terms.policy = std::make_shared<const rules::StationPolicy>();
    for (const auto& config : parts_->startup.config.stations) {
        if (config.step != rules::Step::pick && config.step != rules::Step::pack) continue;
        terms.policy = config.policy;
        break;
    }
    return parts_->access->ask([order = std::move(order), terms](store::Queries& queries) {
        return queries.picks(order, terms);
    });
}

Site::Answer Site::stock_change(std::string items) {
    return parts_->access->ask([items = std::move(items)](store::Queries& queries) {
        return queries.stock_change(items);
    });
}

Site::Answer Site::verify_chain() {
    return parts_->access->ask([](store::Queries& queries) { return queries.verify_chain(); });
}

asio::awaitable<Result<api::DecisionView>> Site::scan(api::ScanCall call) {
    Station* station = station_named(call.station);
    if (station == nullptr)
        co_return fail(FaultCode::invalid_input,
                       fmt::format("there is no station \"{}\"", call.station));
    auto source = DeviceId::parse(call.source.empty() ? "page" : call.source);
    if (!source) co_return fail(source.error());
    std::vector<std::string> codes = adapters::with_keyed_parts(call.bytes, call.serial, call.lot);
    if (!codes.empty()) call.capture = "MANUAL";
    adapters::Scan scan(*source, std::move(call.bytes), parts_->clock->now());
    scan.codes = std::move(codes);
    scan.badge = std::move(call.badge);
    scan.message_id = std::move(call.request_id);
    scan.is_keyed = true;
    scan.capture = std::move(call.capture);
    scan.reading = keyed_reading();
    scan.overriding = std::move(call.overriding);
    co_return co_await station->scan(std::move(scan));
}

asio::awaitable<Result<std::uint64_t>> Site::decide_case(api::CaseCall call) {
    const auto is_right = co_await parts_->access->is_pin(call.actor, std::move(call.pin));
    if (!is_right) co_return fail(is_right.error());
    store::CaseDecision decision;
    decision.request_id =
        call.request_id.empty() ? parts_->floor.next_request_id("case") : call.request_id;
    decision.case_id = call.case_id;
    decision.decision = std::move(call.decision);
    decision.actor = std::move(call.actor);
    decision.reason = std::move(call.reason);
    if (!*is_right) decision.wrong_pin = decision.actor;
    decision.at = parts_->clock->now();
    store::Command command = std::move(decision);
    auto outcome = co_await parts_->access->submit(std::move(command));
    if (!outcome) co_return fail(outcome.error());
    if (outcome->verdict.blocks()) co_return fail(FaultCode::conflict, outcome->verdict.told);
    // A decision may ask for a label again, under a new number.
    if (!outcome->is_replay) {
        co_await parts_->effects->carry_out(std::move(outcome->effects));
    }
    if (parts_->told) parts_->told(api::Change(api::StateChanged()));
    co_return number_of(outcome->seq);
}

api::DeviceTools* Site::device_tools() {
    return parts_->tools.get();
}

void Site::on_change(std::function<void(const api::Change&)> told) {
    parts_->told = std::move(told);
}

}  // namespace lotgate::site
