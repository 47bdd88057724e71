#pragma once

// What an announcement says of containers that stand on others: cases on pallets, one deep.

#include <boost/json/fwd.hpp>

#include <string>

namespace lotgate::store {

/// What is wrong with it, by line and member, for a person; empty where nothing is. A case stands
/// on one pallet, never on itself, and no pallet is a case of the same announcement: then there
/// are no loops either.
[[nodiscard]] std::string nesting_fault(const boost::json::object& asn);

}  // namespace lotgate::store
