// A recall's answer as one CSV file: a row for each place, carton, order, contact and gap, with its
// section in front, for those who go on in a spreadsheet. A text that a spreadsheet would take for
// a formula begins with an apostrophe.

#include "daemon/cli/show.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <array>

namespace lotgate::cli {

namespace {

constexpr auto sections = std::to_array<std::string_view>({"holds",
                                                           "on_hand",
                                                           "cartons",
                                                           "announced",
                                                           "shipped",
                                                           "shipped_after_recall",
                                                           "contacts",
                                                           "from",
                                                           "lots",
                                                           "unknown",
                                                           "outages",
                                                           "unseen"});

constexpr auto columns =
    std::to_array<std::string_view>({"place",    "state",    "quantity",      "quantity_at_most",
                                     "order",    "customer", "customer_name", "phone",
                                     "email",    "address",  "orders",        "last_at",
                                     "first_at", "serials",  "hold",          "id",
                                     "reason",   "class",    "known_at",      "effective_at",
                                     "sscc",     "pallet",   "station",       "lane",
                                     "asn",      "supplier", "supplier_name", "po",
                                     "units",    "lot",      "mfr_lot",       "effect",
                                     "kind",     "name",     "since",         "until",
                                     "is_open",  "what",     "cartons"});

std::string cell_of(const Json& row, std::string_view column) {
    const Json* const value = member(row, {column});
    if (value == nullptr) return {};
    std::string text;
    if (value->is_array())
        for (const Json& one : value->get_array())
            text += (text.empty() ? "" : " ") + text_at(one, {});
    else
        text = text_at(*value, {});
    return value->is_number() || value->is_bool() ? text : csv_cell(text);
}

}  // namespace

std::string recall_as_csv(const Json& answer) {
    std::string out = "target,section";
    for (const std::string_view column : columns) out += "," + std::string(column);
    out += "\r\n";
    for (const Json* const found : items_at(answer, {"found"}))
        for (const std::string_view section : sections)
            for (const Json* const row : items_at(*found, {section})) {
                out += cell_of(*found, "target") + "," + std::string(section);
                for (const std::string_view column : columns) out += "," + cell_of(*row, column);
                out += "\r\n";
            }
    return out;
}

}  // namespace lotgate::cli
