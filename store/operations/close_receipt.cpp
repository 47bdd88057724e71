// A receipt is over: what was announced and did not come is told, and expected no longer (rules
// What comes later all the same is taken in as not announced.

#include "store/events/rows_as_they_are.hpp"
#include "store/facts_rows.hpp"
#include "store/model/quantity.hpp"
#include "store/operations/every_operation.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/rules/rule.hpp"
#include "store/sqlite/database.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

constexpr std::size_t named_max = 10;

void open_case(OperationDraft& draft, const char* code, std::string told) {
    const rules::CaseKind* kind = rules::case_kind_of(code);
    CaseOpened opened;
    opened.id = draft.next_id();
    opened.kind = code;
    opened.subject = document_target(draft.facts->document->id);
    opened.told = std::move(told);
    opened.who = kind->who;
    opened.decisions = kind->decisions;
    draft.body.changes.emplace_back(std::move(opened));
}

void add_name(std::string& names, std::size_t count, const std::string& name) {
    if (count > named_max) return;
    if (!names.empty()) names += ", ";
    names += count == named_max ? "…" : name;
}

// " Cases that did not come: 0950… of pallet 0950….", or nothing.
std::string cases_told(const OperationFacts& facts) {
    std::string names;
    std::size_t count = 0;
    for (const rules::CartonFacts& one : facts.missing_cases)
        add_name(names, count++, fmt::format("{} of pallet {}", one.sscc, one.parent));
    return names.empty() ? std::string() : fmt::format(" Cases that did not come: {}.", names);
}

void expect_no_longer(OperationDraft& draft) {
    // They stand on no pallet of this site.
    for (const rules::CartonFacts& one : draft.facts->missing_cases) {
        ContainerSet row = container_row(one);
        row.parent.clear();
        draft.body.mentions.push_back(container_target(one.sscc));
        draft.body.changes.emplace_back(std::move(row));
    }
    std::string names;
    std::size_t count = 0;
    for (const UnitMoved& unit : draft.facts->missing) {
        add_name(names, count++, unit.serial);
        draft.body.mentions.push_back(unit_key(unit.gtin, unit.serial));
        draft.body.changes.emplace_back(unit);
    }
    if (count == 0) return;
    open_case(draft,
              "SERIAL_MISSING_FROM_SHIPMENT",
              fmt::format("{} serials of {} did not come: {}.{} Tell the supplier.",
                          count,
                          draft.facts->document->id,
                          names,
                          cases_told(*draft.facts)));
}

void tell_short_lines(OperationDraft& draft) {
    std::string lines;
    std::size_t count = 0;
    for (const OperationFacts::LineShort& line : draft.facts->short_lines)
        add_name(lines,
                 count++,
                 fmt::format("{} of {} of {}",
                             quantity_text(line.quantity - line.done, line.scale),
                             quantity_text(line.quantity, line.scale),
                             line.gtin));
    if (count == 0) return;
    open_case(draft,
              "SHORT_RECEIPT",
              fmt::format("{} came short: {}.{} Tell the supplier.",
                          draft.facts->document->id,
                          lines,
                          cases_told(*draft.facts)));
}

}  // namespace

void read_receipt(sqlite::Database& database, const OperationCall& call, OperationFacts& facts) {
    const std::string& document = call.text("document");
    sqlite::Statement units(database,
                            "SELECT gtin,serial,lot_key,expires_on,coalesce(container,''),line,"
                            "owner,origin FROM unit WHERE document=? AND state='EXPECTED' "
                            "ORDER BY gtin,serial");
    for (auto rows = units(document); rows.next();) {
        UnitMoved unit;
        unit.gtin = rows.text(0);
        unit.serial = rows.text(1);
        unit.way = {UnitState::expected, UnitState::voided};
        unit.lot_key = rows.text(2);
        unit.expires_on = date_in(rows, 3);
        unit.container = rows.text(4);
        unit.document = document;
        unit.line = rows.integer(5);
        unit.owner = rows.text(6);
        unit.origin = rows.text(7);
        facts.missing.push_back(std::move(unit));
    }
    sqlite::Statement cases(
        database,
        "SELECT c.id,coalesce(c.sscc,''),c.kind,c.state,c.document,c.station,c.label,c.lane,"
        "c.parent,c.location FROM container c WHERE c.document=?1 AND c.kind='inbound' AND "
        "c.state='EXPECTED' AND c.parent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM unit u WHERE "
        "u.container=c.id AND u.state NOT IN ('EXPECTED','VOIDED')) AND NOT EXISTS (SELECT 1 FROM "
        "document_line l WHERE l.document=?1 AND l.sscc=c.sscc AND l.has_serials=0 AND l.done>0) "
        "ORDER BY c.id");
    for (auto rows = cases(document); rows.next();) facts.missing_cases.push_back(carton_in(rows));
    sqlite::Statement lines(database,
                            "SELECT l.gtin,l.quantity,l.done,coalesce(p.scale,0) FROM "
                            "document_line l LEFT JOIN product p ON p.gtin=l.gtin WHERE "
                            "l.document=? AND l.has_serials=0 AND l.done<l.quantity ORDER BY line");
    for (auto rows = lines(document); rows.next();)
        facts.short_lines.push_back(
            {rows.text(0), rows.integer(1), rows.integer(2), static_cast<int>(rows.integer(3))});
}

void plan_close_receipt(OperationDraft& draft) {
    const auto& document = draft.facts->document;
    if (!document || document->kind != "asn")
        return draft.refuse("DOCUMENT_UNKNOWN",
                            fmt::format("There is no ASN {}. Look at its code again.",
                                        rules::shown(draft.call->text("document"))));
    if (document->state == "closed" || document->state == "cancelled")
        return draft.refuse(
            "RECEIPT_CLOSED",
            fmt::format("{} is {} already. Nothing to do.", document->id, document->state));
    expect_no_longer(draft);
    tell_short_lines(draft);
    draft.body.changes.emplace_back(DocumentState{document->id, "closed"});
    draft.body.did = "receipt_closed";
    draft.body.document = document->id;
    draft.body.subject = document_target(document->id);
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.verdict.told = fmt::format(
        "{} is closed: {} serials did not come, {} lines are "
        "short.",
        document->id,
        draft.facts->missing.size(),
        draft.facts->short_lines.size());
}

}  // namespace lotgate::store
