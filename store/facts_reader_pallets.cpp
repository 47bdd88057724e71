// What is read where pallets are built and taken apart, and where a container is done piece by
// piece: loaded, taken back or counted by one scan of its number.

#include "store/events/bodies.hpp"
#include "store/facts_reader.hpp"
#include "store/facts_rows.hpp"
#include "store/projections/feed_fold.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace lotgate::store {

using rules::Facts;
using rules::Intent;

namespace {

rules::PartFacts part_of(const rules::ContentFacts& content) {
    rules::PartFacts part;
    part.gtin = content.gtin;
    part.serial = content.serial;
    part.lot = content.lot_raw;
    part.quantity = content.quantity;
    return part;
}

// Pieces that the photo-eye saw and no scanner read, as long as nobody has seen to it.
std::int64_t unread_at(sqlite::Database& db, const std::string& station) {
    sqlite::Statement unread(
        db, "SELECT count FROM \"case\" WHERE kind='NOREAD' AND subject=? AND status='open'");
    auto rows = unread("station:" + station);
    return rows.next() ? rows.integer(0) : 0;
}

}  // namespace

// The station keeps its pallet where others keep their carton.
void FactsReader::read_palletise(const rules::Attempt& attempt, Facts& facts) {
    read_station(attempt, facts);
    std::string_view in_hand = facts.station_carton;
    facts.comes_off = in_hand.starts_with(station_off);
    if (facts.comes_off) in_hand.remove_prefix(station_off.size());
    if (!in_hand.empty()) facts.pallet = carton_by(container_id_, std::string(in_hand));
    if (facts.pallet) read_load(facts);
    if (facts.pallet) facts.counted_so_far = unread_at(*database_, attempt.station);
    const rules::ScannedIdentity& what = attempt.what;
    if (what.sscc) return read_pallet_number(attempt, facts);
    if (what.gtin) return read_pallet_goods(attempt, facts);
    if (what.plain == new_pallet_code) {
        facts.intent = Intent::open_pallet;
        facts.carton_will_close = true;
        read_range(facts);
    } else if (what.plain == close_carton_code) {
        facts.intent = Intent::close_pallet;
    } else if (what.plain == off_pallet_code || what.plain == onto_pallet_code) {
        facts.intent = Intent::turn_pallet;
        facts.spoken = what.plain;
    } else {
        read_location_code(attempt, facts);
    }
}

void FactsReader::read_pallet_number(const rules::Attempt& attempt, Facts& facts) {
    facts.carton = carton_by(container_sscc_, attempt.what.sscc->text());
    if (facts.pallet && facts.carton && facts.carton->id == facts.pallet->id) {
        facts.intent = Intent::close_pallet;
        return;
    }
    const bool is_case = facts.carton && facts.carton->kind == "carton";
    const bool goes_on = facts.pallet && facts.carton;
    facts.intent = is_case || goes_on ? Intent::put_on_pallet : Intent::open_pallet;
    if (!facts.carton) return;
    read_contents(facts);
    for (auto rows = over_(facts.carton->id); rows.next();)
        if (rows.view(0) != facts.carton->id) facts.over.push_back(rows.text(0));
}

void FactsReader::read_pallet_goods(const rules::Attempt& attempt, Facts& facts) {
    facts.intent = Intent::take_unit;
    read_goods(attempt, facts);
    if (!facts.product || facts.is_serialised() || !facts.pallet) return;
    const std::string gtin = attempt.what.gtin->text();
    const std::string key = facts.lot_key(attempt);
    if (facts.comes_off) return read_stock_in(facts.pallet->id, attempt, facts);
    for (auto rows = unstored_(gtin, key); rows.next();)
        facts.stock.push_back({rows.text(0), rows.integer(1), rows.text(2)});
}

// The scanned lot, as far as it stands in this container.
void FactsReader::read_stock_in(const std::string& container,
                                const rules::Attempt& attempt,
                                Facts& facts) {
    const std::string& gtin = attempt.what.gtin->text();
    const std::string key = facts.lot_key(attempt);
    const std::string place = "carton:" + container;
    for (auto rows = balances_in_(place); rows.next();)
        if (rows.view(0) == gtin && rows.view(1) == key)
            facts.stock.push_back({place, rows.integer(2), rows.text(6)});
}

