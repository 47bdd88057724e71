#include "store/operations/reader.hpp"

#include "store/facts_reader.hpp"
#include "store/projections/feed_fold.hpp"

namespace lotgate::store {

namespace {

struct TargetParts {
    std::string kind;
    std::string name;  ///< SSCC or document code; the GTIN of the others
    std::string rest;  ///< serial or lot key
};

TargetParts parts_of(const std::string& target) {
    TargetParts parts;
    const std::size_t colon = target.find(':');
    parts.kind = target.substr(0, colon);
    parts.name = target.substr(colon + 1);
    if (parts.kind != "unit" && parts.kind != "lot") return parts;
    parts.rest = parts.name.substr(15);
    parts.name.resize(14);
    return parts;
}

std::optional<HoldRecord> hold_record(sqlite::Database& db, const std::string& id) {
    sqlite::Statement by_id(
        db, "SELECT id,reason,class,target,placed_by,lifted_seq FROM hold WHERE id=?");
    auto rows = by_id(id);
    if (!rows.next()) return std::nullopt;
    return HoldRecord{
        {rows.text(0), rows.text(1), rows.text(2), rows.text(3)}, rows.text(4), !rows.is_null(5)};
}

// A product that is known is enough for a lot: it may arrive tomorrow.
bool is_here(FactsReader& reader, const std::string& target) {
    const TargetParts parts = parts_of(target);
    if (parts.kind == "document") return reader.document(parts.name).has_value();
    if (parts.kind == "container") return reader.carton(parts.name).has_value();
    if (parts.kind == "unit") return reader.unit(parts.name, parts.rest).has_value();
    return reader.product(parts.name).has_value();
}

std::vector<std::string> targets_of(FactsReader& reader,
                                    const OperationCall& call,
                                    const OperationFacts& facts) {
    std::vector<std::string> targets;
    if (!call.target.empty()) targets.push_back(call.target);
    if (facts.hold && facts.hold->hold.target != call.target)
        targets.push_back(facts.hold->hold.target);
    if (call.sscc) targets.push_back(container_target(call.sscc->text()));
    if (facts.document) targets.push_back(document_target(facts.document->id));
    if (!call.gtin) return targets;
    const std::string& gtin = call.gtin->text();
    targets.push_back(product_target(gtin));
    if (call.lot) targets.push_back(lot_target(gtin, call.lot->key()));
    if (!call.serial) return targets;
    targets.push_back(unit_key(gtin, call.serial->as_labelled()));
    if (facts.unit && !facts.unit->lot_key.empty())
        targets.push_back(lot_target(gtin, facts.unit->lot_key));
    if (facts.unit && !facts.unit->container.empty())
        for (const std::string& sscc : reader.ssccs_over(facts.unit->container))
            targets.push_back(container_target(sscc));
    if (facts.unit && !facts.unit->document.empty())
        targets.push_back(document_target(facts.unit->document));
    return targets;
}

void read_goods(FactsReader& reader, const OperationCall& call, OperationFacts& facts) {
    const std::string& gtin = call.gtin->text();
    facts.product = reader.product(gtin);
    if (call.serial) facts.unit = reader.unit(gtin, call.serial->as_labelled());
    if (!call.text("new_serial").empty())
        facts.new_unit = reader.unit(gtin, call.text("new_serial"));
    std::string key = call.lot ? call.lot->key() : std::string();
    if (facts.unit) key = facts.unit->lot_key;
    if (key.empty()) return;
    facts.lot = reader.lot(gtin, key);
    if (facts.product && !facts.product->serial_tracked) facts.broken = reader.broken(gtin, key);
    facts.stock = reader.stock(gtin, key);
}

}  // namespace

OperationFacts read_operation_facts(sqlite::Database& database,
                                    FactsReader& reader,
                                    const OperationCall& call) {
    OperationFacts facts;
    if (call.gtin) read_goods(reader, call, facts);
    if (call.sscc) facts.carton = reader.carton(call.sscc->text());
    if (!call.text("document").empty()) facts.document = reader.document(call.text("document"));
    if (!call.text("hold").empty()) facts.hold = hold_record(database, call.text("hold"));
    if (!call.target.empty()) facts.target_is_here = is_here(reader, call.target);
    if (!call.text("place").empty())
        facts.place_is_pickable = reader.is_picked_from(call.text("place"));
    facts.holds = reader.holds_on(targets_of(reader, call, facts));
    return facts;
}

}  // namespace lotgate::store
