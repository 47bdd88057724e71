#pragma once

// What an operator does to the cloud with `lotgate-hub`: sites, holds. Each is one transaction.

#include "store/model/result.hpp"
#include "sync/hub/pg.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace lotgate::hub {

/// False: it was registered before. Fault invalid_input for a name no topic can carry.
[[nodiscard]] Result<bool> add_site(Connection& database,
                                    const std::string& tenant,
                                    const std::string& site);

/// Closes the open epoch, so that the next gateway that says HELLO begins a new one, and ends the
/// ranges of numbers that the old one has. For a person who has decided which gateway is the real
/// one, or replaces it.
[[nodiscard]] Result<> release_site(Connection& database, const std::string& site_id);

[[nodiscard]] Result<std::vector<std::string>> sites_of(Connection& database,
                                                        const std::string& tenant);

struct HoldOrder {
    std::string id;  ///< empty: one is made up
    std::string reason = "recall";
    std::string hold_class;   ///< recall class, or empty
    std::string target_kind;  ///< lot, unit, product, container, document
    std::string target;       ///< "GTIN/LOT", "GTIN/SERIAL", GTIN, SSCC, document id
    std::string placed_by;
    std::string note;
};

/// Puts the hold into the urgent lane of every site named. Gives the hold's id.
[[nodiscard]] Result<std::string> place_hold(Connection& database,
                                             const std::vector<std::string>& site_ids,
                                             const HoldOrder& order);
[[nodiscard]] Result<> lift_hold(Connection& database,
                                 const std::vector<std::string>& site_ids,
                                 const std::string& hold_id);

}  // namespace lotgate::hub
