#include "store/order_reader.hpp"

#include "store/projections/feed_fold.hpp"
#include "store/rules/need.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace lotgate::store {

using rules::Facts;
using rules::Intent;
using rules::Step;

namespace {

constexpr std::size_t asks_max = 200;  // lines of one order that are looked at when it is opened

/// Of "container:<sscc>" the number; "none" where nothing took the label's place.
std::string number_of_target(const std::string& target) {
    return target.empty() ? "none" : target.substr(target.find(':') + 1);
}

bool is_bound(const rules::LineFacts& line) {
    return line.allocation == "serial" || line.allocation == "lot";
}

bool needs_lot(const rules::ProductFacts& product) {
    return product.is_under("fsma204") || product.is_under("rx") || product.is_under("dscsa") ||
           product.is_under("udi");
}

}  // namespace

OrderReader::OrderReader(sqlite::Database& db, CatalogueReader& catalogue)
    : catalogue_(&catalogue),
      shelf_(db, catalogue),
      lines_(db,
             "SELECT line,gtin,lot_key,lot_raw,quantity,done,rotation,single_lot,min_life_days,"
             "allocation FROM document_line WHERE document=? ORDER BY line"),
      void_label_(db, "SELECT replaced_by FROM label WHERE subject=? AND state='void'"),
      picked_stock_(db,
                    "SELECT place,quantity,owner FROM balance WHERE gtin=? AND lot_key=? "
                    "AND place=?") {}

void OrderReader::read(const rules::Attempt& attempt, Facts& facts) {
    if (attempt.what.sscc && !facts.carton) {
        auto rows = void_label_(container_target(attempt.what.sscc->text()));
        if (rows.next()) facts.replaced_by = number_of_target(rows.text(0));
    }
    if (facts.intent == Intent::route_carton || facts.intent == Intent::load_carton)
        return read_leaving(attempt, facts);
    if (attempt.step == Step::ship) return read_unpacked(attempt, facts);
    if (attempt.step != Step::pick && attempt.step != Step::pack) return;
    if (facts.intent == Intent::open_document) read_opened(attempt, facts);
    if (facts.intent != Intent::take_unit || !facts.document || !facts.product) return;
    read_picked(attempt, facts);
    read_taken(attempt, facts);
}

std::vector<rules::LineFacts> OrderReader::lines_of(const std::string& order) {
    std::vector<rules::LineFacts> lines;
    for (auto rows = lines_(order); rows.next();) {
        rules::LineFacts line;
        line.line = rows.integer(0);
        line.gtin = rows.text(1);
        line.lot_key = rows.text(2);
        line.lot_raw = rows.text(3);
        line.quantity = rows.integer(4);
        line.done = rows.integer(5);
        line.rotation = rows.text(6);
        line.single_lot = rows.integer(7) != 0;
        line.min_life_days = rows.integer(8);
        line.allocation = rows.text(9);
        lines.push_back(std::move(line));
    }
    return lines;
}

void OrderReader::read_opened(const rules::Attempt& attempt, Facts& facts) {
    Facts order;
    order.document = facts.scanned_document;
    order.lines = lines_of(facts.scanned_document->id);
    const bool is_asked = attempt.step == Step::pick ||
                          std::any_of(order.lines.begin(), order.lines.end(), [](const auto& line) {
                              return is_bound(line);
                          });
    if (!is_asked) return;
    order.party = catalogue_->party(facts.scanned_document->party);
    facts.asks = asks(attempt, order);
}

std::vector<rules::AskFacts> OrderReader::asks(const rules::Attempt& attempt,
                                               const Facts& facts,
                                               Promises promises) {
    std::vector<rules::AskFacts> asks;
    const auto picked = shelf_.picked(facts.document->id);
    Facts one = facts;
    for (const rules::LineFacts& line : facts.lines) {
        if (asks.size() == asks_max) break;
        one.product = catalogue_->product(line.gtin);
        if (!one.product) continue;
        rules::AskFacts ask;
        ask.line = line.line;
        ask.gtin = line.gtin;
        ask.product_name = one.product->name;
        ask.allocation = line.allocation;
        ask.is_serialised = one.product->serial_tracked;
        ask.need = rules::need_of(one, attempt, &line);
        ask.need.quantity = line.quantity - line.done;
        for (const rules::PromiseFacts& fetched : picked)
            if (fetched.gtin == line.gtin && (fetched.line == line.line || fetched.line == 0))
                ask.need.quantity -= fetched.quantity;
        for (const rules::PromiseFacts& promise : shelf_.promised(facts.document->id, line.gtin))
            if (promise.line == line.line) ask.promised += promise.quantity;
        ask.need.quantity -= ask.promised;
        const bool is_told = promises == Promises::count_as_asked && ask.promised > 0;
        if (ask.need.quantity <= 0 && !is_told) continue;
        const Shelf::Question question{line.gtin,
                                       ask.is_serialised,
                                       attempt.policy->available_on == "received",
                                       facts.document->id};
        ask.candidates =
            shelf_.stock(question, ask.need, ask.is_serialised && line.allocation == "serial");
        asks.push_back(std::move(ask));
    }
    return asks;
}

