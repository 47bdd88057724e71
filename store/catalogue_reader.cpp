#include "store/catalogue_reader.hpp"

namespace lotgate::store {

namespace {

std::optional<std::int64_t> number_in(const sqlite::Rows& rows, int column) {
    if (rows.is_null(column)) return std::nullopt;
    return rows.integer(column);
}

/// What is kept under the key, else what `read` says, which is kept from then on.
template <class Kept, class Read>
const typename Kept::mapped_type& kept_or(Kept& kept,
                                          std::size_t kept_max,
                                          const std::string& key,
                                          Read read) {
    const auto it = kept.find(key);
    if (it != kept.end()) return it->second;
    if (kept.size() >= kept_max) kept.clear();
    return kept.emplace(key, read(key)).first->second;
}

}  // namespace

CatalogueReader::CatalogueReader(sqlite::Database& db)
    : product_(db,
               "SELECT name,serial_tracked,lot_tracked,expiry_required,owner,uniqueness,"
               "serial_pattern,lot_pattern,serial_fold,rotation,fefo_policy,fefo_tolerance_days,"
               "min_life_in_days,min_life_in_percent,life_days_max,best_before_blocks,regimes,"
               "status,assign_tlc,single_lot,temp_class,unit,scale,hold_max_age_min,hold_stale,"
               "doc_max_age_min,zone FROM product WHERE gtin=?"),
      party_(db,
             "SELECT id,name,kind,rotation,min_life_out_days,transit_days,gln,phone,address,email,"
             "exempt FROM party WHERE id=?"),
      location_(db,
                "SELECT kind,zone,pickable,quarantine,lockable,lot_mix,temp_class,walk_order "
                "FROM location WHERE id=?"),
      gln_(db, "SELECT id FROM location WHERE gln=? AND gln<>'' ORDER BY id LIMIT 1") {}

void CatalogueReader::renew(std::uint64_t version) {
    if (version == version_) return;
    version_ = version;
    products_.clear();
    parties_.clear();
    locations_.clear();
}

const std::optional<rules::ProductFacts>& CatalogueReader::product(const std::string& gtin) {
    return kept_or(
        products_, kept_max, gtin, [this](const auto& key) { return read_product(key); });
}

std::optional<rules::PartyFacts> CatalogueReader::party(const std::string& id) {
    return kept_or(parties_, kept_max, id, [this](const auto& key) { return read_party(key); });
}

rules::LocationFacts CatalogueReader::location(const std::string& id) {
    return kept_or(
        locations_, kept_max, id, [this](const auto& key) { return read_location(key); });
}

std::optional<rules::ProductFacts> CatalogueReader::read_product(const std::string& gtin) {
    auto rows = product_(gtin);
    if (!rows.next()) return std::nullopt;
    rules::ProductFacts facts;
    facts.name = rows.text(0);
    facts.serial_tracked = rows.integer(1) != 0;
    facts.lot_tracked = rows.integer(2) != 0;
    facts.expiry_required = rows.integer(3) != 0;
    facts.owner = rows.text(4);
    facts.uniqueness = rows.text(5);
    facts.serial_pattern = rows.text(6);
    facts.lot_pattern = rows.text(7);
    facts.serial_fold = rows.integer(8) != 0;
    facts.rotation = rows.text(9);
    facts.fefo_policy = rows.text(10);
    facts.fefo_tolerance_days = rows.integer(11);
    facts.min_life_in_days = rows.integer(12);
    facts.min_life_in_percent = rows.integer(13);
    facts.life_days_max = rows.integer(14);
    facts.best_before_blocks = rows.integer(15) != 0;
    facts.regimes = rows.text(16);
    facts.status = rows.text(17);
    facts.assign_tlc = rows.integer(18) != 0;
    facts.single_lot = rows.integer(19) != 0;
    facts.temp_class = rows.text(20);
    facts.unit = rows.text(21);
    facts.scale = facts.serial_tracked ? 0 : static_cast<int>(rows.integer(22));
    facts.hold_max_age_min = number_in(rows, 23);
    facts.hold_stale_blocks = rows.view(24) == "block";
    facts.doc_max_age_min = number_in(rows, 25);
    facts.zone = rows.text(26);
    return facts;
}

std::optional<rules::PartyFacts> CatalogueReader::read_party(const std::string& id) {
    auto rows = party_(id);
    if (!rows.next()) return std::nullopt;
    rules::PartyFacts facts;
    facts.id = rows.text(0);
    facts.name = rows.text(1);
    facts.kind = rows.text(2);
    facts.rotation = rows.text(3);
    facts.min_life_out_days = rows.integer(4);
    facts.transit_days = rows.integer(5);
    facts.gln = rows.text(6);
    facts.phone = rows.text(7);
    facts.address = rows.text(8);
    facts.email = rows.text(9);
    facts.is_exempt = rows.integer(10) != 0;
    return facts;
}

std::optional<rules::LocationFacts> CatalogueReader::location_of_gln(const std::string& gln) {
    std::string id;
    if (auto rows = gln_(gln); rows.next()) id = rows.text(0);
    if (id.empty()) return std::nullopt;
    return location(id);
}

rules::LocationFacts CatalogueReader::read_location(const std::string& id) {
    rules::LocationFacts facts;
    facts.id = id;
    auto rows = location_(id);
    if (!rows.next()) return facts;
    facts.is_known = true;
    facts.kind = rows.text(0);
    facts.zone = rows.text(1);
    facts.is_pickable = rows.integer(2) != 0;
    facts.is_quarantine = rows.integer(3) != 0;
    facts.is_lockable = rows.integer(4) != 0;
    facts.lot_mix = rows.text(5);
    facts.temp_class = rows.text(6);
    facts.walk_order = rows.integer(7);
    return facts;
}

}  // namespace lotgate::store
