#pragma once

// What a rule is not asked about it says nothing about: facts against which each rule speaks, with
// another meaning of the read, and with one thing after the other not known.

#include "store/rules/every_rule.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace lotgate::rules::guards {

using enum Intent;

inline Date day(const char* iso) {
    return *parse_date(iso);
}

struct Scene {
    Facts facts;
    Attempt attempt;
    std::shared_ptr<StationPolicy> policy = std::make_shared<StationPolicy>();
};

// A unit of lot L-2 that stands in the rack, for one line of order SO-1 and carton C-1.
inline Scene everything() {
    Scene scene;
    Facts& facts = scene.facts;
    facts.product = ProductFacts{};
    facts.product->name = "Romaine";
    facts.product->serial_tracked = true;
    facts.product->lot_tracked = true;
    facts.lot = LotFacts{};
    facts.lot->raw = "L-2";
    facts.unit = UnitFacts{};
    facts.unit->state = UnitState::in_inventory;
    facts.document = DocumentFacts{};
    facts.document->id = "SO-1";
    facts.document->kind = "order";
    facts.document->state = "open";
    facts.document->quantity = 5;
    facts.scanned_document = facts.document;
    LineFacts line;
    line.gtin = "09506000134352";
    line.quantity = 5;
    facts.lines = {line};
    facts.carton = CartonFacts{};
    facts.carton->id = "C-1";
    facts.carton->kind = "carton";
    facts.carton->state = "OPEN";
    facts.carton->station = "ST-1";
    facts.party = PartyFacts{};
    Attempt& attempt = scene.attempt;
    attempt.station = "ST-1";
    attempt.site_date = day("2026-11-22");
    attempt.policy = scene.policy;
    attempt.what.gtin = *Gtin::parse("09506000134352");
    attempt.what.serial = *Serial::parse("S-1");
    attempt.what.lot = *Lot::parse("L-2");
    return scene;
}

struct Row {
    const char* id;
    RuleFunction rule;
    const char* code;
    Step step;
    std::set<Intent> of;  // none: whatever the read means
    const char* needs;    // without it the rule is silent
    const char* spares;   // without it the rule speaks all the same
    void (*make)(Scene& scene);
};

inline void take_away(Scene& scene, const std::string& what) {
    Facts& facts = scene.facts;
    if (what == "product") facts.product.reset();
    if (what == "document") facts.document.reset();
    if (what == "scanned") facts.scanned_document.reset();
    if (what == "unit") facts.unit.reset();
    if (what == "carton") facts.carton.reset();
    if (what == "lot") facts.lot.reset();
    if (what == "party") facts.party.reset();
    if (what == "location") facts.location.reset();
    if (what == "lines") facts.lines.clear();
    if (what == "contents") facts.contents.clear();
    if (what == "serial") scene.attempt.what.serial.reset();
    if (what == "label lot") scene.attempt.what.lot.reset();
    if (what == "sscc") scene.attempt.what.sscc.reset();
}

inline std::vector<std::string> words_of(const char* text) {
    std::istringstream from(text);
    std::vector<std::string> words;
    for (std::string word; from >> word;) words.push_back(word);
    return words;
}

inline Scene scene_of(const Row& row) {
    Scene scene = everything();
    scene.attempt.step = row.step;
    scene.facts.intent = row.of.empty() ? take_unit : *row.of.begin();
    row.make(scene);
    return scene;
}

inline void content_like_the_unit(Scene& scene) {
    ContentFacts content;
    content.gtin = "09506000134352";
    content.lot_key = "l-2";
    content.expires_on = day("2026-11-20");
    scene.facts.contents = {content};
}

inline void keeps_to_its_matter(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        for (int i = 0; i <= static_cast<int>(not_in_service); ++i) {
            Scene scene = scene_of(row);
            scene.facts.intent = static_cast<Intent>(i);
            const bool is_asked = row.of.empty() || row.of.contains(scene.facts.intent);
            INFO(row.id << " " << row.code << " when a read means " << i);
            CHECK((row.rule(scene.facts, scene.attempt).code == row.code) == is_asked);
        }
    }
}

inline void knows_what_it_needs(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        const auto code_without = [&](const std::string& what) {
            Scene scene = scene_of(row);
            take_away(scene, what == "label_lot" ? "label lot" : what);
            return row.rule(scene.facts, scene.attempt).code;
        };
        for (const std::string& what : words_of(row.needs)) {
            INFO(row.id << " " << row.code << " without " << what);
            CHECK(code_without(what).empty());
        }
        for (const std::string& what : words_of(row.spares)) {
            INFO(row.id << " " << row.code << " without " << what);
            CHECK(code_without(what) == row.code);
        }
    }
}

}  // namespace lotgate::rules::guards
