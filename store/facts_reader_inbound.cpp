// What is read for receiving, putting away and quarantine: documents, places, pallets, goods.

#include "store/facts_reader.hpp"
#include "store/facts_rows.hpp"
#include "store/ranges.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace lotgate::store {

using rules::Facts;
using rules::Intent;
using rules::Step;

namespace {

// One character added, left out, changed, or two neighbours swapped.
bool differs_in_one(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1 || a == b) return false;
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i]) ++i;
    if (a.size() < b.size()) return a.substr(i) == b.substr(i + 1);
    if (a.substr(i + 1) == b.substr(i + 1)) return true;
    return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
           a.substr(i + 2) == b.substr(i + 2);
}

}  // namespace

void FactsReader::read_receive(const rules::Attempt& attempt, Facts& facts) {
    read_station(attempt, facts);
    const rules::ScannedIdentity& what = attempt.what;
    std::string named = what.plain;
    if (what.sscc) {
        named.clear();
        if (auto rows = line_of_sscc_(what.sscc->text()); rows.next()) named = rows.text(0);
        facts.carton = carton_by(container_sscc_, what.sscc->text());
    } else if (what.gtin) {
        facts.intent = Intent::take_unit;
        read_goods(attempt, facts);
        std::string in_hand = facts.station_document;
        if (in_hand.empty() && facts.unit && facts.unit->state == UnitState::expected)
            in_hand = facts.unit->document;
        if (what.announced) in_hand = what.announced->document;
        if (in_hand.empty()) return;
        facts.document = document(in_hand);
        read_lines(in_hand, what.gtin->text(), facts);
        if (what.announced) {
            facts.station_document = in_hand;
            std::erase_if(facts.lines,
                          [&](const auto& line) { return line.line != what.announced->line; });
        }
        read_near_match(attempt, facts);
        return;
    }
    if (named.empty()) return;
    facts.scanned_document = document(named);
    if (facts.scanned_document && facts.scanned_document->kind == "asn")
        facts.intent = Intent::open_document;
    if (facts.intent == Intent::open_document && what.sscc) read_announced_parts(facts);
    // A code that is both a document and a place opens the document at a dock.
    if (!facts.scanned_document) read_location_code(attempt, facts);
}

// Goods without a lot, where the site gives them one (rule R-04): what others of this document and
// date were given before, else the next number of the leased range.
void FactsReader::read_own_lot(const rules::Attempt& attempt, Facts& facts) {
    if (attempt.step != Step::receive || facts.intent != Intent::take_unit || !facts.product)
        return;
    // Each case would need its label, and nobody has it in hand.
    if (attempt.what.announced) return;
    const bool needs_lot = facts.product->lot_tracked && facts.lot_key(attempt).empty() &&
                           facts.document && (!facts.is_serialised() || attempt.what.serial);
    const bool supplier_is_exempt =
        facts.party && facts.party->is_exempt && facts.product->is_under("fsma204");
    if (!needs_lot || !(facts.product->assign_tlc || supplier_is_exempt)) return;
    const std::string gtin = attempt.what.gtin->text();
    facts.own_lot.emplace();
    sqlite::Statement given(*database_,
                            "SELECT raw FROM lot WHERE assigned_for=? AND assigned_for<>'' AND "
                            "gtin=? AND expires_on IS ? ORDER BY lot_key LIMIT 1");
    std::optional<std::string> expires_on;
    if (attempt.what.expires_on) expires_on = to_string(*attempt.what.expires_on);
    if (auto rows = given(facts.document->id, gtin, expires_on); rows.next())
        facts.own_lot->number = rows.text(0);
    if (facts.own_lot->number.empty()) {
        const RangeFacts range =
            next_number(*database_, "lot", gtin, [&](const std::string& number) {
                return !Lot::parse(number) || lot_(gtin, lot_key_of(number)).next();
            });
        if (range.is_empty()) return;
        *facts.own_lot = {range.number(), range.id, range.next, range.left, range.low};
    }
    facts.lot = lot(gtin, lot_key_of(facts.own_lot->number));
}

// A place by its own code or by its GLN (AI 414).
void FactsReader::read_location_code(const rules::Attempt& attempt, Facts& facts) {
    const rules::ScannedIdentity& what = attempt.what;
    std::optional<rules::LocationFacts> place;
    if (!what.gln.empty()) place = catalogue_.location_of_gln(what.gln);
    if (!what.plain.empty()) place = catalogue_.location(what.plain);
    if (!place || !place->is_known) return;
    facts.location = std::move(place);
    facts.intent = Intent::choose_location;
}

