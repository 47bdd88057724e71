#pragma once

// Reads what the rules need to know about one attempt, and finds out what the read means at its
// station. Used inside the transaction that records the verdict; errors are the database's.

#include "store/catalogue_reader.hpp"
#include "store/order_reader.hpp"
#include "store/projections/projections.hpp"
#include "store/rules/facts.hpp"
#include "store/sqlite/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lotgate::store {

/// A code that closes the carton in hand before its order is complete.
inline constexpr const char* close_carton_code = "LG:CLOSE";
/// With a grade behind it: what comes back here from now on is worth that; NONE takes it back.
inline constexpr std::string_view grade_code = "LG:GRADE:";
/// How a returns station remembers it, where other stations have a carton.
inline constexpr std::string_view station_grade = "grade:";

class FactsReader {
public:
    FactsReader(sqlite::Database& database, Projections& projections);
    FactsReader(const FactsReader&) = delete;
    FactsReader& operator=(const FactsReader&) = delete;

    [[nodiscard]] rules::Facts read(const rules::Attempt& attempt);

    // ---- one thing by its name, for operations
    [[nodiscard]] std::optional<rules::ProductFacts> product(const std::string& gtin);
    [[nodiscard]] std::optional<rules::LotFacts> lot(const std::string& gtin,
                                                     const std::string& key);
    [[nodiscard]] std::optional<rules::UnitFacts> unit(const std::string& gtin,
                                                       const std::string& serial);
    [[nodiscard]] std::optional<rules::DocumentFacts> document(const std::string& id);
    [[nodiscard]] std::optional<rules::CartonFacts> carton(const std::string& sscc);
    /// Of a counted lot, at every place in the building; largest first.
    [[nodiscard]] std::vector<rules::StockFacts> stock(const std::string& gtin,
                                                       const std::string& key);
    [[nodiscard]] std::string sscc_of(const std::string& container);
    /// A place that is known, and that goods are picked from.
    [[nodiscard]] bool is_picked_from(const std::string& place);
    /// The open holds on any of the targets, and on what they were made of.
    [[nodiscard]] std::vector<rules::HoldFacts> holds_on(const std::vector<std::string>& targets);

private:
    /// Hold targets looked for with one statement.
    static constexpr int targets_at_once = 5;

    void read_station(const rules::Attempt& attempt, rules::Facts& facts);
    void read_receive(const rules::Attempt& attempt, rules::Facts& facts);
    void read_pack(const rules::Attempt& attempt, rules::Facts& facts);
    void read_single_unit(const rules::Attempt& attempt, rules::Facts& facts);
    bool opens_return(const rules::Attempt& attempt, rules::Facts& facts);
    void read_return(const rules::Attempt& attempt, rules::Facts& facts);
    void read_counting(const rules::Attempt& attempt, rules::Facts& facts);
    void read_grade(const rules::Attempt& attempt, rules::Facts& facts);
    void read_unpacked(const rules::Attempt& attempt, rules::Facts& facts);
    void read_outgoing(const rules::Attempt& attempt, rules::Facts& facts);
    void read_goods(const rules::Attempt& attempt, rules::Facts& facts);
    void read_packed_goods(const rules::Attempt& attempt, rules::Facts& facts);
    void read_location_code(const rules::Attempt& attempt, rules::Facts& facts);
    void read_location(const rules::Attempt& attempt, rules::Facts& facts);
    void read_near_match(const rules::Attempt& attempt, rules::Facts& facts);
    void read_twin(const rules::Attempt& attempt, rules::Facts& facts);
    void read_lines(const std::string& document, const std::string& gtin, rules::Facts& facts);
    void read_all_lines(const std::string& document, rules::Facts& facts);
    void read_contents(rules::Facts& facts);
    void read_holds(const rules::Attempt& attempt, rules::Facts& facts);
    void read_last_read(const rules::Attempt& attempt, rules::Facts& facts);
    void read_range(rules::Facts& facts);
    static void add_carton_targets(const rules::Facts& facts, std::vector<std::string>& targets);
    void add_holds(std::vector<std::string> targets, rules::Facts& facts);
    void add_ancestors(std::vector<std::string>& targets);
    std::optional<rules::CartonFacts> carton_by(sqlite::Statement& statement,
                                                const std::string& key);

    Projections* projections_;
    CatalogueReader catalogue_;
    OrderReader orders_;
    sqlite::Statement station_, near_match_, standing_, document_, line_of_sscc_, unit_, twin_,
        near_, lot_, lines_;
    sqlite::Statement all_lines_, stock_, unstored_, container_sscc_, container_id_,
        container_open_;
    sqlite::Statement units_in_, balances_in_, holds_, any_lineage_, parents_, sscc_of_;
    sqlite::Statement shipped_stock_, grade_, count_place_, counted_;
    sqlite::Statement print_of_, doubt_, range_;
};

}  // namespace lotgate::store
