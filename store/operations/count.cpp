// Counting a place: opened, scanned (or said by quantity), closed. What was expected and not seen
// is looked for a second time before it is missing; what stands here and was booked elsewhere was
// booked here when it was scanned.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

constexpr std::size_t cases_max = 8;  // ids of one event are limited; the rest is in one card

std::string unit_of(const rules::ContentFacts& content) {
    return "unit:" + content.gtin + "/" + content.serial;
}

void miss(OperationDraft& draft, const rules::ContentFacts& content, std::int64_t times) {
    const std::string& place = draft.call->text("place");
    draft.body.changes.emplace_back(Missed{unit_of(content), place, times});
    draft.body.mentions.push_back(unit_of(content));
    if (times < 2) return;
    UnitMoved moved;
    moved.gtin = content.gtin;
    moved.serial = content.serial;
    moved.way = {content.state, UnitState::missing};
    moved.lot_key = content.unit.lot_key;
    moved.expires_on = content.unit.expires_on;
    moved.location = content.unit.location;
    moved.container = content.unit.container;
    moved.document = content.unit.document;
    moved.line = content.unit.line;
    moved.order = content.unit.order;
    moved.order_line = content.unit.order_line;
    moved.owner = content.unit.owner;
    moved.origin = content.unit.origin;
    draft.body.changes.emplace_back(std::move(moved));
}

}  // namespace

void plan_count_open(OperationDraft& draft) {
    const std::string& place = draft.call->text("place");
    if (draft.facts->count.is_open)
        return draft.refuse("COUNT_OPEN",
                            fmt::format("{} is being counted since row {}. Close that count first.",
                                        place,
                                        draft.facts->count.opened_seq));
    draft.body.changes.emplace_back(CountSet{place, draft.call->operation->station, true});
    draft.body.subject = "place:" + place;
    draft.body.mentions.push_back("place:" + place);
    draft.body.verdict.told = fmt::format(
        "{} units and {} kinds of counted goods are booked at {}. Scan what is there, "
        "then close the count.",
        draft.facts->count.units.size(),
        draft.facts->count.goods.size(),
        place);
    draft.body.did = "count_opened";
}

void plan_count_close(OperationDraft& draft) {
    const CountFacts& count = draft.facts->count;
    const std::string& place = draft.call->text("place");
    if (!count.is_open)
        return draft.refuse("COUNT_NOT_OPEN",
                            fmt::format("{} is not being counted. Open a count first.", place));
    draft.body.subject = "place:" + place;
    draft.body.mentions.push_back("place:" + place);
    std::int64_t missed_once = 0;
    std::int64_t missing = 0;
    std::string names;
    for (const CountedUnit& unit : count.units) {
        if (unit.was_seen) continue;
        miss(draft, unit.content, unit.times_missed + 1);
        (unit.times_missed == 0 ? missed_once : missing) += 1;
        if (names.size() < 200) names += (names.empty() ? "" : ", ") + unit.content.serial;
    }
    if (missed_once + missing > 0)
        open_case(
            draft,
            "COUNT_MISSING",
            "place:" + place,
            fmt::format("Counted at {}: {} not found for the first time, {} now missing ({}). "
                        "Count the place again.",
                        place,
                        missed_once,
                        missing,
                        names));
    std::size_t cases = 0;
    for (const CountedGoods& goods : count.goods) {
        const std::int64_t difference = goods.counted.value_or(0) - goods.booked;
        if (difference == 0 || ++cases > cases_max) continue;
        open_case(draft,
                  "COUNT_DIFFERS",
                  goods.name,
                  fmt::format("{} are booked at {}, {} were counted. Count again, then scrap or "
                              "adjust the difference.",
                              goods.booked,
                              place,
                              goods.counted.value_or(0)));
        draft.body.mentions.push_back(goods.name);
    }
    draft.body.changes.emplace_back(CountSet{place, {}, false});
    draft.body.verdict.told = fmt::format(
        "{} not found for the first time, {} now missing, {} "
        "kinds of counted goods differ.",
        missed_once,
        missing,
        cases);
    draft.body.did = "count_closed";
}

// What a person says a lot counts at a place while the place is being counted.
void plan_count_goods(OperationDraft& draft) {
    const std::string name = name_goods(draft);
    const std::string& place = draft.call->text("place");
    if (!goods_are_named(draft)) return;
    if (!draft.facts->count.is_open)
        return draft.refuse("COUNT_NOT_OPEN",
                            fmt::format("{} is not being counted. Open a count first.", place));
    draft.body.changes.emplace_back(Counted{place, name, *draft.call->quantity});
    draft.body.did = "counted";
}

// The books follow the count, by a person's decision: less goes to "lost", more comes from "found".
void plan_adjust(OperationDraft& draft) {
    name_goods(draft);
    const std::string& place = draft.call->text("place");
    if (!goods_are_named(draft)) return;
    if (draft.call->serial)
        return draft.refuse(
            "SERIAL_TRACKED",
            "Units are not adjusted: mark one missing, or scan it where it stands.");
    std::int64_t booked = 0;
    std::string owner;
    for (const rules::StockFacts& stock : draft.facts->stock)
        if (stock.place == place) {
            booked = stock.quantity;
            owner = stock.owner;
        }
    const std::int64_t difference = *draft.call->quantity - booked;
    if (difference == 0)
        return draft.refuse("COUNT_AGREES",
                            fmt::format("{} are booked at {}. Nothing to do.", booked, place));
    BalanceMoved moved{
        draft.call->gtin->text(), draft.call->lot->key(), place, "gone:lost", -difference, owner};
    if (difference > 0) {
        moved.from.clear();
        moved.to = place;
        moved.quantity = difference;
    }
    draft.body.changes.emplace_back(std::move(moved));
    draft.body.verdict.told =
        fmt::format("{} were booked at {}, {} are now.", booked, place, *draft.call->quantity);
    draft.body.did = "adjusted";
}

}  // namespace lotgate::store