void FactsReader::read_location(const rules::Attempt& attempt, Facts& facts) {
    if (facts.intent == Intent::choose_location) return;
    facts.location =
        catalogue_.location(facts.station_place.empty() ? attempt.station : facts.station_place);
    const bool is_put = attempt.step == Step::putaway || attempt.step == Step::quarantine;
    if (!is_put || facts.location->lot_mix == "allow") return;
    std::set<std::string> gtins;
    if (attempt.what.gtin) gtins.insert(attempt.what.gtin->text());
    for (const rules::ContentFacts& content : facts.contents) gtins.insert(content.gtin);
    for (const std::string& gtin : gtins)
        for (auto rows = standing_(facts.location->id, gtin); rows.next();)
            facts.standing.push_back({rows.text(0), rows.text(1), date_in(rows, 2)});
}

// Only where a serial is missing from the list is it compared with those that are on it.
void FactsReader::read_near_match(const rules::Attempt& attempt, Facts& facts) {
    if (facts.unit || !facts.is_serialised() || !attempt.what.serial || !facts.document) return;
    const bool has_list = std::any_of(
        facts.lines.begin(), facts.lines.end(), [](const auto& line) { return line.has_serials; });
    if (!has_list) return;
    const std::string& serial = attempt.what.serial->as_labelled();
    std::size_t found = 0;
    for (auto rows = near_match_(facts.document->id, attempt.what.gtin->text()); rows.next();) {
        if (!differs_in_one(serial, rows.view(0))) continue;
        facts.near_match = rows.text(0);
        ++found;
    }
    if (found != 1) facts.near_match.clear();
}

void FactsReader::read_single_unit(const rules::Attempt& attempt, Facts& facts) {
    read_station(attempt, facts);
    if (facts.station_carton.starts_with(station_grade))
        facts.station_grade = facts.station_carton.substr(station_grade.size());
    const bool puts = attempt.step == Step::putaway || attempt.step == Step::quarantine;
    if (attempt.step == Step::take_back && opens_return(attempt, facts)) return;
    if (attempt.what.sscc && attempt.step == Step::take_back)
        return read_returned_container(attempt, facts);
    if (attempt.what.sscc && attempt.step == Step::count)
        return read_counted_container(attempt, facts);
    if (!attempt.what.gtin) {
        if (puts && attempt.what.sscc) {
            facts.intent = Intent::move_container;
            facts.carton = carton_by(container_sscc_, attempt.what.sscc->text());
            if (facts.carton) read_contents(facts);
        } else if (puts) {
            read_location_code(attempt, facts);
        }
        return;
    }
    facts.intent = Intent::take_unit;
    read_goods(attempt, facts);
    if (attempt.step == Step::take_back) return read_return(attempt, facts);
    if (attempt.step == Step::count) read_counting(attempt, facts);
    read_grade(attempt, facts);
    if (!facts.product || facts.is_serialised() || facts.is_counting) return;
    if (!puts) {
        facts.intent = Intent::not_in_service;
        return;
    }
    const std::string& target = facts.station_place.empty() ? attempt.station : facts.station_place;
    for (auto rows = unstored_(attempt.what.gtin->text(), facts.lot_key(attempt)); rows.next();)
        if (rows.view(0) != target)
            facts.stock.push_back({rows.text(0), rows.integer(1), rows.text(2)});
}

// Only a scope wider than the product, or folded serials, can have a second unit of one key.
void FactsReader::read_twin(const rules::Attempt& attempt, Facts& facts) {
    const rules::ProductFacts& product = *facts.product;
    if (product.uniqueness == "product" && !product.serial_fold) return;
    const std::string& gtin = attempt.what.gtin->text();
    const std::string& serial = attempt.what.serial->as_labelled();
    std::string owner = product.owner;
    if (facts.unit)
        owner = facts.unit->owner;
    else if (facts.document && !facts.document->owner.empty())
        owner = facts.document->owner;
    auto rows = twin_(scope_of(product.uniqueness, gtin, owner),
                      serial_key_of(serial, product.serial_fold),
                      gtin,
                      serial);
    if (!rows.next()) return;
    facts.twin = rules::TwinFacts{rows.text(0),
                                  rows.text(1),
                                  rules::unit_state_named(rows.view(2)).value_or(UnitState::none)};
}

}  // namespace lotgate::store
