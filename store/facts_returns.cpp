// What is known at the returns and the count stations.

#include "store/facts_reader.hpp"
#include "store/projections/feed_fold.hpp"

namespace lotgate::store {

using rules::Facts;
using rules::Intent;

// A return document, or the order the goods were shipped for.
bool FactsReader::opens_return(const rules::Attempt& attempt, Facts& facts) {
    if (attempt.what.plain.empty()) return false;
    if (attempt.what.plain.starts_with(grade_code)) {
        facts.intent = Intent::choose_grade;
        facts.spoken = attempt.what.plain.substr(grade_code.size());
        return true;
    }
    facts.scanned_document = document(attempt.what.plain);
    if (!facts.scanned_document) return true;
    const std::string& kind = facts.scanned_document->kind;
    if (kind == "rma" || kind == "order") facts.intent = Intent::open_document;
    return true;
}

void FactsReader::read_return(const rules::Attempt& attempt, Facts& facts) {
    const std::string gtin = attempt.what.gtin->text();
    if (!facts.station_document.empty()) {
        facts.document = document(facts.station_document);
        read_lines(facts.station_document, gtin, facts);
    }
    if (facts.unit && attempt.what.serial)
        if (auto rows = grade_(unit_key(gtin, attempt.what.serial->as_labelled())); rows.next())
            facts.return_route = rows.text(0);
    if (facts.unit && !facts.unit->order.empty()) facts.shipped_by = document(facts.unit->order);
    if (!facts.product || facts.is_serialised() || !facts.document) return;
    std::string only = facts.document->kind == "order" ? facts.document->id : facts.document->ref;
    for (auto rows = shipped_stock_(gtin, facts.lot_key(attempt)); rows.next();) {
        const std::string order(rows.view(0).substr(std::string_view("shipped:").size()));
        if (!only.empty() && order != only) continue;
        const auto shipped_for = document(order);
        if (!shipped_for || shipped_for->party != facts.document->party) continue;
        facts.shipped_stock.push_back({rows.text(0), rows.integer(1), rows.text(2)});
    }
}

void FactsReader::read_grade(const rules::Attempt& attempt, Facts& facts) {
    if (!facts.unit || facts.unit->state != UnitState::returned) return;
    auto rows = grade_(unit_key(attempt.what.gtin->text(), attempt.what.serial->as_labelled()));
    if (rows.next()) facts.return_route = rows.text(0);
}

void FactsReader::read_counting(const rules::Attempt& attempt, Facts& facts) {
    facts.count_place = attempt.station;
    auto rows = count_place_(attempt.station);
    if (!rows.next()) return;
    facts.count_place = rows.text(0);
    facts.is_counting = true;
    const std::string name = lot_target(attempt.what.gtin->text(), facts.lot_key(attempt));
    if (auto seen = counted_(facts.count_place, name); seen.next())
        facts.counted_so_far = seen.integer(0);
}

}  // namespace lotgate::store
