// What becomes of goods: units, lots, counted quantities, and the lines that they are counted on.

#include "store/projections/projections.hpp"

namespace lotgate::store {

namespace {

std::optional<std::string> text_of(const std::optional<Date>& date) {
    if (!date) return std::nullopt;
    return to_string(*date);
}

std::optional<std::string> or_null(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

}  // namespace

void Projections::change(const At& at, const UnitMoved& moved) {
    if (moved.way.empty()) return database_->refuse("a unit's move names no state");
    for (std::size_t i = 1; i < moved.way.size(); ++i)
        if (rules::find_transition(moved.way[i - 1], moved.way[i]) == nullptr)
            return database_->refuse("a unit's move is not in the life cycle");
    // Most moves leave lot and container as they are, and their indexes alone.
    const std::optional<std::string> expires_on = text_of(moved.expires_on);
    const std::optional<std::string> container = or_null(moved.container);
    const bool is_voided = moved.way.back() == UnitState::voided;
    if (!is_voided) {
        unit_here_.run(rules::name_of(moved.way.back()),
                       rules::name_of(moved.way.front()),
                       expires_on,
                       moved.location,
                       moved.document,
                       moved.line,
                       moved.order,
                       moved.order_line,
                       at.seq,
                       moved.capture,
                       moved.confidence,
                       moved.gtin,
                       moved.serial,
                       moved.lot_key,
                       container,
                       moved.owner);
        if (database_->changes() != 0 || database_->fault()) return;
    }
    const CatalogueFold::Tracking tracking = feed_.catalogue().tracking_of(moved.gtin);
    std::optional<std::string> scope;
    if (!is_voided) scope = scope_of(tracking.uniqueness, moved.gtin, moved.owner);
    unit_.run(moved.gtin,
              moved.serial,
              near_key_of(moved.serial),
              rules::name_of(moved.way.back()),
              rules::name_of(moved.way.front()),
              moved.lot_key,
              expires_on,
              moved.location,
              container,
              moved.document,
              moved.line,
              moved.order,
              moved.order_line,
              at.seq,
              moved.owner,
              scope,
              serial_key_of(moved.serial, tracking.folds),
              moved.origin,
              moved.capture,
              moved.confidence);
}

void Projections::change(const At& at, const LotSeen& seen) {
    lot_.run(seen.gtin,
             seen.lot_key,
             seen.raw,
             text_of(seen.expires_on),
             text_of(seen.best_before),
             seen.supplier,
             at.seq,
             text_of(seen.sell_by),
             text_of(seen.produced_on),
             text_of(seen.packed_on),
             or_null(seen.expires_at),
             seen.mfr_lot,
             seen.own,
             seen.po,
             seen.assigned_for);
    variant_.run(seen.gtin, seen.lot_key, seen.raw, at.seq);
}

void Projections::change(const At&, const BalanceMoved& moved) {
    if (!moved.from.empty()) {
        balance_out_.run(moved.quantity, moved.gtin, moved.lot_key, moved.from, moved.owner);
        if (database_->changes() == 0) return database_->refuse("a balance that is not there");
        balance_empty_.run(moved.gtin, moved.lot_key, moved.from, moved.owner);
    } else {
        lot_received_.run(moved.quantity, moved.gtin, moved.lot_key);
    }
    // What goes out to nowhere had never come in.
    if (moved.to.empty()) lot_received_.run(-moved.quantity, moved.gtin, moved.lot_key);
    if (!moved.to.empty())
        balance_in_.run(moved.gtin, moved.lot_key, moved.to, moved.quantity, moved.owner);
}

void Projections::change(const At&, const LineDone& done) {
    const bool is_extra = done.line == 0;
    if (!is_extra) line_.run(done.done, done.shipped, done.document, done.line);
    document_done_.run(is_extra ? 0 : done.done,
                       is_extra ? done.done : 0,
                       is_extra ? 0 : done.shipped,
                       done.document);
}

}  // namespace lotgate::store
