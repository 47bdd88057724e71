#pragma once

// People who may overrule, as the store knows them: their rows, and what was scanned of them at a
// station. Used inside the transaction that records the verdict. Store thread only.

#include "store/events/changes.hpp"
#include "store/projections/station_rows.hpp"
#include "store/rules/facts.hpp"
#include "store/sqlite/database.hpp"

#include <optional>
#include <string>

namespace lotgate::store {

/// Command barcodes: a badge, and why (docs/data/devices_scanners.md).
inline constexpr std::string_view badge_code = "LG:BADGE:";
inline constexpr std::string_view reason_code = "LG:REASON:";

/// What a right or a wrong PIN changes: the count of wrong ones in a row and, at the limit, a lock
/// with a case. Nothing where the badge is locked, or where right follows right.
struct PinChanges {
    std::optional<PinTried> tried;
    std::optional<CaseOpened> locked;  ///< its id is the caller's to give
};

[[nodiscard]] PinChanges pin_changes(const std::string& badge,
                                     const rules::PersonFacts& person,
                                     bool is_wrong,
                                     Instant at);

class People {
public:
    People(sqlite::Database& database, StationRows& stations);

    /// True where the code is a badge or a reason and nothing else.
    [[nodiscard]] static bool are_named_by(const rules::Attempt& attempt);

    /// Takes the badges scanned at the station as the attempt's authority where it brings none of
    /// its own, and fills in the roles.
    void complete(rules::Attempt& attempt);
    /// The roles of an authority, now.
    void complete(rules::Authority& authority);

    void read(const rules::Attempt& attempt, rules::Facts& facts);
    /// False at a site that was never told of anybody: then everybody may decide.
    [[nodiscard]] bool are_known();
    [[nodiscard]] std::optional<rules::PersonFacts> person(const std::string& badge, Instant at);

private:
    [[nodiscard]] std::string role_of(const std::string& badge);
    [[nodiscard]] rules::StationBadgeFacts scanned_at(const rules::Attempt& attempt);

    StationRows* stations_;
    sqlite::Statement user_, any_;
};

}  // namespace lotgate::store
