#pragma once

// What a row of the ledger names: every unit, lot, carton, document and product that stands
// anywhere in its body, whatever kind of event it is. Wider than the table `mention`, which lists
// what people search by: an announcement of a pallet names each of its serials here.

#include "store/model/ledger_row.hpp"

#include <set>
#include <string>

namespace lotgate::store {

struct NamedIn {
    std::set<std::string>
        subjects;  ///< "unit:…", "lot:…", "container:…", "document:…", "product:…"
    std::set<std::string> gtins;  ///< of all products
    std::string clock;            ///< "synced", "unset", …; empty where the event does not say
};

/// Never fails: a body that is no JSON names nothing.
[[nodiscard]] NamedIn named_in(const LedgerRow& row);

}  // namespace lotgate::store
