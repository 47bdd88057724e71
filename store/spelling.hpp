#pragma once

// What was read or typed, in the site's own words, before anything is judged: the product that an
// HIBC or PPN code stands for, a typed lot without the word in front of it (rule N-08), a serial as
// its unit is known by where the product folds them (N-07). What was read stays in the observation.
// Used inside the transaction; errors are the database's.

#include "store/operations/operation.hpp"
#include "store/rules/attempt.hpp"
#include "store/sqlite/database.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::store {

class FactsReader;

/// Store thread.
class Spelling {
public:
    Spelling(sqlite::Database& database, FactsReader& facts);

    /// Codes that stand for different products make the observation's label_conflict.
    void as_known(rules::Attempt& attempt);
    /// The arguments "lot", "serial" and "target", and the rows of a file.
    void as_known(Operation& operation);

private:
    void name_product(rules::Attempt& attempt);
    void leave_out_prefix_word(rules::Attempt& attempt);
    void fold_serial(rules::ScannedIdentity& what);

    struct Listed {
        std::string code;
        std::vector<std::string> gtins;
    };

    [[nodiscard]] std::vector<Listed> listed(const rules::ScannedIdentity& what);
    [[nodiscard]] std::vector<std::string> products_of(const std::string& code);
    [[nodiscard]] bool is_known(const rules::ScannedIdentity& what);
    [[nodiscard]] bool is_lot(const std::string& gtin, const std::string& key);
    [[nodiscard]] bool is_unit(const std::string& gtin, const std::string& serial);
    /// Without the word in front where only that is known of the product, else nothing.
    [[nodiscard]] std::optional<std::string> lot_meant(const std::string& gtin,
                                                       std::string_view typed);
    [[nodiscard]] std::optional<std::string> serial_meant(const std::string& gtin,
                                                          std::string_view typed);
    [[nodiscard]] std::optional<std::string> target_meant(std::string_view target);
    [[nodiscard]] std::optional<std::string> items_meant(std::string_view items);

    class Rows;

    FactsReader* facts_;
    sqlite::Statement code_, lot_, unit_, folded_;
};

}  // namespace lotgate::store
