// What is read at decision points and doors: cartons, pallets, and goods that leave unpacked.

#include "store/facts_reader.hpp"

namespace lotgate::store {

using rules::Facts;
using rules::Intent;
using rules::Step;

// Picked goods at a door, without a carton: units know their order, counted goods leave for the
// order that was scanned before them.
void FactsReader::read_unpacked(const rules::Attempt& attempt, Facts& facts) {
    read_station(attempt, facts);
    const rules::ScannedIdentity& what = attempt.what;
    if (!what.gtin) {
        if (what.plain.empty()) return;
        facts.scanned_document = document(what.plain);
        const bool is_order = facts.scanned_document && facts.scanned_document->kind == "order";
        if (is_order && !attempt.policy->pack_verify) facts.intent = Intent::open_document;
        return;
    }
    facts.intent = Intent::take_unit;
    read_goods(attempt, facts);
    std::string order = facts.station_document;
    if (facts.is_serialised()) order = facts.unit ? facts.unit->order : std::string();
    if (order.empty()) return;
    facts.document = document(order);
    if (facts.document) read_lines(order, what.gtin->text(), facts);
}

void FactsReader::read_outgoing(const rules::Attempt& attempt, Facts& facts) {
    if (attempt.step == Step::ship && !attempt.what.sscc) return read_unpacked(attempt, facts);
    if (!attempt.what.sscc && attempt.what.gtin && attempt.what.serial) {
        facts.intent = Intent::route_return;
        read_goods(attempt, facts);
        return read_grade(attempt, facts);
    }
    if (!attempt.what.sscc) return;
    facts.intent = attempt.step == Step::divert ? Intent::route_carton : Intent::load_carton;
    facts.carton = carton_by(container_sscc_, attempt.what.sscc->text());
    if (!facts.carton) return;
    // The content of a pallet at a door is judged carton by carton.
    const bool is_carton = facts.carton->kind == "carton";
    const bool by_parts = attempt.step == Step::ship && facts.carton->kind == "pallet";
    if (by_parts) return read_loaded_parts(facts);
    if (!facts.carton->document.empty() && facts.carton->kind != "inbound") {
        facts.document = document(facts.carton->document);
        if (attempt.step == Step::ship || !is_carton) read_all_lines(facts.carton->document, facts);
    }
    read_contents(facts);
}

}  // namespace lotgate::store
