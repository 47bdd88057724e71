#pragma once

// Fields <-> JSON. One description of a struct serves both ways, so that what is written can
// always be read back. Empty texts, zeros, false and absent values are left out.

#include "store/events/bodies.hpp"
#include "store/events/fields.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <concepts>
#include <type_traits>

namespace lotgate::store {

template <class E, class T>
concept Is = std::same_as<std::remove_cv_t<E>, T>;

// ---- what the structs hold

template <class A, Is<UnitMoved> E>
void describe(A& a, E& e) {
    a("gtin", e.gtin);
    a("serial", e.serial);
    a("way", e.way);
    a("lot", e.lot_key);
    a("expires_on", e.expires_on);
    a("location", e.location);
    a("container", e.container);
    a("document", e.document);
    a("line", e.line);
    a("order", e.order);
    a("order_line", e.order_line);
    a("owner", e.owner);
    a("origin", e.origin);
    a("capture", e.capture);
    a("confidence", e.confidence);
}

template <class A, Is<LotSeen> E>
void describe(A& a, E& e) {
    a("gtin", e.gtin);
    a("lot", e.lot_key);
    a("raw", e.raw);
    a("expires_on", e.expires_on);
    a("best_before", e.best_before);
    a("supplier", e.supplier);
    a("sell_by", e.sell_by);
    a("produced_on", e.produced_on);
    a("packed_on", e.packed_on);
    a("expires_at", e.expires_at);
    a("mfr_lot", e.mfr_lot);
    a("own", e.own);
    a("po", e.po);
    a("assigned_for", e.assigned_for);
}

template <class A, Is<BalanceMoved> E>
void describe(A& a, E& e) {
    a("gtin", e.gtin);
    a("lot", e.lot_key);
    a("from", e.from);
    a("to", e.to);
    a("quantity", e.quantity);
    a("owner", e.owner);
}

template <class A, Is<LineDone> E>
void describe(A& a, E& e) {
    a("document", e.document);
    a("line", e.line);
    a("done", e.done);
    a("shipped", e.shipped);
}

template <class A, Is<DocumentState> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("state", e.state);
}

template <class A, Is<ContainerSet> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("sscc", e.sscc);
    a("kind", e.kind);
    a("state", e.state);
    a("document", e.document);
    a("station", e.station);
    a("label", e.label);
    a("lane", e.lane);
    a("parent", e.parent);
    a("location", e.location);
}

template <class A, Is<StationSet> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("document", e.document);
    a("carton", e.carton);
    a("place", e.place);
}

template <class A, Is<HoldPlaced> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("reason", e.reason);
    a("class", e.recall_class);
    a("target", e.target);
    a("placed_by", e.placed_by);
    a("note", e.note);
}

template <class A, Is<HoldLifted> E>
void describe(A& a, E& e) {
    a("id", e.id);
}

template <class A, Is<CaseOpened> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("kind", e.kind);
    a("subject", e.subject);
    a("told", e.told);
    a("who", e.who);
    a("decisions", e.decisions);
    a("hold", e.hold);
    a("due", e.due);
}

template <class A, Is<CaseClosed> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("decision", e.decision);
    a("decided_by", e.decided_by);
    a("reason", e.reason);
}

template <class A, Is<SsccTaken> E>
void describe(A& a, E& e) {
    a("range", e.range);
    a("number", e.number);
}

template <class A, Is<NumberTaken> E>
void describe(A& a, E& e) {
    a("kind", e.kind);
    a("range", e.range);
    a("number", e.number);
}

template <class A, Is<LabelSet> E>
void describe(A& a, E& e) {
    a("subject", e.subject);
    a("state", e.state);
    a("copies", e.copies);
    a("replaced_by", e.replaced_by);
    a("reason", e.reason);
}

template <class A, Is<EffectMoved> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("printer", e.printer);
    a("because", e.because);
}

template <class A, Is<EffectSet> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("state", e.state);
    a("because", e.because);
    a("lane", e.lane);
}

template <class A, Is<Descends> E>
void describe(A& a, E& e) {
    a("child", e.child);
    a("parent", e.parent);
    a("how", e.how);
    a("quantity", e.quantity);
}

template <class A, Is<DocumentMade> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("kind", e.kind);
    a("party", e.party);
}

template <class A, Is<Missed> E>
void describe(A& a, E& e) {
    a("subject", e.subject);
    a("place", e.place);
    a("times", e.times);
}

template <class A, Is<Graded> E>
void describe(A& a, E& e) {
    a("subject", e.subject);
    a("grade", e.grade);
    a("route", e.route);
}

template <class A, Is<CountSet> E>
void describe(A& a, E& e) {
    a("place", e.place);
    a("station", e.station);
    a("is_open", e.is_open);
}

template <class A, Is<Counted> E>
void describe(A& a, E& e) {
    a("place", e.place);
    a("subject", e.subject);
    a("quantity", e.quantity);
}

template <class A, Is<UnitsPulled> E>
void describe(A& a, E& e) {
    a("target", e.target);
}

template <class A, Is<Promised> E>
void describe(A& a, E& e) {
    a("order", e.order);
    a("line", e.line);
    a("gtin", e.gtin);
    a("lot", e.lot_key);
    a("quantity", e.quantity);
}

template <class A, Is<UnitPromised> E>
void describe(A& a, E& e) {
    a("gtin", e.gtin);
    a("serial", e.serial);
    a("order", e.order);
    a("line", e.line);
}

template <class A, Is<DocumentReleased> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("station", e.station);
}

template <class A, Is<OutageSet> E>
void describe(A& a, E& e) {
    a("kind", e.kind);
    a("subject", e.subject);
    a("station", e.station);
    a("since", e.since);
    a("until", e.until);
}

