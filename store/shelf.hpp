#pragma once

// The stock an order can be served from: free, not held, at places one may pick from, and not
// promised to others. Reads only what an answer needs, so that a product with millions of units
// costs no more than one with a hundred. Works on the writer's and on a reader's connection.

#include "store/catalogue_reader.hpp"
#include "store/rules/facts.hpp"
#include "store/rules/rotation.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lotgate::store {

class Shelf {
public:
    /// The catalogue outlives it; its keeper renews it.
    Shelf(sqlite::Database& database, CatalogueReader& catalogue);

    /// What of a product is asked for, and by whom.
    struct Question {
        std::string gtin;
        bool is_serialised = false;
        bool has_received = true;  ///< goods count before they are put away
        std::string order;         ///< its own promises do not stand against it
    };

    /// Enough eligible stock for the need, in its order: places of lots, or single units where
    /// `by_serial`. Short where there is no more.
    [[nodiscard]] std::vector<rules::Candidate> stock(const Question& question,
                                                      const rules::Need& need,
                                                      bool by_serial);
    /// The lot that leaves before `taken`, with one place where it stands; or nothing.
    [[nodiscard]] std::vector<rules::Candidate> before(const Question& question,
                                                       const rules::Need& need,
                                                       const rules::Candidate& taken,
                                                       std::int64_t tolerance_days);

    [[nodiscard]] std::vector<rules::PromiseFacts> promised(const std::string& order,
                                                            const std::string& gtin);
    /// Fetched for the order and not packed yet, by line; goods counted by lot are on line 0.
    [[nodiscard]] std::vector<rules::PromiseFacts> picked(const std::string& order);
    /// Lots of that line which are picked or packed already.
    [[nodiscard]] std::vector<std::string> lots_taken(const std::string& order,
                                                      const std::string& gtin);

private:
    std::vector<rules::Candidate> lots(const Question& question);
    void add_places(const Question& question,
                    const rules::Candidate& lot,
                    std::int64_t wanted,
                    std::vector<rules::Candidate>& out);
    void add_units(const Question& question,
                   const rules::Candidate& lot,
                   std::int64_t wanted,
                   std::vector<rules::Candidate>& out);
    void add_balances(const rules::Candidate& lot,
                      const Question& question,
                      std::vector<rules::Candidate>& out);
    [[nodiscard]] bool is_pickable(const std::string& place, std::int64_t& walk_order);
    [[nodiscard]] std::int64_t promised_to_others(const Question& question,
                                                  const std::string& lot_key);

    CatalogueReader* catalogue_;
    sqlite::Statement unit_lot_, unit_place_, unit_count_, units_, balance_lots_, balances_;
    sqlite::Statement lot_, held_, others_, promised_lots_, promised_units_, picked_units_,
        picked_goods_, taken_units_, taken_goods_;
};

}  // namespace lotgate::store
