#include "store/projections/operation_fold.hpp"

#include <fmt/format.h>

#include <vector>

namespace lotgate::store {

namespace {

// ALLOCATED and PICKED go back to IN_INVENTORY: both moves are in the life cycle for held goods.
std::string pull_where(const char* which) {
    return fmt::format(
        "UPDATE unit SET state_before=state,state='IN_INVENTORY',order_id='',order_line=0,seq=? "
        "WHERE {} AND state IN ('ALLOCATED','PICKED')",
        which);
}

}  // namespace

OperationFold::OperationFold(sqlite::Database& db)
    : lineage_(db,
               "INSERT OR IGNORE INTO lineage(child,parent,how,quantity,seq) VALUES(?,?,?,?,?)"),
      document_(db,
                "INSERT INTO document(id,kind,state,party,route,quantity,done,extra,shipped,seq) "
                "VALUES(?,?,'open',?,'',0,0,0,0,?) ON CONFLICT(id) DO NOTHING"),
      missed_(db,
              "INSERT INTO missed(subject,place,times,seq) VALUES(?,?,?,?) ON CONFLICT(subject) "
              "DO UPDATE SET place=excluded.place,times=excluded.times,seq=excluded.seq"),
      found_(db, "DELETE FROM missed WHERE subject=?"),
      grade_(db,
             "INSERT INTO grade(subject,grade,route,seq) VALUES(?,?,?,?) ON CONFLICT(subject) "
             "DO UPDATE SET grade=excluded.grade,route=excluded.route,seq=excluded.seq"),
      count_open_(db,
                  "INSERT INTO count_session(place,station,seq) VALUES(?,?,?) "
                  "ON CONFLICT(place) DO NOTHING"),
      count_close_(db, "DELETE FROM count_session WHERE place=?"),
      counted_forget_(db, "DELETE FROM counted WHERE place=?"),
      counted_(db,
               "INSERT INTO counted(place,subject,quantity,seq) VALUES(?,?,?,?) "
               "ON CONFLICT(place,subject) DO UPDATE SET quantity=excluded.quantity,"
               "seq=excluded.seq"),
      pull_unit_(db, pull_where("gtin=? AND serial=?")),
      pull_lot_(db, pull_where("gtin=? AND lot_key=? AND lot_key<>''")),
      pull_product_(db, pull_where("gtin=?")),
      family_(db,
              "WITH RECURSIVE family(name) AS (SELECT child FROM lineage WHERE parent=? UNION "
              "SELECT l.child FROM lineage l JOIN family f ON l.parent=f.name) "
              "SELECT name FROM family ORDER BY name"),
      archive_(db,
               "INSERT INTO archive(last_seq,first_seq,opening,closing,until,file,digest,seq) "
               "VALUES(?,?,?,?,?,?,?,?)") {}

void OperationFold::apply(std::int64_t seq, const Descends& link) {
    lineage_.run(link.child, link.parent, link.how, link.quantity, seq);
}

void OperationFold::apply(std::int64_t seq, const DocumentMade& made) {
    document_.run(made.id, made.kind, made.party, seq);
}

void OperationFold::apply(std::int64_t seq, const Missed& missed) {
    if (missed.times == 0)
        found_.run(missed.subject);
    else
        missed_.run(missed.subject, missed.place, missed.times, seq);
}

void OperationFold::apply(std::int64_t seq, const Graded& graded) {
    grade_.run(graded.subject, graded.grade, graded.route, seq);
}

void OperationFold::apply(std::int64_t seq, const CountSet& count) {
    if (count.is_open) return count_open_.run(count.place, count.station, seq);
    count_close_.run(count.place);
    counted_forget_.run(count.place);
}

void OperationFold::apply(std::int64_t seq, const Counted& counted) {
    counted_.run(counted.place, counted.subject, counted.quantity, seq);
}

void OperationFold::apply(std::int64_t seq, const ArchiveMade& made) {
    archive_.run(
        made.last, made.first, made.opening, made.closing, made.until, made.file, made.digest, seq);
}

void OperationFold::pull(std::int64_t seq, const std::string& target) {
    pull_one(seq, target);
    std::vector<std::string> made_of_it;
    for (auto rows = family_(target); rows.next();) made_of_it.push_back(rows.text(0));
    for (const std::string& name : made_of_it) pull_one(seq, name);
}

void OperationFold::pull_one(std::int64_t seq, const std::string& target) {
    const std::string rest = target.substr(target.find(':') + 1);
    const std::string gtin = rest.substr(0, 14);
    const std::string name = rest.size() > 15 ? rest.substr(15) : std::string();
    if (target.starts_with("unit:")) pull_unit_.run(seq, gtin, name);
    if (target.starts_with("lot:")) pull_lot_.run(seq, gtin, name);
    if (target.starts_with("product:")) pull_product_.run(seq, gtin);
}

}  // namespace lotgate::store