template <class A, Is<ImportSet> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("kind", e.kind);
    a("state", e.state);
    a("changed", e.changed);
}

template <class A, Is<BadgeShown> E>
void describe(A& a, E& e) {
    a("station", e.station);
    a("badge", e.badge);
    a("second_badge", e.second_badge);
    a("reason", e.reason);
    a("at", e.at);
}

template <class A, Is<PinTried> E>
void describe(A& a, E& e) {
    a("badge", e.badge);
    a("wrong", e.wrong);
    a("locked_until", e.locked_until);
}

template <class A, Is<ArchiveMade> E>
void describe(A& a, E& e) {
    a("first", e.first);
    a("last", e.last);
    a("opening", e.opening);
    a("closing", e.closing);
    a("until", e.until);
    a("file", e.file);
    a("digest", e.digest);
}

template <class A, Is<rules::Authority> E>
void describe(A& a, E& e) {
    a("badge", e.badge);
    a("role", e.role);
    a("reason", e.reason);
    a("second_badge", e.second_badge);
    a("second_role", e.second_role);
    a("code", e.code);
    a("by_badge", e.is_by_badge);
    a("wrong_pin", e.wrong_pin);
}

template <class A, Is<SeenBody> E>
void describe(A& a, E& e) {
    a("device", e.device);
    a("raw", e.raw);
    a("raw_hex", e.raw_hex);
    a("aim", e.aim);
    a("read_at", e.read_at);
    a("age_ms", e.age_ms);
    a("no_read", e.no_read);
    a("parse_error", e.parse_error);
    a("parse_told", e.parse_told);
    a("codes", e.codes);
    a("warnings", e.warnings);
    a("capture", e.capture);
}

template <class A, Is<WhatBody> E>
void describe(A& a, E& e) {
    a("gtin", e.gtin);
    a("serial", e.serial);
    a("lot", e.lot);
    a("expires_on", e.expires_on);
    a("best_before", e.best_before);
    a("sell_by", e.sell_by);
    a("produced_on", e.produced_on);
    a("packed_on", e.packed_on);
    a("expires_at", e.expires_at);
    a("gln", e.gln);
    a("sscc", e.sscc);
    a("quantity", e.quantity);
    a("plain", e.plain);
    a("product_codes", e.product_codes);
}

template <class A, Is<UnderBody> E>
void describe(A& a, E& e) {
    a("policy", e.policy);
    a("main", e.main);
    a("urgent", e.urgent);
    a("main_age_s", e.main_age_s);
    a("urgent_age_s", e.urgent_age_s);
    a("clock", e.clock);
    a("boot", e.boot);
    a("mono_ms", e.mono_ms);
    a("site_date", e.site_date);
}

template <class A, Is<rules::Verdict> E>
void describe(A& a, E& e) {
    a("decision", e.decision);
    a("code", e.code);
    a("rule", e.rule);
    a("told", e.told);
    a("override", e.override_class);
    a("overruled", e.overruled);
}

template <class A, Is<PrintRequest> E>
void describe(A& a, E& e) {
    a("printer", e.printer);
    a("template", e.label_template);
    a("fields", e.fields);
    a("stale_after", e.stale_after);
}

template <class A, Is<DivertRequest> E>
void describe(A& a, E& e) {
    a("conveyor", e.conveyor);
    a("point", e.point);
    a("sequence", e.sequence);
    a("tracking_id", e.tracking_id);
    a("lane", e.lane);
    a("reason", e.reason);
    a("deadline", e.deadline);
}

template <class A, Is<EffectBody> E>
void describe(A& a, E& e) {
    a("id", e.id);
    a("kind", e.kind);
    a("subject", e.subject);
    a("print", e.print);
    a("divert", e.divert);
}

template <class A, Is<ConsideredStock> E>
void describe(A& a, E& e) {
    a("lot", e.lot);
    a("serial", e.serial);
    a("place", e.place);
    a("expires_on", e.expires_on);
    a("quantity", e.quantity);
    a("said", e.said);
}

template <class A, Is<ConsideredBody> E>
void describe(A& a, E& e) {
    a("line", e.line);
    a("gtin", e.gtin);
    a("rotation", e.rotation);
    a("said_by", e.said_by);
    a("delivered_on", e.delivered_on);
    a("min_life_days", e.min_life_days);
    a("stock", e.stock);
}

template <class A, Is<AttemptBody> E>
void describe(A& a, E& e) {
    a("at", e.at);
    a("step", e.step);
    a("seen", e.seen);
    a("what", e.what);
    a("under", e.under);
    a("override", e.overriding);
    a("verdict", e.verdict);
    a("findings", e.findings);
    a("did", e.did);
    a("document", e.document);
    a("progress", e.progress);
    a("subject", e.subject);
    a("changes", e.changes);
    a("effects", e.effects);
    a("mentions", e.mentions);
    a("considered", e.considered);
}

template <class A, Is<OperationBody> E>
void describe(A& a, E& e) {
    a("at", e.at);
    a("kind", e.kind);
    a("arguments", e.arguments);
    a("authority", e.authority);
    a("under", e.under);
    a("verdict", e.verdict);
    a("did", e.did);
    a("document", e.document);
    a("subject", e.subject);
    a("changes", e.changes);
    a("effects", e.effects);
    a("mentions", e.mentions);
}

template <class A, Is<ReportBody> E>
void describe(A& a, E& e) {
    a("at", e.at);
    a("effect", e.effect);
    a("state", e.state);
    a("because", e.because);
    a("printer", e.printer);
    a("lane", e.lane);
    a("case", e.case_id);
    a("decision", e.decision);
    a("reason", e.reason);
    a("refusal", e.refusal);
    a("changes", e.changes);
    a("effects", e.effects);
    a("mentions", e.mentions);
}

}  // namespace lotgate::store
