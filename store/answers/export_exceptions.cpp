// Exceptions of receipts in the shape that the Partnership for DSCSA Governance publishes: what
// was announced and what came, compared; one report for each ASN (docs/data/answers.md,
// "Exceptions").

#include "store/answers/answers.hpp"
#include "store/answers/export_reports.hpp"
#include "store/answers/exports.hpp"
#include "store/model/quantity.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <map>
#include <optional>
#include <tuple>

namespace lotgate::store {

namespace {

constexpr const char* send_data = "Send new data";
constexpr const char* send_product = "Send product";
constexpr const char* return_product = "Return product";
constexpr const char* debit_account = "Debit account";

/// A unit as the label says it, or as the ASN does.
struct UnitSaid {
    std::string gtin;
    std::string lot;
    std::string expires_on;
    std::string serial;
};

struct Counts {
    std::int64_t ordered = 0;
    std::int64_t received = 0;
};

class Comparison {
public:
    Comparison(sqlite::Database& database, ReportList& reports)
        : reports_(reports),
          line_(database,
                "SELECT lot_raw,expires_on FROM document_line WHERE document=? AND line=?"),
          lines_(database,
                 "SELECT sum(quantity),sum(done) FROM document_line WHERE document=? AND gtin=?"),
          short_(database,
                 "SELECT DISTINCT gtin FROM document_line WHERE document=? AND has_serials=0 AND "
                 "done<quantity ORDER BY gtin"),
          scale_(database, "SELECT scale FROM product WHERE gtin=?"),
          unit_(database,
                "SELECT u.lot_key,coalesce(l.raw,u.lot_key),u.expires_on,u.state,u.document FROM "
                "unit u LEFT JOIN lot l ON l.gtin=u.gtin AND l.lot_key=u.lot_key WHERE u.gtin=? "
                "AND u.serial=?"),
          missing_(database,
                   "SELECT serial FROM unit WHERE gtin=? AND lot_key=? AND lot_key<>'' AND "
                   "state='VOIDED' AND document=? AND line<>0 LIMIT 2"),
          strange_(database,
                   "SELECT serial FROM unit WHERE gtin=? AND lot_key=? AND lot_key<>'' AND state "
                   "NOT IN ('EXPECTED','VOIDED') AND document=? AND line=0 LIMIT 2"),
          is_closed_(database, "SELECT 1 FROM document WHERE id=? AND state='closed'"),
          case_(database,
                "SELECT decision FROM \"case\" WHERE id BETWEEN ?1*16 AND ?1*16+15 AND kind=?2") {}

    void take(const ExportEvent& event);

private:
    using Exchange = std::optional<std::pair<UnitSaid, UnitSaid>>;

    void take_finding(const ExportEvent& event, const rules::Verdict& finding);
    void take_unknown_product(const ExportEvent& event, const Noted& noted);
    void take_unannounced(const ExportEvent& event, const Noted& noted);
    void take_difference(const ExportEvent& event, const Noted& noted);
    void take_overage(const ExportEvent& event, const Noted& noted);
    void take_missing(const ExportEvent& event);
    void take_underages(const ExportEvent& event);
    /// The one unit of that lot that came unannounced, and the one that did not come; or nothing.
    [[nodiscard]] const Exchange& exchanged(const std::string& document,
                                            const std::string& gtin,
                                            const std::string& lot_key);
    void add_misalignment(const Noted& noted, const UnitSaid& received, const UnitSaid& data);
    [[nodiscard]] UnitSaid unit_said(const std::string& gtin, const std::string& serial);
    [[nodiscard]] Counts counts(const std::string& document, const std::string& gtin);
    [[nodiscard]] int scale(const std::string& gtin);
    void add_counts(const Noted& noted,
                    std::string_view list,
                    const std::string& gtin,
                    const Counts& counts);
    [[nodiscard]] bool is_sent_back(std::uint64_t seq, std::string_view code);

