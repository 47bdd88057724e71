// Labels: handed to their printer, moved to its neighbour where they surely have not left, and
// what became of them.

#include "daemon/station/effects.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <set>

namespace lotgate::site {

namespace asio = boost::asio;
using adapters::HealthState;

namespace {

constexpr std::chrono::milliseconds look_every{500};

bool is_able(const adapters::Printer& printer) {
    const auto state = printer.health().state;
    return state == HealthState::ready || state == HealthState::degraded;
}

const std::string& field_of(const store::PrintRequest& request, std::string_view name) {
    static const std::string nothing;
    for (const auto& [field, value] : request.fields)
        if (field == name) return value;
    return nothing;
}

std::string subject_of(const store::PrintRequest& request) {
    const std::string& sscc = field_of(request, "sscc");
    if (!sscc.empty()) return sscc;
    const std::string& serial = field_of(request, "serial");
    const std::string& number = serial.empty() ? field_of(request, "lot") : serial;
    return field_of(request, "gtin") + "/" + number;
}

bool is_final(adapters::PrintState state) {
    return state != adapters::PrintState::sent;
}

}  // namespace

Result<std::string> Effects::rendered(const adapters::Printer& printer,
                                      std::int64_t id,
                                      const store::PrintRequest& request) const {
    const auto language = adapters::label_language(printer.language());
    if (!language)
        return fail(FaultCode::invalid_input,
                    fmt::format("no template is written in {}", printer.language()));
    auto fields = request.fields;
    if (field_of(request, "job").empty()) fields.emplace_back("job", std::to_string(id));
    return labels_->render(request.label_template, *language, fields);
}

asio::awaitable<void> Effects::fail_print(std::int64_t id, std::string because) {
    asked_.erase(id);
    store::EffectReport undone;
    undone.effect_id = id;
    undone.state = "failed";
    undone.because = std::move(because);
    co_await report(std::move(undone));
}

asio::awaitable<void> Effects::print(std::int64_t id, store::PrintRequest request) {
    adapters::Printer* to = printer(request.printer);
    if (to == nullptr) {
        co_await fail_print(id, fmt::format("there is no printer \"{}\"", request.printer));
        co_return;
    }
    auto label = rendered(*to, id, request);
    if (!label) {
        co_await fail_print(id, label.error().detail());
        co_return;
    }
    adapters::PrintOrder order(id, std::move(*label), request.stale_after);
    const auto queued = to->enqueue(std::move(order));
    if (!queued) {
        co_await fail_print(id, queued.error().detail());
        co_return;
    }
    Asked& asked = asked_[id];
    asked.request = std::move(request);
    asked.at = to;
}

asio::awaitable<bool> Effects::printed(adapters::PrintReport told) {
    if (told.effect_id < 0) {
        spdlog::info("test label: {} {}", adapters::name_of(told.state), told.because);
        co_return true;
    }
    const auto id = told.effect_id;
    const bool is_end = is_final(told.state);
    store::EffectReport report_of_effect;
    report_of_effect.effect_id = id;
    report_of_effect.state = std::string(adapters::name_of(told.state));
    report_of_effect.because = std::move(told.because);
    const bool is_durable = co_await report(std::move(report_of_effect));
    if (is_durable && is_end) asked_.erase(id);
    co_return is_durable;
}

Result<> Effects::print_test(const std::string& id) {
    adapters::Printer* to = printer(id);
    if (to == nullptr)
        return fail(FaultCode::invalid_input, fmt::format("there is no printer \"{}\"", id));
    const Instant stale{clock_->now().us + 60'000'000};
    const std::string text = fmt::format("TEST {} {}", id, to_string(clock_->now()));
    return to->enqueue(adapters::PrintOrder(next_test_--, to->test_label(text), stale));
}

std::vector<WaitingLabel> Effects::queue_of(const std::string& id) const {
    std::vector<WaitingLabel> all;
    const adapters::Printer* of = printer(id);
    if (of == nullptr) return all;
    for (const auto& label : of->queue()) {
        WaitingLabel waiting;
        waiting.label = label;
        const auto asked = asked_.find(label.effect_id);
        if (asked != asked_.end()) {
            waiting.subject = subject_of(asked->second.request);
            waiting.label_template = asked->second.request.label_template;
            waiting.moved_from = asked->second.moved_from;
        }
        all.push_back(std::move(waiting));
    }
    return all;
}

// ---- to a neighbour

// The ledger has the move before the neighbour has the label: a crash in between prints it once,
// at one of the two.
asio::awaitable<bool> Effects::move_one(std::int64_t id, adapters::Printer& from, std::string to) {
    const auto asked = asked_.find(id);
    if (asked == asked_.end() || printer(to) == nullptr) co_return false;
    const std::string was_at = asked->second.request.printer;
    store::PrintRequest request = asked->second.request;
    request.printer = to;
    auto label = rendered(*printer(to), id, request);
    if (!label) {
        spdlog::warn("label {} cannot go to {}: {}", id, to, label.error().detail());
        co_return false;
    }
    auto order = from.withdraw(id);
    if (!order) co_return false;
    asked->second.at = nullptr;
    store::EffectReport moved;
    moved.effect_id = id;
    moved.state = "intended";
    moved.printer = to;
    moved.because = fmt::format("{}: {}", was_at, from.health().because);
    const bool is_recorded = co_await report(std::move(moved));
    if (is_recorded) {
        asked_[id] = Asked{std::move(request), was_at};
        order->bytes = std::move(*label);
    }
    co_await hand_over(id, std::move(*order));
    co_return is_recorded;
}

// To the printer that the label is meant for, which may have gone meanwhile.
asio::awaitable<void> Effects::hand_over(std::int64_t id, adapters::PrintOrder order) {
    const std::string name = asked_[id].request.printer;
    adapters::Printer* to = printer(name);
    const auto queued = to == nullptr
                            ? Result<>(fail(FaultCode::invalid_input,
                                            fmt::format("there is no printer \"{}\"", name)))
                            : to->enqueue(std::move(order));
    if (queued) {
        asked_[id].at = to;
    } else {
        co_await fail_print(id, queued.error().detail());
    }
}

asio::awaitable<Result<std::size_t>> Effects::move_labels(std::string from, std::string to) {
    adapters::Printer* source = printer(from);
    if (source == nullptr)
        co_return fail(FaultCode::invalid_input, fmt::format("there is no printer \"{}\"", from));
    const auto policy = source->fail_over();
    if (!policy.is_possible())
        co_return fail(FaultCode::conflict,
                       fmt::format("labels of {} stay there: its failover is \"never\"", from));
    if (to.empty()) to = policy.neighbour;
    if (to != policy.neighbour || printer(to) == nullptr)
        co_return fail(
            FaultCode::invalid_input,
            fmt::format("the neighbour of {} is \"{}\"; labels go there", from, policy.neighbour));
    std::size_t count = 0;
    for (const auto& label : source->queue()) {
        if (label.has_left || label.effect_id < 0 || printer(from) != source) continue;
        if (co_await move_one(label.effect_id, *source, to)) ++count;
    }
    if (count > 0) spdlog::warn("{} labels of {} went to {}", count, from, to);
    co_return count;
}

bool Effects::should_fail_over(const adapters::Printer& of) {
    const std::string& id = of.id().text();
    if (is_able(of)) {
        unable_since_.erase(id);
        return false;
    }
    const auto now = clock_->monotonic();
    const auto waited = now - unable_since_.try_emplace(id, now).first->second;
    const auto& policy = of.fail_over();
    const auto* neighbour = printer(policy.neighbour);
    return policy.when == adapters::FailOver::automatic && waited >= policy.after &&
           neighbour != nullptr && is_able(*neighbour);
}

asio::awaitable<void> Effects::fail_over() {
    std::vector<std::string> ids;
    for (const auto& [id, one] : printers_)
        if (should_fail_over(*one)) ids.push_back(id);
    for (const auto& id : ids) {
        adapters::Printer* from = printer(id);
        if (from == nullptr) continue;
        const std::string to = from->fail_over().neighbour;
        for (const auto& waiting : queue_of(id)) {
            // A label moves once: two printers that are both away must not play ball with it.
            if (waiting.label.has_left || !waiting.moved_from.empty()) continue;
            if (waiting.label.effect_id < 0 || printer(id) != from) continue;
            static_cast<void>(co_await move_one(waiting.label.effect_id, *from, to));
        }
    }
}

asio::awaitable<void> Effects::take_over(const adapters::Printer* stopped) {
    std::set<std::int64_t> left;
    for (auto& [id, asked] : asked_) {
        if (asked.at != stopped) continue;
        asked.at = nullptr;
        left.insert(id);
    }
    if (left.empty()) co_return;
    auto open = co_await store_->open_effects();
    if (!open) {
        spdlog::error(
            "{} labels of a printer that was stopped cannot be read; they are taken up at "
            "the next start: {}",
            left.size(),
            open.error().detail());
        co_return;
    }
    for (auto& effect : *open) {
        if (left.count(effect.id) == 0) continue;
        store::Effect one = std::move(effect);
        co_await resume_one(std::move(one), "the printer");
    }
}

asio::awaitable<void> Effects::watch() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!is_stopping_) {
        co_await fail_over();
        timer.expires_after(look_every);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

}  // namespace lotgate::site
