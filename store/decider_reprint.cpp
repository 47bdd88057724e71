// A label printed again by the decision of a case. One that may exist already is void: its carton
// gets a new number; a unit's or a lot's number cannot change, so its label says that it is a copy
// (rule R-36).

#include "store/decider.hpp"
#include "store/labels/label_record.hpp"

#include <fmt/format.h>

namespace lotgate::store {

Result<> Decider::reprint(const std::string& subject, ReportBody& body) {
    const LabelRecord record = read_label(*database_, subject);
    const bool is_carton = subject.find(':') == std::string::npos;
    if (is_carton && (!record.carton || record.carton->state != "PACKED"))
        return fail(FaultCode::conflict,
                    fmt::format("carton {} is not here any more; nothing is printed", subject));
    if (!record.print)
        return fail(FaultCode::conflict, fmt::format("nothing was printed of {}", subject));
    AgainRequest request;
    request.reason = body.reason;
    request.first_id = static_cast<std::int64_t>(number_of(next(ledger_.head().seq))) * 16;
    request.now = site_clock_.now();
    if (!record.was_never_printed())
        request.how = is_carton ? PrintAgain::under_new_number : PrintAgain::as_copy;
    if (request.how == PrintAgain::under_new_number) {
        request.sscc = next_sscc(*database_);
        if (request.sscc.is_empty())
            return fail(FaultCode::conflict,
                        "no carton number is left at this site; connect to the cloud to get a new "
                        "range, then decide again");
    }
    AgainPlan plan = plan_again(record, request);
    for (auto& change : plan.changes) body.changes.push_back(std::move(change));
    for (auto& effect : plan.effects) body.effects.push_back(std::move(effect));
    for (auto& mention : plan.mentions) body.mentions.push_back(std::move(mention));
    return {};
}

}  // namespace lotgate::store