// At a pick station a line's "done" is what was packed and what was fetched.
void OrderReader::read_picked(const rules::Attempt& attempt, Facts& facts) {
    const std::string& gtin = attempt.what.gtin->text();
    if (attempt.step == Step::pick) {
        for (const rules::PromiseFacts& fetched : shelf_.picked(facts.document->id)) {
            facts.document->done += fetched.quantity;
            std::int64_t left = fetched.gtin == gtin ? fetched.quantity : 0;
            for (rules::LineFacts& line : facts.lines) {
                if (fetched.line != 0 && fetched.line != line.line) continue;
                const std::int64_t here =
                    std::clamp<std::int64_t>(line.quantity - line.done, 0, left);
                line.done += here;
                left -= here;
            }
        }
        return;
    }
    if (facts.is_serialised()) return;
    if (!attempt.policy->packs_unpicked) facts.stock.clear();
    auto rows = picked_stock_(gtin, facts.lot_key(attempt), "picked:" + facts.document->id);
    std::vector<rules::StockFacts> fetched;
    while (rows.next()) fetched.push_back({rows.text(0), rows.integer(1), rows.text(2)});
    facts.stock.insert(facts.stock.begin(), fetched.begin(), fetched.end());
}

void OrderReader::read_unpacked(const rules::Attempt& attempt, Facts& facts) {
    if (facts.intent != Intent::take_unit || !facts.document || !facts.product) return;
    rules::ContentFacts content;
    content.gtin = attempt.what.gtin->text();
    content.product_name = facts.product->name;
    content.lot_key = facts.lot_key(attempt);
    content.lot_raw = facts.lot ? facts.lot->raw : content.lot_key;
    content.expires_on = facts.expires_on(attempt);
    content.quantity = facts.quantity(attempt);
    if (facts.unit) content.unit = *facts.unit;
    content.state = content.unit.state;
    if (facts.is_serialised() && attempt.what.serial)
        content.serial = attempt.what.serial->as_labelled();
    facts.contents = {std::move(content)};
    read_leaving(attempt, facts);
    if (facts.is_serialised()) return;
    auto rows = picked_stock_(
        attempt.what.gtin->text(), facts.lot_key(attempt), "picked:" + facts.document->id);
    while (rows.next()) facts.stock.push_back({rows.text(0), rows.integer(1), rows.text(2)});
}

void OrderReader::read_taken(const rules::Attempt& attempt, Facts& facts) {
    const rules::LineFacts* line = rules::line_for(facts, attempt);
    if (line == nullptr) return;
    const std::string& gtin = attempt.what.gtin->text();
    const rules::Need need = rules::need_of(facts, attempt, line);
    if (is_bound(*line)) facts.promised = shelf_.promised(facts.document->id, gtin);
    if (need.single_lot) facts.lots_taken = shelf_.lots_taken(facts.document->id, gtin);
    const bool was_picked = facts.unit && facts.unit->state == rules::UnitState::picked;
    if (need.rotation == rules::Rotation::none || was_picked || !line->lot_key.empty()) return;
    const Shelf::Question question{gtin,
                                   facts.is_serialised(),
                                   attempt.policy->available_on == "received",
                                   facts.document->id};
    facts.shelf = shelf_.before(
        question, need, rules::taken_by(facts, attempt), facts.product->fefo_tolerance_days);
}

void OrderReader::read_leaving(const rules::Attempt& attempt, Facts& facts) {
    std::set<std::string> missing;
    bool is_recorded = false;
    for (rules::ContentFacts& content : facts.contents) {
        const auto& product = catalogue_->product(content.gtin);
        if (!product) continue;
        content.regimes = product->regimes;
        if (attempt.step != Step::ship || !needs_lot(*product)) continue;
        is_recorded = true;
        if (content.lot_key.empty())
            missing.insert(fmt::format("the lot of {}", content.product_name));
        const bool is_medicine = product->is_under("rx") || product->is_under("dscsa");
        if (is_medicine && !content.expires_on)
            missing.insert(fmt::format("the expiry of {}", content.product_name));
    }
    if (is_recorded && facts.document) {
        const auto party = catalogue_->party(facts.document->party);
        if (!party || party->name.empty() || (party->address.empty() && party->gln.empty()))
            missing.insert(
                fmt::format("name and address (or GLN) of customer {}", facts.document->party));
    }
    facts.data_missing.assign(missing.begin(), missing.end());
}

}  // namespace lotgate::store
