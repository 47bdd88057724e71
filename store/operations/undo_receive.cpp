// A unit was received by mistake: it is expected again, as long as nobody has moved it.

#include "store/operations/every_operation.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_undo_receive(OperationDraft& draft) {
    const std::string& gtin = draft.call->gtin->text();
    const std::string& serial = draft.call->serial->as_labelled();
    const auto& unit = draft.facts->unit;
    if (!unit)
        return draft.refuse("SERIAL_UNKNOWN",
                            fmt::format("Serial {} was never received here.", serial));
    if (unit->state != UnitState::received)
        return draft.refuse(
            fmt::format("BAD_STATE_{}_EXPECTED", rules::name_of(unit->state)),
            fmt::format("Serial {} is {}: it has been moved since. Bring it back by its own steps.",
                        serial,
                        rules::name_of(unit->state)));
    const bool was_announced = !unit->document.empty() && unit->line != 0;
    UnitMoved moved;
    moved.gtin = gtin;
    moved.serial = serial;
    // What nobody announced is expected by nobody: it was never here.
    moved.way = {UnitState::received, was_announced ? UnitState::expected : UnitState::voided};
    moved.lot_key = unit->lot_key;
    moved.expires_on = unit->expires_on;
    moved.container = unit->container;
    moved.document = unit->document;
    moved.line = unit->line;
    moved.owner = unit->owner;
    moved.origin = unit->origin;
    draft.body.changes.emplace_back(std::move(moved));
    if (!unit->document.empty())
        draft.body.changes.emplace_back(LineDone{unit->document, unit->line, -1, 0});
    if (was_announced) draft.body.changes.emplace_back(DocumentState{unit->document, "open"});
    draft.body.did = "receipt_undone";
    draft.body.document = unit->document;
    draft.body.subject = unit_key(gtin, serial);
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.verdict.told =
        was_announced ? fmt::format("Serial {} is expected again.", serial)
                      : fmt::format(
                            "Serial {} is struck out: it was announced by nobody. Take the "
                            "goods off the dock.",
                            serial);
}

}  // namespace lotgate::store
