#include "store/projections/deferred.hpp"

#include <utility>

namespace lotgate::store {

Deferred::Deferred(sqlite::Database& db)
    : tally_(db,
             "INSERT INTO tally(name,count) VALUES(?,?) "
             "ON CONFLICT(name) DO UPDATE SET count=count+excluded.count"),
      write_read_(db,
                  "INSERT INTO last_read(station,raw,at,did,document,progress,seq) "
                  "VALUES(?,?,?,?,?,?,?) ON CONFLICT(station) DO UPDATE SET raw=excluded.raw,"
                  "at=excluded.at,did=excluded.did,document=excluded.document,"
                  "progress=excluded.progress,seq=excluded.seq"),
      read_read_(db, "SELECT raw,at,did,document,progress,seq FROM last_read WHERE station=?") {}

void Deferred::count(std::string_view name, std::int64_t by) {
    const auto it = unwritten_.counts.find(name);
    if (it == unwritten_.counts.end())
        unwritten_.counts.emplace(name, by);
    else
        it->second += by;
}

void Deferred::set_last_read(const std::string& station, LastRead read) {
    unwritten_.reads.insert_or_assign(station, std::move(read));
}

const LastRead& Deferred::last_read(const std::string& station) {
    if (const auto it = unwritten_.reads.find(station); it != unwritten_.reads.end())
        return it->second;
    if (const auto it = known_.find(station); it != known_.end()) return it->second;
    LastRead read;
    if (auto rows = read_read_(station); rows.next())
        read = {rows.text(0),
                rows.integer(1),
                rows.text(2),
                rows.text(3),
                rows.text(4),
                rows.integer(5)};
    return known_.insert_or_assign(station, std::move(read)).first->second;
}

void Deferred::write() {
    // Also what has not changed in sum: a rebuild in one transaction makes the same rows.
    for (const auto& [name, by] : unwritten_.counts) tally_.run(name, by);
    unwritten_.counts.clear();
    for (auto& [station, read] : unwritten_.reads) {
        write_read_.run(
            station, read.raw, read.at, read.did, read.document, read.progress, read.seq);
        known_.insert_or_assign(station, std::move(read));
    }
    unwritten_.reads.clear();
}

void Deferred::go_back_to(Unwritten unwritten) {
    unwritten_ = std::move(unwritten);
    known_.clear();
}

}  // namespace lotgate::store
