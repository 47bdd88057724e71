#pragma once

// Who is named in an export, as far as the site was told: partners, and the site itself, whose
// party has the site's own id.

#include "store/sqlite/database.hpp"

#include <map>
#include <string>

namespace lotgate::store {

struct ExportParty {
    std::string name;  ///< or its id, where nothing else is known
    std::string phone;
    std::string address;
    std::string gln;
    std::string email;

    /// "name, address, phone"
    [[nodiscard]] std::string described() const;
};

class ExportParties {
public:
    explicit ExportParties(sqlite::Database& database);

    [[nodiscard]] const ExportParty& named(const std::string& id);
    [[nodiscard]] const ExportParty& site();

private:
    sqlite::Statement party_, site_;
    std::map<std::string, ExportParty> known_;
};

}  // namespace lotgate::store
