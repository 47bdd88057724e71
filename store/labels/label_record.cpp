#include "store/labels/label_record.hpp"

#include "store/projections/feed_fold.hpp"
#include "store/rules/facts.hpp"
#include "store/sqlite/database.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

constexpr std::int64_t good_for_us = 900'000'000;  // a quarter of an hour

void set_field(PrintRequest& print, std::string_view name, const std::string& value) {
    for (auto& [field, text] : print.fields) {
        if (field != name) continue;
        text = value;
        return;
    }
    print.fields.emplace_back(std::string(name), value);
}

/// How a person reads the number: "SSCC 095…", "SN 1000".
std::string called(const std::string& subject) {
    if (subject.find(':') == std::string::npos) return "SSCC " + subject;
    const std::string number = subject.substr(subject.find('/') + 1);
    return (subject.starts_with("unit:") ? "SN " : "LOT ") + number;
}

std::optional<ContainerSet> read_carton(sqlite::Database& db, const std::string& sscc) {
    sqlite::Statement read(
        db,
        "SELECT id,sscc,kind,state,document,station,label,lane,coalesce(parent,''),"
        "location "
        "FROM container WHERE sscc=?");
    auto rows = read(sscc);
    if (!rows.next()) return std::nullopt;
    return ContainerSet{rows.text(0),
                        rows.text(1),
                        rows.text(2),
                        rows.text(3),
                        rows.text(4),
                        rows.text(5),
                        rows.text(6),
                        rows.integer(7),
                        rows.text(8),
                        rows.text(9)};
}

void void_old(const LabelRecord& record, const AgainRequest& request, AgainPlan& plan) {
    const std::string old = label_target(record.subject);
    plan.changes.emplace_back(
        LabelSet{old, "void", record.copies, label_target(plan.subject), request.reason});
    plan.mentions.push_back(label_target(plan.subject));
}

}  // namespace

std::string label_target(const std::string& effect_subject) {
    return effect_subject.find(':') == std::string::npos ? container_target(effect_subject)
                                                         : effect_subject;
}

LabelRecord read_label(sqlite::Database& db, const std::string& subject) {
    LabelRecord record;
    record.subject = subject;
    if (subject.find(':') == std::string::npos) record.carton = read_carton(db, subject);
    sqlite::Statement last(db,
                           "SELECT id,state,request FROM effect WHERE subject=? AND kind='print' "
                           "ORDER BY id DESC LIMIT 1");
    if (auto rows = last(subject); rows.next()) {
        record.effect = rows.integer(0);
        record.effect_state = rows.text(1);
        auto body = read_effect_body(rows.view(2));
        if (body && body->print) record.print = std::move(*body);
    }
    sqlite::Statement label(db, "SELECT state,copies,replaced_by FROM label WHERE subject=?");
    if (auto rows = label(label_target(subject)); rows.next()) {
        record.is_void = rows.view(0) == "void";
        record.copies = rows.integer(1);
        record.replaced_by = rows.text(2);
    }
    return record;
}

AgainPlan plan_again(const LabelRecord& record, const AgainRequest& request) {
    AgainPlan plan;
    plan.subject = record.subject;
    EffectBody effect = *record.print;
    effect.id = request.first_id;
    effect.print->stale_after.us = request.now.us + good_for_us;
    if (!request.printer.empty()) effect.print->printer = request.printer;
    plan.mentions.push_back(label_target(record.subject));
    if (!record.effect_state.empty() && record.effect_state != "verified" &&
        record.effect_state != "confirmed" && !record.was_never_printed())
        plan.changes.emplace_back(EffectSet{record.effect, "failed", "void: printed again", 0});
    if (request.how == PrintAgain::under_new_number) {
        plan.subject = request.sscc.number();
        effect.subject = plan.subject;
        set_field(*effect.print, "sscc", plan.subject);
        set_field(*effect.print, "copy", "REPLACES " + record.subject);
        plan.changes.emplace_back(SsccTaken{request.sscc.id, request.sscc.next});
        if (auto low = low_water(request.sscc, request.first_id + 1))
            plan.changes.emplace_back(std::move(*low));
        void_old(record, request, plan);
    } else if (request.how == PrintAgain::as_copy) {
        const std::int64_t copy = record.copies + 1;
        set_field(
            *effect.print, "copy", fmt::format("COPY {} of {}", copy, called(record.subject)));
        plan.changes.emplace_back(
            LabelSet{label_target(record.subject), "live", copy, {}, request.reason});
    }
    if (record.carton) {
        ContainerSet carton = *record.carton;
        carton.sscc = plan.subject;
        carton.label = "intended";
        plan.changes.emplace_back(std::move(carton));
    }
    plan.effects.push_back(std::move(effect));
    return plan;
}

}  // namespace lotgate::store
