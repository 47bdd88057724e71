#include "daemon/station/effects.hpp"

#include "store/model/assert.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace lotgate::site {

namespace asio = boost::asio;

Effects::Effects(StoreAccess& store, Clock& clock, Labels labels)
    : store_(&store), clock_(&clock), labels_(std::move(labels)) {}

void Effects::know(adapters::Printer& printer) {
    printers_[printer.id().text()] = &printer;
}

void Effects::know(adapters::Conveyor& conveyor) {
    conveyors_[conveyor.id().text()] = &conveyor;
}

void Effects::forget(const std::string& device) {
    unable_since_.erase(device);
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

adapters::Printer* Effects::printer(const std::string& id) const {
    const auto it = printers_.find(id);
    return it == printers_.end() ? nullptr : it->second;
}

asio::awaitable<bool> Effects::report(store::EffectReport report, store::Haste haste) {
    report.at = clock_->now();
    const std::int64_t id = report.effect_id;
    const std::string state = report.state;
    store::Command command = std::move(report);
    const auto outcome = co_await store_->submit(std::move(command), haste);
    if (!outcome)
        spdlog::error(
            "effect {}: \"{}\" could not be recorded: {}", id, state, outcome.error().detail());
    co_return outcome.has_value();
}

asio::awaitable<void> Effects::carry_out(std::vector<store::Effect> effects) {
    // Diverts first: a carton is moving; paper waits.
    for (auto& effect : effects) {
        if (auto* request = std::get_if<store::DivertRequest>(&effect.request)) {
            co_await divert(effect.id, *request);
        }
    }
    for (auto& effect : effects) {
        if (auto* request = std::get_if<store::PrintRequest>(&effect.request)) {
            co_await print(effect.id, *request);
        }
    }
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

asio::awaitable<void> Effects::resume(std::vector<store::Effect> effects) {
    for (auto& effect : effects) {
        store::Effect one = std::move(effect);
        co_await resume_one(std::move(one), "the gateway");
    }
}

asio::awaitable<void> Effects::resume_one(store::Effect effect, std::string who_stopped) {
    store::EffectReport left;
    left.effect_id = effect.id;
    if (const auto* request = std::get_if<store::DivertRequest>(&effect.request)) {
        // A divert is never replayed: another carton stands there now.
        left.lane = request->lane;
        left.state = effect.state == "intended" ? "expired" : "unknown";
        left.because = who_stopped + " stopped before the carton's lane was confirmed";
        co_await report(std::move(left));
        co_return;
    }
    if (effect.state == "intended") {
        store::PrintRequest request = std::get<store::PrintRequest>(effect.request);
        co_await print(effect.id, std::move(request));
    } else if (effect.state == "sent") {
        left.state = "in_doubt";
        left.because =
            who_stopped + " stopped after the label was sent and before it was confirmed";
        co_await report(std::move(left));
    }
}

asio::awaitable<void> Effects::diverted(adapters::DivertReport report_of_plc) {
    LG_ASSERT(report_of_plc.effect_id != 0);  // the site has those recorded as passed()
    store::EffectReport report_of_effect;
    report_of_effect.effect_id = report_of_plc.effect_id;
    report_of_effect.state = std::string(adapters::name_of(report_of_plc.state));
    report_of_effect.lane = report_of_plc.lane;
    if (reports_waiting_ >= reports_waiting_max) {
        co_await report(std::move(report_of_effect));
        co_return;
    }
    // Nobody waits for these, so they are written with the next decision; in their order, since
    // each is handed over before the next one is looked at.
    auto ended = [](std::exception_ptr escaped) {
        if (escaped) std::rethrow_exception(escaped);
    };
    const auto loop = co_await asio::this_coro::executor;
    asio::co_spawn(loop, report_soon(std::move(report_of_effect)), ended);
}

asio::awaitable<void> Effects::report_soon(store::EffectReport one) {
    ++reports_waiting_;
    co_await report(std::move(one), store::Haste::soon);
    --reports_waiting_;
}

// A scan that still comes is recorded as well, and its divert ends as late.
asio::awaitable<void> Effects::passed(store::CartonPassed carton) {
    carton.at = clock_->now();
    const std::string told = fmt::format("{}: carton {} passed decision point {} undecided",
                                         carton.conveyor,
                                         carton.tracking_id,
                                         carton.point);
    store::Command command = std::move(carton);
    const auto outcome = co_await store_->submit(std::move(command));
    if (!outcome)
        spdlog::error("{}, which could not be recorded: {}", told, outcome.error().detail());
}

}  // namespace lotgate::site