void FactsReader::read_load(Facts& facts) {
    auto rows = load_(facts.pallet->id);
    if (!rows.next()) return;
    facts.load.containers = rows.integer(0);
    facts.load.packed = rows.integer(1);
    facts.load.is_of_many_orders = rows.integer(3) > 1;
    if (!facts.load.is_of_many_orders) facts.load.document = rows.text(2);
    facts.load.units = rows.integer(4);
}

// At a door: the cartons on it, and whatever stands on it loose.
void FactsReader::read_loaded_parts(Facts& facts) {
    read_contents(facts);
    std::vector<std::string> cartons;
    for (const rules::CartonFacts& container : facts.inside) {
        if (container.kind != "carton") continue;
        rules::PartFacts part;
        part.sscc = container.sscc;
        facts.parts.push_back(std::move(part));
        cartons.push_back(container.id);
    }
    for (const rules::ContentFacts& content : facts.contents) {
        const bool is_packed =
            std::find(cartons.begin(), cartons.end(), content.unit.container) != cartons.end();
        if (!is_packed) facts.parts.push_back(part_of(content));
    }
    // Each is judged by itself.
    facts.contents.clear();
}

// At a receiving door, where the announcement says what stands on what: the number of a pallet, or
// of a case on one, stands for all that was announced in it and has not come yet.
void FactsReader::read_announced_parts(Facts& facts) {
    if (!facts.carton || facts.carton->kind != "inbound") return;
    if (auto nested = is_nested_(facts.carton->sscc); !nested.next()) return;
    read_contents(facts);
    if (!facts.carton->parent.empty())
        facts.pallet = carton_by(container_id_, facts.carton->parent);
    for (const rules::ContentFacts& content : facts.contents) {
        if (content.state != UnitState::expected) continue;
        rules::PartFacts part = part_of(content);
        part.expires_on = content.unit.expires_on;
        part.announced =
            rules::Announced{content.unit.container, content.unit.document, content.unit.line};
        facts.parts.push_back(std::move(part));
    }
    facts.contents.clear();
    add_announced_goods(facts.carton->id, facts);
    for (const rules::CartonFacts& container : facts.inside)
        add_announced_goods(container.id, facts);
}

void FactsReader::add_announced_goods(const std::string& container, Facts& facts) {
    for (auto rows = announced_goods_(container); rows.next();) {
        rules::PartFacts part;
        part.announced = rules::Announced{container, rows.text(0), rows.integer(1)};
        part.gtin = rows.text(2);
        part.lot = rows.text(3);
        part.expires_on = date_in(rows, 4);
        part.quantity = rows.integer(5);
        facts.parts.push_back(std::move(part));
    }
}

// What left in it and is still away: its units, and of counted goods what its loading took along.
void FactsReader::read_returned_container(const rules::Attempt& attempt, Facts& facts) {
    facts.intent = Intent::each_part;
    facts.carton = carton_by(container_sscc_, attempt.what.sscc->text());
    if (!facts.carton) return;
    if (!facts.station_document.empty()) facts.document = document(facts.station_document);
    read_contents(facts);
    for (const rules::ContentFacts& content : facts.contents)
        if (content.state == UnitState::shipped) facts.parts.push_back(part_of(content));
    facts.contents.clear();
    add_left_goods(*facts.carton, facts);
    for (const rules::CartonFacts& container : facts.inside) add_left_goods(container, facts);
}

