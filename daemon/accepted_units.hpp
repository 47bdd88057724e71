#pragma once

// Which physical unit a person has accepted in the place of the one the configuration names. A file
// beside the database, written before anything acts on it. An acceptance counts as long as the
// configuration names the same old unit: who writes the new one there ends it.
//
//   { "<device>": { "declared": "...", "unit": "...", "by": "...", "at": "2026-11-22T..." }, ... }

#include "store/model/result.hpp"
#include "store/model/time.hpp"

#include <map>
#include <optional>
#include <string>

namespace lotgate::site {

struct AcceptedUnit {
    std::string declared;
    std::string unit;
    std::string by;
    std::string at;
};

class AcceptedUnits {
public:
    /// A file that is not there is an empty one. One that cannot be understood is told as a Fault
    /// (corrupt) and nothing of it counts: the configuration does.
    [[nodiscard]] Result<> load(const std::string& path);

    [[nodiscard]] std::optional<std::string> instead_of(const std::string& device,
                                                        const std::string& declared) const;
    /// Durable when it returns.
    [[nodiscard]] Result<> accept(const std::string& device, AcceptedUnit unit);

private:
    [[nodiscard]] Result<> save(const std::map<std::string, AcceptedUnit>& units) const;

    std::string path_;
    std::map<std::string, AcceptedUnit> units_;
};

}  // namespace lotgate::site
