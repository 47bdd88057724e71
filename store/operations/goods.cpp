#include "store/operations/goods.hpp"

#include "store/events/rows_as_they_are.hpp"
#include "store/operations/table.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/rules/rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

std::string reasons_of(const std::vector<rules::HoldFacts>& holds) {
    std::string reasons;
    for (const rules::HoldFacts& hold : holds)
        reasons += (reasons.empty() ? "" : ", ") + hold.id + " " + hold.reason;
    return reasons;
}

}  // namespace

UnitMoved unit_row(const OperationDraft& draft) {
    return unit_row(
        draft.call->gtin->text(), draft.call->serial->as_labelled(), *draft.facts->unit);
}

bool unit_may_become(OperationDraft& draft, UnitState to) {
    const std::string& serial = draft.call->serial->as_labelled();
    if (!draft.facts->unit) {
        draft.refuse("SERIAL_UNKNOWN",
                     fmt::format("Serial {} was never received here. Receive it first.", serial));
        return false;
    }
    const UnitState from = draft.facts->unit->state;
    const rules::Transition* move = rules::find_transition(from, to);
    if (move == nullptr) {
        draft.refuse(fmt::format("BAD_STATE_{}_{}", rules::name_of(from), rules::name_of(to)),
                     fmt::format("Serial {} is {} and cannot become {}. {}",
                                 serial,
                                 rules::name_of(from),
                                 rules::name_of(to),
                                 rules::next_step_from(from)));
        return false;
    }
    if (move->held_may || draft.facts->holds.empty()) return true;
    draft.refuse("ON_HOLD_" + rules::code_word(draft.facts->holds.front().reason),
                 fmt::format("Serial {} is on hold ({}). It moves on when all of them are lifted.",
                             serial,
                             reasons_of(draft.facts->holds)));
    return false;
}

void leave_carton_and_order(OperationDraft& draft, UnitMoved& moved) {
    if (draft.facts->unit->state == UnitState::packed && !moved.order.empty())
        draft.body.changes.emplace_back(LineDone{moved.order, moved.order_line, -1, 0});
    if (!moved.container.empty() && draft.facts->unit->state == UnitState::packed)
        open_case(draft,
                  "CARTON_CHANGED",
                  "carton:" + moved.container,
                  fmt::format("A unit left carton {} after it was packed. Take it out, and put "
                              "another one in its place or print the label again.",
                              moved.container));
    moved.container.clear();
    moved.order.clear();
    moved.order_line = 0;
}

std::string name_goods(OperationDraft& draft) {
    const OperationCall& call = *draft.call;
    std::string name;
    if (call.gtin && call.serial)
        name = unit_key(call.gtin->text(), call.serial->as_labelled());
    else if (call.gtin && call.lot)
        name = lot_target(call.gtin->text(), call.lot->key());
    if (name.empty()) return name;
    draft.body.subject = name;
    draft.body.mentions.push_back(name);
    return name;
}

bool goods_are_named(OperationDraft& draft) {
    const OperationCall& call = *draft.call;
    if (!draft.facts->product) {
        draft.refuse("PRODUCT_UNKNOWN",
                     fmt::format("Product {} is not known here. Have it added to the products.",
                                 call.gtin->text()));
        return false;
    }
    if (draft.facts->product->serial_tracked && !call.serial) {
        draft.refuse("SERIAL_REQUIRED",
                     fmt::format("{} is taken one serial at a time. Name its serial.",
                                 draft.facts->product->name));
        return false;
    }
    if (!draft.facts->product->serial_tracked && (!call.lot || !call.quantity)) {
        draft.refuse("LOT_REQUIRED",
                     fmt::format("{} is counted by lot. Name lot and quantity.",
                                 draft.facts->product->name));
        return false;
    }
    return true;
}

bool take_counted(OperationDraft& draft, const std::string& to) {
    const OperationCall& call = *draft.call;
    const std::string& from = call.text("from");
    std::int64_t on_hand = 0;
    for (const rules::StockFacts& stock : draft.facts->stock)
        if (from.empty() || stock.place == from) on_hand += stock.quantity;
    if (on_hand < *call.quantity) {
        draft.refuse("LOT_NEGATIVE",
                     fmt::format("{} of lot {} are booked in{}, {} are wanted. Count the lot, or "
                                 "receive it first.",
                                 on_hand,
                                 call.lot->as_labelled(),
                                 from.empty() ? std::string() : " at " + from,
                                 *call.quantity));
        return false;
    }
    std::int64_t wanted = *call.quantity;
    for (const rules::StockFacts& stock : draft.facts->stock) {
        if (!from.empty() && stock.place != from) continue;
        const std::int64_t taken = std::min(wanted, stock.quantity);
        if (taken <= 0) break;
        draft.body.changes.emplace_back(
            BalanceMoved{call.gtin->text(), call.lot->key(), stock.place, to, taken, stock.owner});
        wanted -= taken;
    }
    return true;
}

void open_case(OperationDraft& draft,
               std::string_view kind,
               const std::string& subject,
               std::string told,
               const std::string& hold) {
    const rules::CaseKind* row = rules::case_kind_of(kind);
    CaseOpened opened;
    opened.id = draft.next_id();
    opened.kind = kind;
    opened.subject = subject;
    opened.told = std::move(told);
    opened.who = row == nullptr ? "supervisor" : row->who;
    opened.decisions = row == nullptr ? "handled" : row->decisions;
    opened.hold = hold;
    if (const auto limit_s = rules::case_due_s(kind))
        opened.due = Instant{draft.call->operation->at.us + *limit_s * 1'000'000};
    draft.body.changes.emplace_back(std::move(opened));
}

}  // namespace lotgate::store
