// What a person asks about a printer's labels.

#include "store/answers/answers.hpp"

namespace lotgate::store {

namespace {

/// Newer ones are looked through for the printer's; sixteen effects an event at most.
constexpr std::int64_t effects_looked_through = 20'000LL * 16;
constexpr std::int64_t recent_max = 20;

json::object label_of(sqlite::Rows& rows) {
    json::object label;
    label["effect"] = rows.integer(0);
    label["subject"] = rows.text(1);
    label["state"] = rows.text(2);
    label["because"] = rows.text(3);
    label["template"] = rows.text(4);
    label["since"] = time_of_hlc(static_cast<std::uint64_t>(rows.integer(5)));
    return label;
}

}  // namespace

json::object labels_of(sqlite::Database& db, const std::string& printer) {
    // With an open case alone: a label that was looked for is no doubt.
    sqlite::Statement doubtful(
        db,
        "SELECT e.id,e.subject,e.state,e.because,json_extract(e.request,'$.print.template'),"
        "(SELECT hlc FROM ledger WHERE seq=e.last_seq) FROM effect e "
        "WHERE e.state='in_doubt' AND e.kind='print' "
        "AND json_extract(e.request,'$.print.printer')=? AND EXISTS(SELECT 1 FROM \"case\" "
        "WHERE kind='LABEL_IN_DOUBT' AND subject='effect:'||e.subject AND status='open') "
        "ORDER BY e.id LIMIT 100");
    sqlite::Statement newest(
        db,
        "SELECT e.id,e.subject,e.state,e.because,json_extract(e.request,'$.print.template'),"
        "(SELECT hlc FROM ledger WHERE seq=e.last_seq) FROM effect e "
        "WHERE e.id>(SELECT coalesce(max(id),0) FROM effect)-?2 AND e.kind='print' "
        "AND json_extract(e.request,'$.print.printer')=?1 ORDER BY e.id DESC LIMIT ?3");
    json::array in_doubt;
    for (auto rows = doubtful(printer); rows.next();) in_doubt.push_back(label_of(rows));
    json::array recent;
    for (auto rows = newest(printer, effects_looked_through, recent_max); rows.next();)
        recent.push_back(label_of(rows));
    return {{"in_doubt", std::move(in_doubt)}, {"recent", std::move(recent)}};
}

}  // namespace lotgate::store
