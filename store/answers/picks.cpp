// The pick list of an order: what is still to be fetched, in the order of the rotation, and what is
// not there. The same reading and the same pure functions as at a pick station.

#include "store/answers/answers.hpp"
#include "store/order_reader.hpp"
#include "store/rules/need.hpp"

#include <boost/json.hpp>

namespace lotgate::store {

namespace {

std::optional<rules::DocumentFacts> order_named(sqlite::Database& db, const std::string& id) {
    sqlite::Statement read(db,
                           "SELECT id,kind,state,party,quantity,done,ship_by,deliver_by,station "
                           "FROM document WHERE id=? AND kind='order'");
    auto rows = read(id);
    if (!rows.next()) return std::nullopt;
    rules::DocumentFacts order;
    order.id = rows.text(0);
    order.kind = rows.text(1);
    order.state = rows.text(2);
    order.party = rows.text(3);
    order.quantity = rows.integer(4);
    order.done = rows.integer(5);
    order.ship_by = rows.text(6);
    order.deliver_by = rows.text(7);
    order.station = rows.text(8);
    return order;
}

json::object pick_line(const rules::Candidate& pick) {
    json::object line;
    line["lot"] = pick.lot_raw;
    line["serial"] = pick.serial;
    line["place"] = pick.place;
    line["quantity"] = pick.quantity;
    line["expires_on"] =
        pick.expires_on ? json::value(to_string(*pick.expires_on)) : json::value(nullptr);
    return line;
}

// Promised units first: they are this order's whatever else stands on the shelf.
json::array promised_lines(Shelf& shelf, const std::string& order, const rules::AskFacts& ask) {
    json::array lines;
    for (const rules::PromiseFacts& promise : shelf.promised(order, ask.gtin)) {
        if (promise.line != ask.line) continue;
        json::object line;
        line["lot"] = promise.lot_raw.empty() ? promise.lot_key : promise.lot_raw;
        line["serial"] = promise.serial;
        line["place"] = promise.place;
        line["quantity"] = promise.quantity;
        lines.emplace_back(std::move(line));
    }
    return lines;
}

}  // namespace

Result<json::object> picks_of(sqlite::Database& database,
                              const std::string& id,
                              const PickTerms& terms) {
    rules::Facts facts;
    facts.document = order_named(database, id);
    if (!facts.document)
        return fail(FaultCode::invalid_input, "no order is called so at this site", id);
    CatalogueReader catalogue(database);
    OrderReader reader(database, catalogue);
    facts.party = catalogue.party(facts.document->party);
    facts.lines = reader.lines_of(id);
    rules::Attempt attempt;
    attempt.step = rules::Step::pick;
    attempt.policy = terms.policy;
    attempt.site_date = terms.site_date;
    attempt.ship_date = terms.ship_date;
    json::array lines;
    std::int64_t missing = 0;
    for (rules::AskFacts& ask :
         reader.asks(attempt, facts, OrderReader::Promises::count_as_asked)) {
        json::object line;
        const rules::Directed directed = rules::direct(std::move(ask.candidates), ask.need);
        missing += directed.missing;
        line["line"] = ask.line;
        line["gtin"] = ask.gtin;
        line["product"] = ask.product_name;
        line["wanted"] = ask.need.quantity + ask.promised;
        line["missing"] = directed.missing;
        line["rotation"] = rules::name_of(ask.need.rotation);
        line["min_life_days"] = ask.need.min_life_days;
        json::array picks = promised_lines(reader.shelf(), id, ask);
        line["promised"] = std::move(picks);
        json::array free;
        for (const rules::Candidate& pick : directed.picks) free.push_back(pick_line(pick));
        line["picks"] = std::move(free);
        lines.emplace_back(std::move(line));
    }
    json::object answer;
    answer["order"] = id;
    answer["state"] = facts.document->state;
    answer["customer"] = facts.document->party;
    answer["station"] = facts.document->station;
    answer["done"] = facts.document->done;
    answer["quantity"] = facts.document->quantity;
    answer["delivered_on"] = to_string(rules::planned_delivery(facts, attempt));
    answer["missing"] = missing;
    answer["lines"] = std::move(lines);
    return answer;
}

}  // namespace lotgate::store
