// Something could not be seen, or is seen again: the gateway notes it, so that a recall can say
// what it does not know (decision 0051).

#include "store/operations/every_operation.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_note_outage(OperationDraft& draft) {
    const OperationCall& call = *draft.call;
    OutageSet set;
    set.kind = call.text("outage");
    set.subject = call.text("name");
    set.station = call.operation->station;
    const auto moment = [&](std::string_view name, std::optional<Instant>& at) {
        if (call.text(name).empty()) return true;
        const auto parsed = parse_instant(call.text(name));
        if (parsed) at = *parsed;
        return parsed.has_value();
    };
    const bool is_good = moment("since", set.since) && moment("until", set.until);
    if (!is_good || (!set.since && !set.until))
        return draft.refuse("ARGUMENT_INVALID", "An outage has a time since or until.");
    draft.body.subject = fmt::format("{}:{}", set.kind, set.subject);
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.did = set.until ? "outage_over" : "outage_noted";
    draft.body.verdict.told = set.until ? fmt::format("{} {} is seen again.", set.kind, set.subject)
                                        : fmt::format("{} {} is not seen.", set.kind, set.subject);
    draft.body.changes.emplace_back(std::move(set));
}

}  // namespace lotgate::store
