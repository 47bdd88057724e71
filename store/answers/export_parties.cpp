#include "store/answers/export_parties.hpp"

namespace lotgate::store {

std::string ExportParty::described() const {
    std::string text = name;
    for (const std::string* part : {&address, &phone})
        if (!part->empty()) text += (text.empty() ? "" : ", ") + *part;
    return text;
}

ExportParties::ExportParties(sqlite::Database& database)
    : party_(database, "SELECT name,phone,address,gln,email FROM party WHERE id=?"),
      site_(database, "SELECT site FROM site_identity") {}

const ExportParty& ExportParties::named(const std::string& id) {
    const auto [found, is_new] = known_.try_emplace(id);
    if (!is_new) return found->second;
    found->second.name = id;
    auto rows = party_(id);
    if (rows.next())
        found->second = {rows.view(0).empty() ? id : rows.text(0),
                         rows.text(1),
                         rows.text(2),
                         rows.text(3),
                         rows.text(4)};
    return found->second;
}

const ExportParty& ExportParties::site() {
    std::string id;
    if (auto rows = site_(); rows.next()) id = rows.text(0);
    return named(id);
}

}  // namespace lotgate::store
