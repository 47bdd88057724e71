#pragma once

// A row as the facts show it: what an event changes of it is set on top.

#include "store/events/changes.hpp"
#include "store/rules/facts.hpp"

#include <string>

namespace lotgate::store {

/// Its way is the state that the unit is in.
[[nodiscard]] UnitMoved unit_row(std::string gtin,
                                 std::string serial,
                                 const rules::UnitFacts& unit);

[[nodiscard]] ContainerSet container_row(const rules::CartonFacts& carton);

}  // namespace lotgate::store
