#pragma once

// Reads products, parties and locations as the rules see them. Errors are the database's.

#include "store/rules/facts.hpp"
#include "store/sqlite/database.hpp"

#include <optional>
#include <string>

namespace lotgate::store {

class CatalogueReader {
public:
    explicit CatalogueReader(sqlite::Database& database);

    [[nodiscard]] std::optional<rules::ProductFacts> product(const std::string& gtin);
    [[nodiscard]] std::optional<rules::PartyFacts> party(const std::string& id);
    /// A place nobody named is a bin of the defaults.
    [[nodiscard]] rules::LocationFacts location(const std::string& id);
    [[nodiscard]] std::optional<rules::LocationFacts> location_of_gln(const std::string& gln);

private:
    sqlite::Statement product_, party_, location_, gln_;
};

}  // namespace lotgate::store
