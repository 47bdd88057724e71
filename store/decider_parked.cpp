// Scans that ended the program twice are refused without being looked at, until a person decides
// their case otherwise.

#include "store/decider.hpp"

namespace lotgate::store {

void Decider::read_parked() {
    parked_.clear();
    sqlite::Statement cases(*database_,
                            "SELECT substr(subject,8) FROM \"case\" WHERE kind='SCAN_PARKED' "
                            "AND (status='open' OR decision='keep_parked')");
    for (auto rows = cases(); rows.next();) parked_.insert(rows.text(0));
}

bool Decider::is_parked(const rules::Attempt& attempt) const {
    return !parked_.empty() &&
           parked_.contains(scan_identity(
               attempt.station, rules::name_of(attempt.step), attempt.observation.raw));
}

AttemptBody Decider::parked_body(UnderBody versions) {
    AttemptBody body;
    body.under = std::move(versions);
    body.verdict.decision = rules::Decision::divert;
    body.verdict.code = "SCAN_PARKED";
    body.verdict.rule = "R-57";
    body.verdict.told =
        "This code ended the gateway twice and is not looked at any more. Put the goods aside and "
        "call a supervisor.";
    body.verdict.override_class = rules::OverrideClass::never;
    body.findings.push_back(body.verdict);
    return body;
}

}  // namespace lotgate::store
