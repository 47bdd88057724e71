#include "store/projections/outage_fold.hpp"

namespace lotgate::store {

namespace {

std::int64_t ms_of(const std::optional<Instant>& at) {
    return at ? at->us / 1000 : 0;
}

}  // namespace

OutageFold::OutageFold(sqlite::Database& db)
    : begin_(db,
             "INSERT INTO outage(kind,name,since,until,station,seq,until_seq) "
             "VALUES(?1,?2,?3,NULL,?4,?5,NULL) ON CONFLICT(kind,name,since) DO UPDATE SET "
             "until=NULL,until_seq=NULL"),
      end_(db,
           "UPDATE outage SET until=max(?,since),until_seq=? WHERE kind=? AND name=? "
           "AND until IS NULL"),
      open_clock_(db, "SELECT name FROM outage WHERE kind='clock' AND until IS NULL"),
      unseen_(db, "INSERT OR IGNORE INTO unseen(seq,at,what,station) VALUES(?,?,?,?)") {}

void OutageFold::apply(std::int64_t seq, const OutageSet& set) {
    if (set.since) begin_.run(set.kind, set.subject, ms_of(set.since), set.station, seq);
    if (set.until) end_.run(ms_of(set.until), seq, set.kind, set.subject);
}

void OutageFold::see(std::int64_t seq, const std::string& station, const AttemptBody& body) {
    const char* what = nullptr;
    if (body.seen.no_read)
        what = "no_read";
    else if (body.verdict.code == "SCAN_PARKED")
        what = "parked";
    else if (!body.seen.parse_error.empty())
        what = "unreadable";
    if (what != nullptr) unseen_.run(seq, ms_of(body.at), what, station);
}

void OutageFold::see(std::int64_t seq, const std::string& station, const ReportBody& body) {
    if (body.effect == 0 && body.state == "undecided")
        unseen_.run(seq, ms_of(body.at), "undecided", station);
}

void OutageFold::see_clock(std::int64_t seq,
                           const std::optional<Instant>& at,
                           const std::string& clock) {
    if (clock.empty()) return;
    if (!clock_) {
        auto rows = open_clock_();
        clock_ = rows.next() ? rows.text(0) : std::string();
    }
    const std::string quality = clock == "synced" ? std::string() : clock;
    if (quality == *clock_) return;
    if (!clock_->empty()) end_.run(ms_of(at), seq, "clock", *clock_);
    if (!quality.empty()) begin_.run("clock", quality, ms_of(at), "", seq);
    clock_ = quality;
}

}  // namespace lotgate::store
