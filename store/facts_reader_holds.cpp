// Which open holds cover what is scanned: those on the goods, their product and lot, what they
// stand in, the documents they belong to, and what they were made of.

#include "store/facts_reader.hpp"
#include "store/facts_rows.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace lotgate::store {

using rules::Facts;
using rules::Intent;

void FactsReader::read_holds(const rules::Attempt& attempt, Facts& facts) {
    std::vector<std::string> targets;
    const bool is_unit = facts.intent == Intent::take_unit || facts.intent == Intent::route_return;
    if (is_unit && attempt.what.gtin) add_unit_targets(attempt, facts, targets);
    const bool moves_carton =
        facts.intent == Intent::route_carton || facts.intent == Intent::load_carton ||
        facts.intent == Intent::move_container || facts.intent == Intent::put_on_pallet ||
        (facts.intent == Intent::each_part && attempt.step == rules::Step::pick);
    // Goods that come off a pallet stay held by what holds them; a held pallet is left whole.
    if (facts.pallet) {
        if (facts.comes_off) targets.clear();
        targets.push_back(container_target(facts.pallet->sscc));
        if (facts.comes_off) return add_holds(std::move(targets), facts);
    }
    if (moves_carton && facts.carton) add_carton_targets(facts, targets);
    const rules::DocumentFacts* in_hand = facts.document ? &*facts.document : nullptr;
    if (facts.intent == Intent::open_document) in_hand = &*facts.scanned_document;
    if (in_hand != nullptr && (!facts.unit || facts.unit->document != in_hand->id))
        targets.push_back(document_target(in_hand->id));
    add_holds(std::move(targets), facts);
}

void FactsReader::add_unit_targets(const rules::Attempt& attempt,
                                   const Facts& facts,
                                   std::vector<std::string>& targets) {
    const std::string& gtin = attempt.what.gtin->text();
    targets.push_back(product_target(gtin));
    if (attempt.what.serial) targets.push_back(unit_key(gtin, attempt.what.serial->as_labelled()));
    const std::string key = facts.lot_key(attempt);
    if (!key.empty()) targets.push_back(lot_target(gtin, key));
    if (!facts.unit) return;
    if (!facts.unit->container.empty()) {
        for (const std::string& sscc : ssccs_over(facts.unit->container))
            targets.push_back(container_target(sscc));
    }
    if (!facts.unit->document.empty()) targets.push_back(document_target(facts.unit->document));
}

void FactsReader::add_carton_targets(const Facts& facts, std::vector<std::string>& targets) {
    for (const std::string& sscc : ssccs_over(facts.carton->id))
        targets.push_back(container_target(sscc));
    for (const rules::CartonFacts& container : facts.inside)
        targets.push_back(container_target(container.sscc));
    std::set<std::string> shared;
    for (const rules::ContentFacts& content : facts.contents) {
        if (!content.serial.empty()) targets.push_back(unit_key(content.gtin, content.serial));
        if (!content.unit.document.empty()) shared.insert(document_target(content.unit.document));
        shared.insert(lot_target(content.gtin, content.lot_key));
        shared.insert(product_target(content.gtin));
    }
    targets.insert(targets.end(), shared.begin(), shared.end());
}

// A hold on what goods were made of, placed before or after, is a hold on the goods.
void FactsReader::add_ancestors(std::vector<std::string>& targets) {
    if (!projections_->has_lineage()) return;
    std::set<std::string> seen(targets.begin(), targets.end());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (!targets[i].starts_with("unit:") && !targets[i].starts_with("lot:")) continue;
        std::vector<std::string> parents;
        for (auto rows = parents_(targets[i]); rows.next();) parents.push_back(rows.text(0));
        for (std::string& parent : parents)
            if (seen.insert(parent).second) targets.push_back(std::move(parent));
    }
}

void FactsReader::add_holds(std::vector<std::string> targets, Facts& facts) {
    static const std::string none;
    add_ancestors(targets);
    const auto target = [&](std::size_t i) -> const std::string& {
        return i < targets.size() ? targets[i] : none;
    };
    for (std::size_t i = 0; i < targets.size(); i += targets_at_once)
        for (auto rows =
                 holds_(target(i), target(i + 1), target(i + 2), target(i + 3), target(i + 4));
             rows.next();)
            facts.holds.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3)});
    const auto by_id = [](const rules::HoldFacts& a, const rules::HoldFacts& b) {
        return a.id < b.id;
    };
    const auto same_id = [](const rules::HoldFacts& a, const rules::HoldFacts& b) {
        return a.id == b.id;
    };
    std::sort(facts.holds.begin(), facts.holds.end(), by_id);
    const auto end = std::unique(facts.holds.begin(), facts.holds.end(), same_id);
    facts.holds.erase(end, facts.holds.end());
}

}  // namespace lotgate::store
