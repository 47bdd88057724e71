#include "store/projections/station_rows.hpp"

#include <utility>

namespace lotgate::store {

StationRows::StationRows(sqlite::Database& db)
    : set_(db,
           "INSERT INTO station(id,document,carton,seq,place) VALUES(?,?,?,?,?) "
           "ON CONFLICT(id) DO UPDATE SET document=excluded.document,carton=excluded.carton,"
           "seq=excluded.seq,place=excluded.place"),
      get_(db, "SELECT document,carton,place FROM station WHERE id=?"),
      badge_set_(db,
                 "INSERT INTO station_badge(station,badge,second_badge,reason,at,seq) "
                 "VALUES(?,?,?,?,?,?) ON CONFLICT(station) DO UPDATE SET badge=excluded.badge,"
                 "second_badge=excluded.second_badge,reason=excluded.reason,at=excluded.at,"
                 "seq=excluded.seq"),
      badge_gone_(db, "DELETE FROM station_badge WHERE station=?"),
      badge_get_(db, "SELECT badge,second_badge,reason,at FROM station_badge WHERE station=?") {}

void StationRows::apply(std::int64_t seq, const StationSet& set) {
    in_hand_.erase(set.id);
    set_.run(set.id, set.document, set.carton, seq, set.place);
}

void StationRows::apply(std::int64_t seq, const BadgeShown& shown) {
    badges_.erase(shown.station);
    if (shown.badge.empty()) return badge_gone_.run(shown.station);
    badge_set_.run(shown.station,
                   shown.badge,
                   shown.second_badge,
                   shown.reason,
                   shown.at ? shown.at->us : 0,
                   seq);
}

const StationRow& StationRows::in_hand(const std::string& station) {
    if (const auto it = in_hand_.find(station); it != in_hand_.end()) return it->second;
    StationRow row;
    if (auto rows = get_(station); rows.next()) row = {rows.text(0), rows.text(1), rows.text(2)};
    if (in_hand_.size() >= kept_max) in_hand_.clear();
    return in_hand_.emplace(station, std::move(row)).first->second;
}

const std::optional<StationBadgeRow>& StationRows::badge_at(const std::string& station) {
    if (const auto it = badges_.find(station); it != badges_.end()) return it->second;
    std::optional<StationBadgeRow> row;
    if (auto rows = badge_get_(station); rows.next())
        row = StationBadgeRow{rows.text(0), rows.text(1), rows.text(2), rows.integer(3)};
    if (badges_.size() >= kept_max) badges_.clear();
    return badges_.emplace(station, std::move(row)).first->second;
}

void StationRows::forget() {
    in_hand_.clear();
    badges_.clear();
}

}  // namespace lotgate::store
