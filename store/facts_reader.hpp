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
/// A new pallet, with a number of the site's own range; its label is printed.
inline constexpr const char* new_pallet_code = "LG:PALLET";
/// What is scanned from now on comes off the pallet in hand, or goes onto it again.
inline constexpr const char* off_pallet_code = "LG:OFF";
inline constexpr const char* onto_pallet_code = "LG:ON";
/// How a pallet station remembers that goods come off, in front of the pallet's id.
inline constexpr std::string_view station_off = "off:";
/// With a grade behind it: what comes back here from now on is worth that; NONE takes it back.
inline constexpr std::string_view grade_code = "LG:GRADE:";
/// How a returns station remembers it, where other stations have a carton.
inline constexpr std::string_view station_grade = "grade:";

class FactsReader {
public:
    FactsReader(sqlite::Database& database, Projections& projections);
    FactsReader(const FactsReader&) = delete;
    FactsReader& operator=(const FactsReader&) = delete;
    ~FactsReader() = default;

    [[nodiscard]] rules::Facts read(const rules::Attempt& attempt);

    // ---- one thing by its name, for operations
    /// Valid until the next call.
    [[nodiscard]] const std::optional<rules::ProductFacts>& product(const std::string& gtin);
    [[nodiscard]] std::optional<rules::LotFacts> lot(const std::string& gtin,
                                                     const std::string& key);
    [[nodiscard]] std::optional<rules::UnitFacts> unit(const std::string& gtin,
                                                       const std::string& serial);
    [[nodiscard]] std::optional<rules::DocumentFacts> document(const std::string& id);
    [[nodiscard]] std::optional<rules::CartonFacts> carton(const std::string& sscc);
    /// Of a counted lot, at every place in the building; largest first.
    [[nodiscard]] std::vector<rules::StockFacts> stock(const std::string& gtin,
                                                       const std::string& key);
    /// Of a container and all that it stands in.
    [[nodiscard]] std::vector<std::string> ssccs_over(const std::string& container);
    /// Where the books of a counted lot do not add up.
    [[nodiscard]] std::optional<rules::BrokenFacts> broken(const std::string& gtin,
                                                           const std::string& key);
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
    void read_label_back(const rules::Attempt& attempt, rules::Facts& facts);
    void read_packed_goods(const rules::Attempt& attempt, rules::Facts& facts);
    void read_location_code(const rules::Attempt& attempt, rules::Facts& facts);
    void read_location(const rules::Attempt& attempt, rules::Facts& facts);
    void read_near_match(const rules::Attempt& attempt, rules::Facts& facts);
    void read_twin(const rules::Attempt& attempt, rules::Facts& facts);
    void read_lines(const std::string& document, const std::string& gtin, rules::Facts& facts);
    void read_all_lines(const std::string& document, rules::Facts& facts);
    void read_contents(rules::Facts& facts);
    void read_contents_of(const std::string& container, rules::Facts& facts);
    void read_palletise(const rules::Attempt& attempt, rules::Facts& facts);
    void read_pallet_number(const rules::Attempt& attempt, rules::Facts& facts);
    void read_stock_in(const std::string& container,
                       const rules::Attempt& attempt,
                       rules::Facts& facts);
    void read_pallet_goods(const rules::Attempt& attempt, rules::Facts& facts);
    void read_load(rules::Facts& facts);
    void read_returned_container(const rules::Attempt& attempt, rules::Facts& facts);
    void read_counted_container(const rules::Attempt& attempt, rules::Facts& facts);
    void read_loaded_parts(rules::Facts& facts);
    void read_announced_parts(rules::Facts& facts);
    void read_picked_container(const rules::Attempt& attempt, rules::Facts& facts);
    void add_announced_goods(const std::string& container, rules::Facts& facts);
    void add_left_goods(const rules::CartonFacts& carton, rules::Facts& facts);
    void read_own_lot(const rules::Attempt& attempt, rules::Facts& facts);
    void read_broken(const rules::Attempt& attempt, rules::Facts& facts);
    void read_holds(const rules::Attempt& attempt, rules::Facts& facts);
    void read_last_read(const rules::Attempt& attempt, rules::Facts& facts);
    void read_range(rules::Facts& facts);
    void add_unit_targets(const rules::Attempt& attempt,
                          const rules::Facts& facts,
                          std::vector<std::string>& targets);
    void add_carton_targets(const rules::Facts& facts, std::vector<std::string>& targets);
    void add_holds(std::vector<std::string> targets, rules::Facts& facts);
    void add_ancestors(std::vector<std::string>& targets);
    std::optional<rules::CartonFacts> carton_by(sqlite::Statement& statement,
                                                const std::string& key);

    sqlite::Database* database_;

    Projections* projections_;
    CatalogueReader catalogue_;
    OrderReader orders_;
    sqlite::Statement near_match_, standing_, document_, line_of_sscc_, unit_, twin_, near_, lot_,
        lines_;
    sqlite::Statement all_lines_, stock_, unstored_, container_sscc_, container_id_,
        container_open_;
    sqlite::Statement units_in_, balances_in_, holds_, parents_;
    sqlite::Statement inside_, over_, load_, loading_, is_nested_, announced_goods_, lot_received_,
        sum_of_lot_;
    sqlite::Statement shipped_stock_, grade_, count_place_, counted_;
    sqlite::Statement print_of_, doubt_, range_;
};

}  // namespace lotgate::store
