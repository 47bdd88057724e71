// A person has a label printed again. A carton gets a new number, and the old one is void; a copy
// under the same number is printed only where the first label is destroyed, and says that it is a
// copy: two live labels of one number never are (rule R-36).

#include "store/labels/label_record.hpp"
#include "store/operations/every_operation.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/sqlite/database.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

std::string subject_of(const OperationCall& call) {
    if (call.sscc) return call.sscc->text();
    if (call.gtin && call.serial) return unit_key(call.gtin->text(), call.serial->as_labelled());
    return {};
}

/// Why it cannot be printed again at all, or empty.
std::string hindrance(const LabelRecord& record, const std::string& subject) {
    if (!record.print)
        return fmt::format("No label of {} was printed here. Scan what is on it.", subject);
    if (record.is_under_way())
        return fmt::format("The label of {} is on its way to {}. Wait, or see to the printer.",
                           subject,
                           record.print->print->printer);
    if (record.effect_state == "in_doubt")
        return fmt::format(
            "Nobody knows whether the label of {} is there. Look, and decide its case.", subject);
    return {};
}

}  // namespace

void read_reprint(sqlite::Database& database, const OperationCall& call, OperationFacts& facts) {
    facts.label = read_label(database, subject_of(call));
    facts.numbers = next_sscc(database);
}

void plan_reprint(OperationDraft& draft) {
    const OperationCall& call = *draft.call;
    const LabelRecord& record = *draft.facts->label;
    const std::string subject = subject_of(call);
    const bool is_carton = call.sscc.has_value();
    if (subject.empty())
        return draft.refuse("ARGUMENT_MISSING",
                            "Which label? Name the carton's SSCC, or the unit's GTIN and serial.");
    if (record.is_void)
        return draft.refuse(
            "LABEL_VOID",
            fmt::format(
                "The label of {} is void: {} took its place.", subject, record.replaced_by));
    if (const auto told = hindrance(record, subject); !told.empty())
        return draft.refuse("LABEL_NOT_READY", told);
    if (is_carton && (!record.carton || record.carton->state != "PACKED"))
        return draft.refuse(
            "CARTON_NOT_HERE",
            fmt::format("Carton {} is not here any more. Nothing is printed.", subject));
    AgainRequest request;
    request.printer = call.text("printer");
    request.reason = call.operation->authority.reason;
    request.first_id = draft.next_id();
    request.now = call.operation->at;
    const bool wants_copy = !is_carton || call.text("as") == "copy";
    if (!record.was_never_printed())
        request.how = wants_copy ? PrintAgain::as_copy : PrintAgain::under_new_number;
    if (request.how == PrintAgain::as_copy && call.text("first_label") != "destroyed")
        return draft.refuse(
            "LABEL_DUP_LIVE",
            fmt::format("{} has a live label. Destroy it and say first_label=destroyed{}.",
                        subject,
                        is_carton ? ", or have a new number printed" : ""));
    request.sscc = draft.facts->numbers;
    if (request.how == PrintAgain::under_new_number && request.sscc.is_empty())
        return draft.refuse("NO_SSCC_RANGE", no_number_told("sscc"));
    AgainPlan plan = plan_again(record, request);
    draft.body.did = "label_reprinted";
    draft.body.subject = plan.subject;
    draft.body.verdict.told =
        request.how == PrintAgain::under_new_number
            ? fmt::format("Label {} is printed; {} is void.", plan.subject, subject)
            : fmt::format("The label of {} is printed{}.",
                          subject,
                          request.how == PrintAgain::as_copy ? ", marked as a copy" : "");
    draft.body.changes = std::move(plan.changes);
    draft.body.effects = std::move(plan.effects);
    for (auto& mention : plan.mentions) draft.body.mentions.push_back(std::move(mention));
}

}  // namespace lotgate::store
