// Goods without a number of their own get one of this site: a serial for a unit (origin GENERATED),
// a lot for goods that are counted by lot. The number is taken in the same transaction, from a
// range that is leased to this site alone.

#include "store/operations/every_operation.hpp"
#include "store/projections/catalogue_fold.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/ranges.hpp"
#include "store/sqlite/database.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

constexpr std::int64_t good_for_us = 900'000'000;  // a quarter of an hour

std::optional<Date> expiry_of(const OperationDraft& draft) {
    const std::string& text = draft.call->text("expires_on");
    if (text.empty()) return std::nullopt;
    const auto date = parse_date(text);
    return date ? std::optional<Date>(*date) : std::nullopt;
}

/// Refused, or nothing to say.
bool is_refused(OperationDraft& draft, bool is_tracked, const char* how) {
    const OperationFacts& facts = *draft.facts;
    const std::string gtin = draft.call->gtin->text();
    if (!facts.product) {
        draft.refuse("PRODUCT_UNKNOWN",
                     fmt::format("Product {} is not known here. Check its GTIN.", gtin));
    } else if (!is_tracked) {
        draft.refuse(
            "NOT_TRACKED_SO",
            fmt::format("Product {} is not tracked by {}. It needs no such label.", gtin, how));
    } else if (facts.product->expiry_required && !expiry_of(draft)) {
        draft.refuse("EXPIRY_MISSING",
                     fmt::format("Product {} needs its expiry date on the label. Add "
                                 "expires_on=YYYY-MM-DD.",
                                 gtin));
    } else if (facts.numbers.is_empty()) {
        draft.refuse("NO_RANGE", no_number_told(facts.numbers.kind));
    }
    return draft.is_refused();
}

EffectBody label_of(OperationDraft& draft, const std::string& subject, const char* fallback) {
    const OperationCall& call = *draft.call;
    EffectBody effect;
    effect.id = draft.next_id();
    effect.kind = "print";
    effect.subject = subject;
    PrintRequest print;
    print.printer = call.text("printer");
    print.label_template =
        call.text("template").empty() ? std::string(fallback) : call.text("template");
    print.stale_after.us = call.operation->at.us + good_for_us;
    print.fields = {{"gtin", call.gtin->text()}, {"product", draft.facts->product->name}};
    if (const auto expires = expiry_of(draft)) {
        print.fields.emplace_back("expires_on", yymmdd(*expires));
        print.fields.emplace_back("expires_on_iso", to_string(*expires));
    }
    effect.print = std::move(print);
    return effect;
}

void take_number(OperationDraft& draft) {
    const RangeFacts& range = draft.facts->numbers;
    draft.body.changes.emplace_back(NumberTaken{range.kind, range.id, range.next});
    if (auto low = low_water(range, draft.next_id()))
        draft.body.changes.emplace_back(std::move(*low));
}

void finish(OperationDraft& draft, const char* did, EffectBody effect) {
    draft.body.did = did;
    draft.body.subject = effect.subject;
    draft.body.verdict.told =
        fmt::format("Label {} is printed. Put it on, and scan it.", draft.facts->numbers.number());
    draft.body.mentions.push_back(effect.subject);
    draft.body.effects.push_back(std::move(effect));
}

}  // namespace

void read_unit_number(sqlite::Database& database,
                      const OperationCall& call,
                      OperationFacts& facts) {
    const std::string gtin = call.gtin->text();
    const rules::ProductFacts product = facts.product.value_or(rules::ProductFacts());
    sqlite::Statement unit(database,
                           "SELECT 1 FROM unit WHERE (gtin=?1 AND serial=?2) "
                           "OR (scope=?3 AND serial_key=?4) LIMIT 1");
    const std::string scope = scope_of(product.uniqueness, gtin, product.owner);
    facts.numbers = next_number(database, "serial", gtin, [&](const std::string& serial) {
        return unit(gtin, serial, scope, serial_key_of(serial, product.serial_fold)).next();
    });
}

void read_lot_number(sqlite::Database& database, const OperationCall& call, OperationFacts& facts) {
    const std::string gtin = call.gtin->text();
    sqlite::Statement lot(database, "SELECT 1 FROM lot WHERE gtin=?1 AND lot_key=?2");
    facts.numbers = next_number(database, "lot", gtin, [&](const std::string& number) {
        const auto parsed = Lot::parse(number);
        return parsed && lot(gtin, parsed->key()).next();
    });
}

void plan_label_unit(OperationDraft& draft) {
    const OperationFacts& facts = *draft.facts;
    if (is_refused(draft, facts.product && facts.product->serial_tracked, "serial")) return;
    if (facts.product->lot_tracked && !draft.call->lot)
        return draft.refuse("LOT_MISSING",
                            fmt::format("Product {} is tracked by lot too. Name the lot.",
                                        draft.call->gtin->text()));
    const std::string gtin = draft.call->gtin->text();
    const std::string serial = facts.numbers.number();
    EffectBody effect = label_of(draft, unit_key(gtin, serial), "unit");
    effect.print->fields.emplace_back("serial", serial);
    UnitMoved unit;
    unit.gtin = gtin;
    unit.serial = serial;
    // Whoever labels a unit has it in hand: it is here, at the station where that is done.
    unit.way = {UnitState::none, UnitState::received};
    unit.expires_on = expiry_of(draft);
    unit.location = draft.call->operation->station;
    unit.owner = facts.product->owner;
    unit.origin = "GENERATED";
    if (draft.call->lot) {
        unit.lot_key = draft.call->lot->key();
        effect.print->fields.emplace_back("lot", draft.call->lot->as_labelled());
        LotSeen seen;
        seen.gtin = gtin;
        seen.lot_key = unit.lot_key;
        seen.raw = draft.call->lot->as_labelled();
        seen.expires_on = unit.expires_on;
        draft.body.changes.emplace_back(std::move(seen));
    }
    draft.body.changes.emplace_back(std::move(unit));
    take_number(draft);
    finish(draft, "unit_labelled", std::move(effect));
}

void plan_label_lot(OperationDraft& draft) {
    const OperationFacts& facts = *draft.facts;
    if (is_refused(draft, facts.product && facts.product->lot_tracked, "lot")) return;
    const std::string gtin = draft.call->gtin->text();
    const std::string number = facts.numbers.number();
    const auto lot = Lot::parse(number);
    if (!lot)
        return draft.refuse("NO_RANGE",
                            fmt::format("The range gives {}, which is no lot. Tell your "
                                        "integrator.",
                                        number));
    EffectBody effect = label_of(draft, lot_target(gtin, lot->key()), "lot");
    effect.print->fields.emplace_back("lot", number);
    LotSeen seen;
    seen.gtin = gtin;
    seen.lot_key = lot->key();
    seen.raw = number;
    seen.expires_on = expiry_of(draft);
    seen.own = true;
    draft.body.changes.emplace_back(std::move(seen));
    take_number(draft);
    finish(draft, "lot_labelled", std::move(effect));
}

}  // namespace lotgate::store
