#include "daemon/station/station.hpp"

#include "adapters/barcode/decode.hpp"
#include "daemon/station/prove.hpp"

#include <spdlog/spdlog.h>

namespace lotgate::site {

namespace asio = boost::asio;

namespace {

api::DecisionView view_of(const rules::Attempt& attempt, const store::Outcome& outcome) {
    api::DecisionView view;
    view.seq = number_of(outcome.seq);
    view.at = attempt.at;
    view.station = attempt.station;
    view.device = attempt.observation.device;
    view.actor = attempt.actor;
    view.light = light_of(outcome.verdict);
    view.decision = std::string(rules::name_of(outcome.verdict.decision));
    view.code = outcome.verdict.code.empty() ? "ACCEPT" : outcome.verdict.code;
    view.rule = outcome.verdict.rule;
    const bool is_refused =
        outcome.verdict.blocks() || outcome.verdict.decision == rules::Decision::hold;
    if (is_refused && outcome.verdict.override_class != rules::OverrideClass::never)
        view.may_overrule = std::string(rules::name_of(outcome.verdict.override_class));
    view.told = outcome.verdict.told;
    view.did = outcome.did;
    view.subject = outcome.subject;
    view.document = outcome.document;
    view.progress = outcome.progress;
    view.scanned = barcode::printable(attempt.observation.raw);
    view.is_replay = outcome.is_replay;
    return view;
}

}  // namespace

adapters::Light light_of(const rules::Verdict& verdict) {
    switch (verdict.decision) {
        case rules::Decision::accept:
            return adapters::Light::good;
        case rules::Decision::warn:
        case rules::Decision::hold:
            return adapters::Light::attention;
        case rules::Decision::divert:
        case rules::Decision::reject:
            return adapters::Light::bad;
    }
    return adapters::Light::bad;
}

Station::Station(config::StationConfig config, Floor& floor)
    : config_(std::move(config)), floor_(&floor) {}

rules::DivertContext Station::context_of(const adapters::Induction& induction,
                                         Instant arrived) const {
    rules::DivertContext context;
    context.conveyor = config_.conveyor;
    context.point = config_.point;
    context.sequence = induction.sequence;
    context.tracking_id = induction.tracking_id;
    if (const auto* conveyor = floor_->effects->conveyor(config_.conveyor))
        context.lanes_full = conveyor->lanes_full(config_.point);
    context.deadline = Instant{
        arrived.us +
        std::chrono::duration_cast<std::chrono::microseconds>(config_.decide_within).count()};
    return context;
}

asio::awaitable<std::optional<rules::DivertContext>> Station::carton_here(Instant arrived) {
    adapters::Conveyor* conveyor = floor_->effects->conveyor(config_.conveyor);
    if (conveyor == nullptr) co_return std::nullopt;
    const auto induction = co_await conveyor->induction(config_.point);
    if (!induction || induction->sequence == 0) co_return std::nullopt;
    co_return context_of(*induction, arrived);
}

std::uint32_t Station::rounds_of(const std::string& code) const {
    const auto known = rounds_.find(code);
    return known == rounds_.end() ? 0 : known->second;
}

void Station::note_round(const std::string& code, const std::string& did) {
    constexpr std::size_t going_round_max = 4096;
    if (did != "recirculated") {
        rounds_.erase(code);
        return;
    }
    if (rounds_.size() >= going_round_max) rounds_.erase(rounds_.begin());
    ++rounds_[code];
}

void Station::show(adapters::Light light) const {
    if (!config_.lamp.empty()) floor_->effects->show(config_.lamp, config_.lamp_name, light);
}

asio::awaitable<Result<api::DecisionView>> Station::scan(adapters::Scan scan) {
    std::string request_id = scan.message_id.empty() ? floor_->next_request_id(scan.device.text())
                                                     : scan.device.text() + ":" + scan.message_id;
    const Moment moment = floor_->moment();
    rules::Attempt attempt =
        attempt_of(scan, config_, moment, std::move(request_id), floor_->dictionary);
    if (scan.overriding) {
        auto proven = co_await prove(*floor_->store, std::move(*scan.overriding));
        if (!proven) co_return fail(proven.error());
        attempt.authority = std::move(*proven);
    }
    if (attempt.step == rules::Step::divert) {
        attempt.divert = co_await carton_here(scan.received);
    }
    if (attempt.divert) attempt.divert->recirculated = rounds_of(attempt.observation.raw);
    const auto started = floor_->clock->monotonic();
    auto view = co_await decide(std::move(attempt));
    if (view)
        view->took = std::chrono::duration_cast<std::chrono::microseconds>(
            floor_->clock->monotonic() - started);
    if (view && !view->is_replay) floor_->decided(*view);
    co_return view;
}

asio::awaitable<void> Station::unread(adapters::Induction induction) {
    auto device = DeviceId::parse(config_.conveyor);
    if (!device) co_return;
    const Moment moment = floor_->moment();
    adapters::Scan nothing(*device, std::string(), moment.now);
    nothing.is_no_read = true;
    rules::Attempt attempt =
        attempt_of(nothing, config_, moment, floor_->next_request_id(config_.conveyor));
    attempt.divert = context_of(induction, moment.now);
    const auto view = co_await decide(std::move(attempt));
    if (view) floor_->decided(*view);
}

asio::awaitable<Result<api::DecisionView>> Station::decide(rules::Attempt attempt) {
    store::Command command = attempt;
    auto outcome = co_await floor_->store->submit(std::move(command));
    if (!outcome) {
        spdlog::error("station {}: nothing was recorded: {}", config_.id, outcome.error().detail());
        show(adapters::Light::unavailable);
        co_return fail(outcome.error());
    }
    api::DecisionView view = view_of(attempt, *outcome);
    show(view.light);
    if (attempt.divert && !outcome->is_replay) note_round(attempt.observation.raw, outcome->did);
    // A replay's effects were carried out when it was first decided, or are open and resumed.
    if (!outcome->is_replay) {
        co_await floor_->effects->carry_out(std::move(outcome->effects));
    }
    co_return view;
}

}  // namespace lotgate::site
