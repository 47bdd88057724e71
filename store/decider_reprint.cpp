// A label printed again. One that may exist already is void: its carton gets a new number, so that
// two labels of one number can never be on two cartons (rule R-36).

#include "store/decider.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

void set_field(PrintRequest& print, std::string_view name, const std::string& value) {
    for (auto& [field, text] : print.fields)
        if (field == name) text = value;
}

}  // namespace

Result<SsccTaken> Decider::take_label_number() {
    auto rows = range_();
    if (!rows.next())
        return fail(FaultCode::conflict,
                    "no carton number is left at this site; connect to the cloud to get a new "
                    "range, then decide again");
    return SsccTaken{rows.text(0), rows.integer(1)};
}

Result<> Decider::reprint(const std::string& sscc, bool was_never_printed, ReportBody& body) {
    ContainerSet carton;
    if (auto rows = carton_(sscc); rows.next())
        carton = {rows.text(0),
                  rows.text(1),
                  rows.text(2),
                  rows.text(3),
                  rows.text(4),
                  rows.text(5),
                  rows.text(6),
                  rows.integer(7),
                  rows.text(8),
                  rows.text(9)};
    if (carton.state != "PACKED")
        return fail(FaultCode::conflict,
                    fmt::format("carton {} is not here any more; nothing is printed", sscc));
    std::int64_t old_id = 0;
    std::string old_state;
    std::string request;
    if (auto rows = print_of_(sscc); rows.next()) {
        old_id = rows.integer(0);
        old_state = rows.text(1);
        request = rows.text(2);
    }
    LG_TRY(EffectBody effect, read_effect_body(request));
    const Instant now = site_clock_.now();
    effect.id = static_cast<std::int64_t>(number_of(next(ledger_.head().seq))) * 16;
    effect.print->stale_after.us = now.us + 900'000'000;
    if (!was_never_printed) {
        LG_TRY(const SsccTaken taken, take_label_number());
        carton.sscc = fmt::format("{:017}", taken.number);
        carton.sscc.push_back(gs1_check_digit(carton.sscc));
        set_field(*effect.print, "sscc", carton.sscc);
        effect.subject = carton.sscc;
        body.changes.emplace_back(taken);
        body.changes.emplace_back(LabelVoided{sscc, carton.sscc});
        body.mentions.push_back(container_target(carton.sscc));
    }
    if (!is_final_effect_state(old_state))
        body.changes.emplace_back(EffectSet{old_id, "failed", "void: printed again", 0});
    carton.label = "intended";
    body.changes.emplace_back(carton);
    body.mentions.push_back(container_target(sscc));
    body.effects.push_back(std::move(effect));
    return {};
}

}  // namespace lotgate::store