    ReportList& reports_;
    sqlite::Statement line_, lines_, short_, scale_, unit_, missing_, strange_, is_closed_, case_;
    std::map<std::tuple<std::string, std::string, std::string>, Exchange> exchanges_;
    std::map<std::pair<std::string, std::string>, std::int64_t> beyond_;  ///< by ASN and product
};

std::string iso_or_empty(const std::optional<Date>& date) {
    return date ? to_string(*date) : std::string();
}

int Comparison::scale(const std::string& gtin) {
    auto rows = scale_(gtin);
    return rows.next() ? static_cast<int>(rows.integer(0)) : 0;
}

Counts Comparison::counts(const std::string& document, const std::string& gtin) {
    auto rows = lines_(document, gtin);
    if (!rows.next() || rows.is_null(0)) return {};
    return {rows.integer(0), rows.integer(1)};
}

UnitSaid Comparison::unit_said(const std::string& gtin, const std::string& serial) {
    auto rows = unit_(gtin, serial);
    if (!rows.next()) return {gtin, {}, {}, serial};
    return {gtin, rows.text(1), rows.text(2), serial};
}

bool Comparison::is_sent_back(std::uint64_t seq, std::string_view code) {
    auto rows = case_(seq, code);
    return rows.next() && rows.view(0) == "return_to_vendor";
}

void Comparison::take(const ExportEvent& event) {
    if (event.did == "receipt_closed") {
        take_missing(event);
        take_underages(event);
    }
    if (event.attempt.step != "receive") return;
    for (const rules::Verdict& finding : event.attempt.findings) take_finding(event, finding);
}

void Comparison::take_finding(const ExportEvent& event, const rules::Verdict& finding) {
    using Take = void (Comparison::*)(const ExportEvent&, const Noted&);

    struct Kind {
        std::string_view code;
        Take take;
    };

    constexpr auto kinds = std::to_array<Kind>({
        {"PRODUCT_UNKNOWN", &Comparison::take_unknown_product},
        {"SERIAL_NOT_ON_ASN", &Comparison::take_unannounced},
        {"LOT_MISMATCH_FOR_SERIAL", &Comparison::take_difference},
        {"OVER_RECEIPT", &Comparison::take_overage},
    });
    for (const Kind& kind : kinds) {
        if (kind.code != finding.code) continue;
        const Noted noted{
            event.seq, event.ms, event.document, finding.code, finding.rule, finding.told};
        (this->*kind.take)(event, noted);
    }
}

// A product whose number nobody here knows: its master data are missing or wrong.
void Comparison::take_unknown_product(const ExportEvent& event, const Noted& noted) {
    const WhatBody& what = event.attempt.what;
    if (what.gtin.empty()) return reports_.add_other(noted);
    json::object item;
    item["invalid_gtin"] = what.gtin;
    item["proposed_gtin"] = nullptr;
    item["resolution_request"] = nullptr;
    reports_.add(noted, {"gtin_errors", what.gtin}, std::move(item));
}

void Comparison::take_unannounced(const ExportEvent& event, const Noted& noted) {
    const WhatBody& what = event.attempt.what;
    // Another ASN has its data.
    for (const Change& change : event.attempt.changes)
        if (const auto* unit = std::get_if<UnitMoved>(&change);
            unit != nullptr && !unit->way.empty() && unit->way.front() == UnitState::expected)
            return;
    const std::string lot_key = lot_key_of(what.lot);
    if (const auto& pair = exchanged(event.document, what.gtin, lot_key);
        pair && pair->first.serial == what.serial)
        return add_misalignment(noted, pair->first, pair->second);
    json::object item;
    item["product_gtin"] = what.gtin;
    item["observation_source"] = event.capture == "CASE" ? "Scan" : "Other";
    item["resolution_request"] = is_sent_back(event.seq, noted.code) ? return_product : send_data;
    item["product_serial"] = what.serial;
    reports_.add(noted, {"missing_product_data", what.gtin + "/" + what.serial}, std::move(item));
}

// The serial is announced, and its lot or date is another one.
void Comparison::take_difference(const ExportEvent& event, const Noted& noted) {
    const WhatBody& what = event.attempt.what;
    UnitSaid data{what.gtin, {}, {}, what.serial};
    for (const Change& change : event.attempt.changes) {
        const auto* unit = std::get_if<UnitMoved>(&change);
        if (unit == nullptr || unit->serial != what.serial) continue;
        if (auto rows = line_(unit->document, unit->line); rows.next()) {
            data.lot = rows.text(0);
            data.expires_on = rows.text(1);
        }
    }
    const UnitSaid received{what.gtin, what.lot, iso_or_empty(what.expires_on), what.serial};
    add_misalignment(noted, received, data);
}

void Comparison::add_misalignment(const Noted& noted,
                                  const UnitSaid& received,
                                  const UnitSaid& data) {
    json::object item;
    item["received_product_gtin"] = received.gtin;
    item["received_product_lot"] = received.lot;
    item["received_product_expiry"] = received.expires_on;
    item["received_product_serial"] = received.serial;
    item["product_data_gtin"] = data.gtin;
    item["product_data_lot"] = data.lot;
    item["product_data_expiry"] = data.expires_on;
    item["product_data_serial"] = data.serial;
    item["resolution_request"] = send_data;
    const std::string about = received.gtin + "/" + received.serial + "/" + data.serial;
    reports_.add(noted, {"data_misalignment", about}, std::move(item));
}

const Comparison::Exchange& Comparison::exchanged(const std::string& document,
                                                  const std::string& gtin,
                                                  const std::string& lot_key) {
    const auto [found, is_new] = exchanges_.try_emplace({document, gtin, lot_key});
    if (!is_new || !is_closed_(document).next()) return found->second;
    const auto the_only = [&](sqlite::Statement& of) -> std::string {
        auto rows = of(gtin, lot_key, document);
        if (!rows.next()) return {};
        std::string serial = rows.text(0);
        return rows.next() ? std::string() : serial;
    };
    const std::string received = the_only(strange_);
    const std::string announced = the_only(missing_);
    if (!received.empty() && !announced.empty())
        found->second = std::pair(unit_said(gtin, received), unit_said(gtin, announced));
    return found->second;
}

// What was refused stands at the dock, and what was taken on no line is in no line's count.
void Comparison::take_overage(const ExportEvent& event, const Noted& noted) {
    const WhatBody& what = event.attempt.what;
    const std::int64_t one = one_unit(scale(what.gtin));
    std::int64_t beyond = 0;
    bool is_taken = false;
    for (const Change& change : event.attempt.changes) {
        const auto* line = std::get_if<LineDone>(&change);
        if (line == nullptr) continue;
        is_taken = true;
        if (line->line == 0) beyond += line->done * (what.serial.empty() ? 1 : one);
    }
    if (!is_taken) beyond = std::max<std::int64_t>(what.quantity, 1) * one;
    std::int64_t& all = beyond_[{event.document, what.gtin}];
    all += beyond;
    Counts counts = this->counts(event.document, what.gtin);
    counts.received += all;
    Noted as_taken = noted;
    as_taken.is_refused = !is_taken;
    add_counts(as_taken, "overages", what.gtin, counts);
}

void Comparison::add_counts(const Noted& noted,
                            std::string_view list,
                            const std::string& gtin,
                            const Counts& counts) {
    const std::int64_t one = one_unit(scale(gtin));
    // The shape has whole numbers only; nothing is rounded.
    if (counts.ordered % one != 0 || counts.received % one != 0) return reports_.add_other(noted);
    const bool goes_back = noted.is_refused || is_sent_back(noted.seq, noted.code);
    json::object item;
    item["gtin"] = gtin;
    item["quantity_ordered"] = counts.ordered / one;
    item["quantity_received"] = counts.received / one;
    item["resolution_request"] = list == "underages" ? send_product
                                 : goes_back         ? return_product
                                                     : debit_account;
    reports_.add(noted, {std::string(list), gtin}, std::move(item));
}

void Comparison::take_missing(const ExportEvent& event) {
    for (const Change& change : event.attempt.changes) {
        const auto* unit = std::get_if<UnitMoved>(&change);
        if (unit == nullptr || unit->way.empty() || unit->way.back() != UnitState::voided) continue;
        // It may have come since.
        if (auto rows = unit_(unit->gtin, unit->serial); !rows.next() || rows.view(3) != "VOIDED")
            continue;
        const Noted noted{event.seq,
                          event.ms,
                          event.document,
                          "SERIAL_MISSING_FROM_SHIPMENT",
                          "R-09",
                          fmt::format("Serial {} did not come.", unit->serial)};
        if (const auto& pair = exchanged(event.document, unit->gtin, unit->lot_key)) {
            add_misalignment(noted, pair->first, pair->second);
            continue;
        }
        json::object item;
        item["file_id"] = event.document;
        item["product_gtin"] = unit->gtin;
        item["product_serial"] = unit->serial;
        item["resolution_request"] = send_product;
        reports_.add(noted, {"missing_product", unit->gtin + "/" + unit->serial}, std::move(item));
    }
}

void Comparison::take_underages(const ExportEvent& event) {
    std::vector<std::string> gtins;
    for (auto rows = short_(event.document); rows.next();) gtins.push_back(rows.text(0));
    for (const std::string& gtin : gtins) {
        const Noted noted{event.seq,
                          event.ms,
                          event.document,
                          "SHORT_RECEIPT",
                          "R-11",
                          fmt::format("{} of {} did not come in full.", gtin, event.document)};
        add_counts(noted, "underages", gtin, counts(event.document, gtin));
    }
}

}  // namespace

void add_exceptions(sqlite::Database& db, const ExportPage& page, json::object& answer) {
    ReportList reports(db);
    Comparison comparison(db, reports);
    for (const ExportEvent& event : page.events) comparison.take(event);
    answer["exceptions"] = reports.take();
}

}  // namespace lotgate::store
