// The printers as the page and the command see them: what waits, and what may be asked of one.

#include "adapters/label_preview/preview.hpp"
#include "daemon/site.hpp"
#include "daemon/site_parts.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <functional>

namespace lotgate::site {

namespace json = boost::json;

namespace {

std::int64_t seconds_between(Instant from, Instant to) {
    return (to.us - from.us) / 1'000'000;
}

json::array waiting_of(const Effects& effects, const std::string& printer, Instant now) {
    json::array all;
    for (const auto& waiting : effects.queue_of(printer)) {
        json::object label;
        label["effect"] = waiting.label.effect_id;
        label["subject"] = waiting.label.effect_id < 0 ? "test label" : waiting.subject;
        label["template"] = waiting.label_template;
        label["state"] = waiting.label.has_left ? "sent" : "waiting";
        label["age_s"] = seconds_between(waiting.label.queued, now);
        label["stale_in_s"] = seconds_between(now, waiting.label.stale_after);
        if (!waiting.moved_from.empty()) label["moved_from"] = waiting.moved_from;
        all.push_back(std::move(label));
    }
    return all;
}

Fault no_such_printer(const std::string& id) {
    return {FaultCode::invalid_input, "there is no such printer; `lotgate devices` lists them", id};
}

}  // namespace

Site::Answer Site::print_queue(std::string id) {
    const adapters::Printer* printer = parts_->effects->printer(id);
    if (printer == nullptr) co_return fail(no_such_printer(id));
    json::object answer;
    answer["printer"] = id;
    answer["language"] = std::string(printer->language());
    const auto health = printer->health();
    answer["state"] = std::string(adapters::name_of(health.state));
    answer["because"] = health.because;
    answer["failover"] = std::string(adapters::name_of(printer->fail_over().when));
    answer["neighbour"] = printer->fail_over().neighbour;
    json::object counters;
    for (const auto& counter : printer->counters()) counters[counter.name] = counter.value;
    answer["counters"] = std::move(counters);
    const auto language = adapters::label_language(printer->language());
    json::array templates;
    for (const std::string& name : parts_->effects->labels().names())
        if (language && parts_->effects->labels().has(name, *language))
            templates.emplace_back(name);
    answer["templates"] = std::move(templates);
    answer["waiting"] = waiting_of(*parts_->effects, id, parts_->clock->now());
    std::function<Result<std::string>(store::Queries&)> question = [id](store::Queries& queries) {
        return queries.labels_of(id);
    };
    const auto labels = co_await parts_->access->ask(std::move(question));
    if (!labels) co_return fail(labels.error());
    json::error_code error;
    const json::value read = json::parse(*labels, error);
    for (const char* list : {"in_doubt", "recent"})
        answer[list] = error ? json::value(json::array()) : read.at(list);
    co_return json::serialize(answer);
}

Result<api::PreviewView> Site::preview(api::PreviewCall call) const {
    const auto language = adapters::label_language(call.language);
    if (!language) return fail(FaultCode::invalid_input, "a label is written in zpl or in tspl");
    auto fields = adapters::example_label_fields();
    for (auto& [name, value] : fields)
        for (auto& [given, text] : call.fields)
            if (given == name) value = text;
    LG_TRY(const auto label,
           parts_->effects->labels().render(call.label_template, *language, fields));
    LG_TRY(auto drawn, adapters::preview_label(*language, label));
    return api::PreviewView{std::move(drawn.svg), std::move(drawn.not_shown)};
}

Site::Answer Site::ask_printer(api::PrinterCall call) {
    adapters::Printer* printer = parts_->effects->printer(call.printer);
    if (printer == nullptr) co_return fail(no_such_printer(call.printer));
    spdlog::info("{} asks of printer {}: {}",
                 call.actor.empty() ? "somebody" : call.actor,
                 call.printer,
                 call.verb);
    json::object answer{{"printer", call.printer}, {"did", call.verb}};
    if (call.verb == "resume") {
        printer->resume();
    } else if (call.verb == "test") {
        const auto printed = parts_->effects->print_test(call.printer);
        if (!printed) co_return fail(printed.error());
    } else {
        const auto moved = co_await parts_->effects->move_labels(call.printer, call.to);
        if (!moved) co_return fail(moved.error());
        answer["labels"] = *moved;
    }
    if (parts_->told) parts_->told(api::Change(api::StateChanged()));
    co_return json::serialize(answer);
}

}  // namespace lotgate::site
