#pragma once

// Reads products, parties and locations as the rules see them, and keeps what it has read until the
// catalogue changes: nearly every scan asks for the same few. Errors are the database's.

#include "store/rules/facts.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace lotgate::store {

class CatalogueReader {
public:
    explicit CatalogueReader(sqlite::Database& database);

    /// Forgets what was read under another version of the catalogue; before each use.
    void renew(std::uint64_t version);

    /// Valid until the next call.
    [[nodiscard]] const std::optional<rules::ProductFacts>& product(const std::string& gtin);
    [[nodiscard]] std::optional<rules::PartyFacts> party(const std::string& id);
    /// A place nobody named is a bin of the defaults.
    [[nodiscard]] rules::LocationFacts location(const std::string& id);
    [[nodiscard]] std::optional<rules::LocationFacts> location_of_gln(const std::string& gln);

private:
    static constexpr std::size_t kept_max = 4096;  ///< of each kind

    template <class Facts>
    using Kept = std::map<std::string, Facts, std::less<>>;

    [[nodiscard]] std::optional<rules::ProductFacts> read_product(const std::string& gtin);
    [[nodiscard]] std::optional<rules::PartyFacts> read_party(const std::string& id);
    [[nodiscard]] rules::LocationFacts read_location(const std::string& id);

    std::uint64_t version_ = 0;
    Kept<std::optional<rules::ProductFacts>> products_;
    Kept<std::optional<rules::PartyFacts>> parties_;
    Kept<rules::LocationFacts> locations_;
    sqlite::Statement product_, party_, location_, gln_;
};

}  // namespace lotgate::store
