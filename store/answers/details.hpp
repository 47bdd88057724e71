#pragma once

// What a trace says of a thing beside where it is: fields of the site's own, how its label was
// spelt, what stands in it.

#include "store/sqlite/database.hpp"

#include <boost/json.hpp>

#include <string>

namespace lotgate::store {

namespace json = boost::json;

/// custom, capture, confidence, owner, origin and the containers it stands in.
void add_unit_details(sqlite::Database& db,
                      const std::string& gtin,
                      const std::string& serial,
                      json::object& found);
/// The dates that do not block, whose number it is, and every spelling seen.
void add_lot_details(sqlite::Database& db,
                     const std::string& gtin,
                     const std::string& lot_key,
                     json::object& found);
/// Where it stands, what it stands on, and which containers stand on it.
void add_container_details(sqlite::Database& db, const std::string& id, json::object& found);

}  // namespace lotgate::store
