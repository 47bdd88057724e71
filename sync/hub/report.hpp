#pragma once

// What `lotgate-hub status` and `lotgate-hub verify` say: JSON, from the tables alone.

#include "store/model/result.hpp"
#include "sync/hub/pg.hpp"

#include <cstdint>
#include <string>

namespace lotgate::hub {

/// {"tenant":…,"sites":[{site, epoch, last_seq, events, counts, units, feed, status …}],
///  "exceptions":[…]}  (docs/data/hub.md, "Status").
[[nodiscard]] Result<std::string> status_json(Connection& database, const std::string& tenant);
/// The same for a person.
[[nodiscard]] std::string status_text(const std::string& json);

struct Verified {
    std::uint64_t epoch = 0;
    std::uint64_t rows = 0;
    std::uint64_t first_bad = 0;  ///< 0 = none
    std::string because;          ///< what is wrong at first_bad

    [[nodiscard]] bool is_good() const { return because.empty(); }
};

/// Reads every stored event of the site's open branch: are they dense, does the chain add up, does
/// it end where the cursor says?
[[nodiscard]] Result<Verified> verify_site(Connection& database, const std::string& site_id);

}  // namespace lotgate::hub
