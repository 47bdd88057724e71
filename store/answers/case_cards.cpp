// What makes a case a card: what each decision does, and the evidence it was opened by.

#include "store/answers/answers.hpp"
#include "store/rules/case_effects.hpp"

#include <boost/json.hpp>

namespace lotgate::store {

namespace {

void copy_members(const json::object& from,
                  std::initializer_list<const char*> names,
                  json::object& to) {
    for (const char* name : names)
        if (const json::value* value = from.if_contains(name)) to[name] = *value;
}

json::array findings_of(const json::object& body) {
    json::array findings;
    const json::value* list = body.if_contains("findings");
    if (list == nullptr || !list->is_array()) return findings;
    for (const json::value& one : list->get_array()) {
        if (!one.is_object()) continue;
        json::object finding;
        copy_members(one.get_object(),
                     {"code", "rule", "decision", "told", "override", "overruled"},
                     finding);
        findings.emplace_back(std::move(finding));
    }
    return findings;
}

}  // namespace

json::object effects_of_decisions(const json::array& decisions) {
    json::object effects;
    for (const json::value& decision : decisions)
        if (const rules::CaseEffect* effect = rules::case_effect_of(decision.get_string()))
            effects[effect->decision] = effect->told;
    return effects;
}

json::object evidence_of(sqlite::Database& db, std::int64_t seq) {
    sqlite::Statement read(db, "SELECT kind,actor,body FROM ledger WHERE seq=?");
    auto rows = read(seq);
    json::object evidence;
    if (!rows.next()) return evidence;
    evidence["seq"] = seq;
    evidence["event"] = rows.text(0);
    evidence["by"] = rows.text(1);
    boost::system::error_code error;
    const json::value parsed = json::parse(rows.view(2), error);
    const json::object* body = error ? nullptr : parsed.if_object();
    if (body == nullptr) return evidence;
    copy_members(
        *body, {"step", "document", "override", "under", "state", "because", "item"}, evidence);
    if (const json::value* seen = body->if_contains("seen"); seen && seen->is_object())
        copy_members(seen->get_object(), {"device", "raw", "raw_hex", "read_at"}, evidence);
    json::array findings = findings_of(*body);
    if (!findings.empty()) evidence["findings"] = std::move(findings);
    return evidence;
}

}  // namespace lotgate::store
