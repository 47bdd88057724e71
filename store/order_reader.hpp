#pragma once

// What is known about an order beyond its lines: what it was promised, what was fetched for it,
// what stock could serve it, and what the law wants on its shipment.

#include "store/catalogue_reader.hpp"
#include "store/rules/facts.hpp"
#include "store/shelf.hpp"
#include "store/sqlite/database.hpp"

#include <string>
#include <vector>

namespace lotgate::store {

class OrderReader {
public:
    /// The catalogue outlives it; its keeper renews it.
    OrderReader(sqlite::Database& database, CatalogueReader& catalogue);

    /// Whether a line that has all it asks for as promises is told.
    enum class Promises { leave_out, count_as_asked };

    /// Completes the facts of an attempt at a pick, pack, divert or ship station.
    void read(const rules::Attempt& attempt, rules::Facts& facts);

    /// What the order's lines still ask for, with candidates. `facts` names the order as document
    /// in hand, with its party and all its lines; only the policy, ship date and site date of the
    /// attempt are looked at.
    [[nodiscard]] std::vector<rules::AskFacts> asks(const rules::Attempt& attempt,
                                                    const rules::Facts& facts,
                                                    Promises promises = Promises::leave_out);
    [[nodiscard]] std::vector<rules::LineFacts> lines_of(const std::string& order);

    [[nodiscard]] Shelf& shelf() { return shelf_; }

private:
    void read_opened(const rules::Attempt& attempt, rules::Facts& facts);
    void read_taken(const rules::Attempt& attempt, rules::Facts& facts);
    void read_picked(const rules::Attempt& attempt, rules::Facts& facts);
    void read_unpacked(const rules::Attempt& attempt, rules::Facts& facts);
    void read_leaving(const rules::Attempt& attempt, rules::Facts& facts);

    CatalogueReader* catalogue_;
    Shelf shelf_;
    sqlite::Statement lines_, void_label_, picked_stock_;
};

}  // namespace lotgate::store
