#include "store/answers/export_reports.hpp"

#include "store/model/ledger_row.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace json = boost::json;

namespace {

std::string instance_of(sqlite::Database& db) {
    sqlite::Statement instance(db, "SELECT instance FROM site_identity");
    auto rows = instance();
    return rows.next() ? to_hex(rows.blob(0)) : std::string();
}

}  // namespace

ReportList::ReportList(sqlite::Database& db)
    : parties_(db),
      instance_(instance_of(db)),
      case_(db,
            "SELECT id,status,decision FROM \"case\" WHERE id BETWEEN ?1*16 AND ?1*16+15 AND "
            "kind=?2"),
      order_number_(db, "SELECT po FROM document WHERE id=?") {}

// RFC 9562, version 8: the digest of a name that no other site has.
std::string ReportList::uuid_of(const std::string& name) const {
    Hash digest = sha256(instance_ + "/" + name);
    constexpr std::size_t version_at = 6;
    constexpr std::size_t variant_at = 8;
    digest[version_at] = static_cast<std::uint8_t>((digest[version_at] & 0x0FU) | 0x80U);
    digest[variant_at] = static_cast<std::uint8_t>((digest[variant_at] & 0x3FU) | 0x80U);
    const std::string hex = to_hex(digest);
    return fmt::format("{}-{}-{}-{}-{}",
                       hex.substr(0, 8),
                       hex.substr(8, 4),
                       hex.substr(12, 4),
                       hex.substr(16, 4),
                       hex.substr(20, 12));
}

ReportList::Report& ReportList::report(const Noted& noted) {
    const auto [found, is_new] = by_document_.try_emplace(noted.document, reports_.size());
    if (is_new) {
        reports_.emplace_back();
        reports_.back().document = noted.document;
        reports_.back().case_uuid = uuid_of("receipt/" + noted.document);
    }
    Report& report = reports_[found->second];
    report.last_ms = std::max(report.last_ms, noted.ms);
    return report;
}

void ReportList::note(Report& report, const Noted& noted, const std::string& uuid) {
    json::object one{{"code", noted.code}, {"rule", noted.rule}, {"seq", noted.seq}};
    if (!uuid.empty()) one["item"] = uuid;
    one["told"] = noted.told;
    if (auto rows = case_(noted.seq, noted.code); rows.next()) {
        one["case"] = rows.integer(0);
        one["status"] = rows.text(1);
        if (!rows.view(2).empty()) one["decision"] = rows.text(2);
        report.has_case = true;
        if (rows.view(1) == "open") report.has_open_case = true;
    }
    report.ours.push_back(std::move(one));
}

void ReportList::add(const Noted& noted, const ReportPlace& place, json::object item) {
    Report& report = this->report(noted);
    const std::string uuid =
        uuid_of(fmt::format("{}/{}/{}", noted.document, place.list, place.about));
    json::object whole;
    whole["exception_item_uuid"] = uuid;
    for (auto& member : item) whole[member.key()] = std::move(member.value());
    if (report.items.count(uuid) == 0) report.lists[place.list].push_back(uuid);
    report.items[uuid] = std::move(whole);
    note(report, noted, uuid);
}

void ReportList::add_other(const Noted& noted) {
    Report& report = this->report(noted);
    report.others.push_back(noted.code + ": " + noted.told);
    note(report, noted, {});
}

json::object ReportList::exceptions_of(const Report& report) const {
    json::object exceptions;
    for (const char* list : {"missing_product_data",
                             "missing_product",
                             "data_misalignment",
                             "overages",
                             "underages",
                             "gtin_errors"}) {
        const auto found = report.lists.find(list);
        if (found == report.lists.end()) continue;
        json::array items;
        for (const std::string& uuid : found->second) items.push_back(report.items.at(uuid));
        if (found->first == "gtin_errors")
            exceptions["master_data_errors"] = json::object{{"gtin_errors", std::move(items)}};
        else
            exceptions[list] = std::move(items);
    }
    return exceptions;
}

json::object ReportList::sender() {
    const auto or_null = [](const std::string& text) {
        return text.empty() ? json::value(nullptr) : json::value(text);
    };
    const ExportParty& site = parties_.site();
    json::object sender;
    sender["vp"] = nullptr;
    sender["gln"] = or_null(site.gln);
    sender["email"] = site.email;
    sender["phone"] = or_null(site.phone);
    return sender;
}

json::object ReportList::whole(const Report& report) {
    json::object exceptions = exceptions_of(report);
    const bool is_resolved = report.has_case && !report.has_open_case;
    json::object whole;
    whole["message_uuid"] = uuid_of(
        fmt::format("{}/{}/{}", report.case_uuid, is_resolved, json::serialize(exceptions)));
    whole["exception_case_uuid"] = report.case_uuid;
    whole["timestamp"] = report.last_ms / 1000;
    auto rows = order_number_(report.document);
    whole["po_number"] = rows.next() ? rows.text(0) : std::string();
    whole["sender_information"] = sender();
    whole["exceptions"] = std::move(exceptions);
    json::array others;
    for (const std::string& other : report.others) others.emplace_back(other);
    whole["other_errors"] = others.empty() ? json::value(nullptr) : json::value(std::move(others));
    whole["case_resolved"] = is_resolved;
    return whole;
}

json::array ReportList::take() {
    json::array list;
    for (Report& report : reports_)
        list.push_back(json::object{{"asn", report.document},
                                    {"report", whole(report)},
                                    {"findings", std::move(report.ours)}});
    return list;
}

}  // namespace lotgate::store
