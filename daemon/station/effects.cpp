#include "daemon/station/effects.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace lotgate::site {

namespace asio = boost::asio;

Effects::Effects(StoreAccess& store, Clock& clock, const adapters::LabelTemplates& labels)
    : store_(&store), clock_(&clock), labels_(&labels) {}

void Effects::know(adapters::Printer& printer) {
    printers_[printer.id().text()] = &printer;
}

void Effects::know(adapters::Conveyor& conveyor) {
    conveyors_[conveyor.id().text()] = &conveyor;
}

void Effects::forget(const std::string& device) {
    printers_.erase(device);
    conveyors_.erase(device);
}

adapters::Conveyor* Effects::conveyor(const std::string& id) const {
    const auto it = conveyors_.find(id);
    return it == conveyors_.end() ? nullptr : it->second;
}

void Effects::show(const std::string& device,
                   const std::string& lamp,
                   adapters::Light light) const {
    if (adapters::Conveyor* const to = conveyor(device)) to->show(lamp, light);
}

asio::awaitable<bool> Effects::report(store::EffectReport report) {
    report.at = clock_->now();
    const std::int64_t id = report.effect_id;
    const std::string state = report.state;
    store::Command command = std::move(report);
    const auto outcome = co_await store_->submit(std::move(command));
    if (!outcome)
        spdlog::error(
            "effect {}: \"{}\" could not be recorded: {}", id, state, outcome.error().detail());
    co_return outcome.has_value();
}

asio::awaitable<void> Effects::carry_out(std::vector<store::Effect> effects) {
    // Diverts first: a carton is moving; paper waits.
    for (auto& effect : effects)
        if (auto* request = std::get_if<store::DivertRequest>(&effect.request))
            co_await divert(effect.id, *request);
    for (auto& effect : effects)
        if (auto* request = std::get_if<store::PrintRequest>(&effect.request))
            co_await print(effect.id, *request);
}

asio::awaitable<void> Effects::divert(std::int64_t id, store::DivertRequest request) {
    store::EffectReport undone;
    undone.effect_id = id;
    undone.lane = request.lane;
    undone.state = "unknown";
    if (clock_->now() > request.deadline) {
        undone.state = "expired";
        undone.because = "the carton had passed the decision point before it was decided";
        co_await report(std::move(undone));
        co_return;
    }
    adapters::Conveyor* to = conveyor(request.conveyor);
    if (to == nullptr) {
        undone.because = fmt::format("there is no conveyor \"{}\" any more", request.conveyor);
        co_await report(std::move(undone));
        co_return;
    }
    adapters::DivertOrder order;
    order.effect_id = id;
    order.point = request.point;
    order.sequence = request.sequence;
    order.tracking_id = request.tracking_id;
    order.lane = request.lane;
    order.reason = request.reason;
    const auto written = co_await to->divert(order);
    if (!written) {
        undone.because = "the PLC was not reached: " + written.error().detail();
        co_await report(std::move(undone));
    }
}

asio::awaitable<void> Effects::print(std::int64_t id, store::PrintRequest request) {
    store::EffectReport undone;
    undone.effect_id = id;
    undone.state = "failed";
    const auto it = printers_.find(request.printer);
    if (it == printers_.end()) {
        undone.because = fmt::format("there is no printer \"{}\"", request.printer);
        co_await report(std::move(undone));
        co_return;
    }
    const auto language = adapters::label_language(it->second->language());
    auto label = language ? labels_->render(request.label_template, *language, request.fields)
                          : Result<std::string>(fail(FaultCode::invalid_input,
                                                     "the printer's language has no templates"));
    if (!label) {
        undone.because = label.error().detail();
        co_await report(std::move(undone));
        co_return;
    }
    adapters::PrintOrder order(id, std::move(*label), request.stale_after);
    const auto queued = it->second->enqueue(std::move(order));
    if (!queued) {
        undone.because = queued.error().detail();
        co_await report(std::move(undone));
    }
}

asio::awaitable<void> Effects::resume(std::vector<store::Effect> effects) {
    for (auto& effect : effects) {
        store::Effect one = std::move(effect);
        co_await resume_one(std::move(one));
    }
}

asio::awaitable<void> Effects::resume_one(store::Effect effect) {
    store::EffectReport left;
    left.effect_id = effect.id;
    if (const auto* request = std::get_if<store::DivertRequest>(&effect.request)) {
        // A divert is never replayed: another carton stands there now.
        left.lane = request->lane;
        left.state = effect.state == "intended" ? "expired" : "unknown";
        left.because = "the gateway stopped before the carton's lane was confirmed";
        co_await report(std::move(left));
        co_return;
    }
    if (effect.state == "intended") {
        store::PrintRequest request = std::get<store::PrintRequest>(effect.request);
        co_await print(effect.id, std::move(request));
    } else if (effect.state == "sent") {
        left.state = "in_doubt";
        left.because = "the gateway stopped after the label was sent and before it was confirmed";
        co_await report(std::move(left));
    }
}

asio::awaitable<bool> Effects::printed(adapters::PrintReport report_of_printer) {
    store::EffectReport report_of_effect;
    report_of_effect.effect_id = report_of_printer.effect_id;
    report_of_effect.state = std::string(adapters::name_of(report_of_printer.state));
    report_of_effect.because = std::move(report_of_printer.because);
    co_return co_await report(std::move(report_of_effect));
}

asio::awaitable<void> Effects::diverted(adapters::DivertReport report_of_plc) {
    if (report_of_plc.effect_id == 0) {
        // Nobody decided this carton: no scan yet, or none at all. A scan that still comes is
        // recorded, and its divert ends as late.
        spdlog::warn("carton {} (sequence {}) passed a decision point undecided, to lane {}",
                     report_of_plc.tracking_id,
                     report_of_plc.sequence,
                     report_of_plc.lane);
        co_return;
    }
    store::EffectReport report_of_effect;
    report_of_effect.effect_id = report_of_plc.effect_id;
    report_of_effect.state = std::string(adapters::name_of(report_of_plc.state));
    report_of_effect.lane = report_of_plc.lane;
    co_await report(std::move(report_of_effect));
}

}  // namespace lotgate::site