void FactsReader::add_left_goods(const rules::CartonFacts& carton, Facts& facts) {
    if (carton.state != "SHIPPED") return;
    const std::string place = "carton:" + carton.id;
    for (auto rows = loading_(container_target(carton.sscc)); rows.next();) {
        const auto body = read_attempt_body(rows.view(0));
        if (!body || body->did != "shipped") continue;
        for (const Change& change : body->changes) {
            const auto* moved = std::get_if<BalanceMoved>(&change);
            if (moved == nullptr || moved->from != place) continue;
            const auto known = lot(moved->gtin, moved->lot_key);
            rules::PartFacts part;
            part.gtin = moved->gtin;
            part.lot = known ? known->raw : moved->lot_key;
            part.quantity = moved->quantity;
            facts.parts.push_back(std::move(part));
        }
        return;
    }
}

// All that stands on a pallet, for the order in hand. What the order has fetched of it before is
// done, and what was only announced is not there.
void FactsReader::read_picked_container(const rules::Attempt& attempt, Facts& facts) {
    facts.carton = carton_by(container_sscc_, attempt.what.sscc->text());
    if (facts.carton && facts.carton->kind == "carton") return;
    facts.intent = Intent::each_part;
    if (!facts.carton) return;
    read_contents(facts);
    for (const rules::ContentFacts& content : facts.contents) {
        const bool is_unit = !content.serial.empty();
        const bool is_done = content.state == UnitState::picked && facts.document &&
                             content.unit.order == facts.document->id;
        if (is_unit && (is_done || !rules::is_on_site(content.state))) continue;
        rules::PartFacts part = part_of(content);
        part.taken_from = content.unit.container;
        facts.parts.push_back(std::move(part));
    }
    facts.contents.clear();
}

// Counted goods on it are compared only while its place is being counted.
void FactsReader::read_counted_container(const rules::Attempt& attempt, Facts& facts) {
    facts.intent = Intent::each_part;
    facts.carton = carton_by(container_sscc_, attempt.what.sscc->text());
    facts.count_place = attempt.station;
    if (auto rows = count_place_(attempt.station); rows.next()) {
        facts.count_place = rows.text(0);
        facts.is_counting = true;
    }
    if (!facts.carton) return;
    read_contents(facts);
    for (const rules::ContentFacts& content : facts.contents) {
        const bool is_unit = !content.serial.empty();
        const bool is_here =
            rules::is_on_site(content.state) || content.state == UnitState::missing;
        if (is_unit ? is_here : facts.is_counting) facts.parts.push_back(part_of(content));
    }
    facts.contents.clear();
}

// The books of a counted lot (rule R-31). One that stands at very many places is left to the
// nightly look: a scan does not wait for it. Where quality has lifted the hold, it goes on.
std::optional<rules::BrokenFacts> FactsReader::broken(const std::string& gtin,
                                                      const std::string& key) {
    constexpr std::int64_t places_max = 200;
    rules::BrokenFacts lot{gtin, key, {}, 0, 0};
    {
        auto rows = lot_received_(gtin, key);
        if (!rows.next()) return std::nullopt;
        lot.received = rows.integer(0);
        lot.lot_raw = rows.text(1);
    }
    {
        auto rows = sum_of_lot_(gtin, key);
        if (!rows.next() || rows.integer(0) == places_max) return std::nullopt;
        lot.found = rows.integer(1);
    }
    if (lot.found == lot.received) return std::nullopt;
    sqlite::Statement lifted(*database_,
                             "SELECT 1 FROM hold WHERE target=? AND reason='conflict' AND "
                             "placed_by IN ('rule R-31','gateway') AND lifted_seq IS NOT NULL");
    if (auto rows = lifted(lot_target(gtin, key)); rows.next()) return std::nullopt;
    return lot;
}

void FactsReader::read_broken(const rules::Attempt& attempt, Facts& facts) {
    const auto look_at = [&](const std::string& gtin, const std::string& key) {
        if (!key.empty() && !facts.broken) facts.broken = broken(gtin, key);
    };
    if (facts.intent == Intent::take_unit && facts.product && !facts.is_serialised() &&
        attempt.what.gtin)
        look_at(attempt.what.gtin->text(), facts.lot_key(attempt));
    for (const rules::ContentFacts& content : facts.contents)
        if (content.serial.empty()) look_at(content.gtin, content.lot_key);
}

}  // namespace lotgate::store
