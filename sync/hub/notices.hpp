#pragma once

// What the cloud tells sites of what only it can see (docs/data/feed.md, "What only the cloud
// knows"). Each runs in the transaction that noticed it, so that it is said once.

#include "store/model/result.hpp"
#include "sync/hub/pg.hpp"

#include <cstdint>
#include <string>

namespace lotgate::hub {

/// A unit as one site has it.
struct UnitAtSite {
    std::string site_id;
    std::string state;
};

struct SerialConflict {
    std::string kind;  ///< SERIAL_DUP or DOUBLE_SHIP
    std::string gtin;
    std::string serial;
    UnitAtSite one;
    UnitAtSite other;
};

/// to both sites; each holds the unit.
[[nodiscard]] Result<> tell_serial_conflict(Connection& database, const SerialConflict& conflict);

struct RejectedEvent {
    std::string site_id;
    std::uint64_t seq = 0;
    std::string code;
    std::string told;     ///< one sentence
    std::string subject;  ///< "container:…", or empty
};

/// the event stays where it is; the site opens a card.
[[nodiscard]] Result<> tell_rejected(Connection& database, const RejectedEvent& rejected);

struct ReturnedUnit {
    std::string tenant;
    std::string site_id;
    std::string gtin;
    std::string serial;
};

/// where a unit belongs that came back to a site which never shipped it. Says nothing where
/// no site has ever had it.
[[nodiscard]] Result<> answer_return(Connection& database, const ReturnedUnit& unit);

}  // namespace lotgate::hub
