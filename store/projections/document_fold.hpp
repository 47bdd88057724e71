#pragma once

// How ASNs, orders and returns (RMAs) of the feed or an import change the projections
// (docs/data/feed.md). A document sent again replaces the one before as far as nothing was done on
// it; what was done stays, and a difference is noted for a case.

#include "store/projections/catalogue_fold.hpp"
#include "store/projections/promise_fold.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace lotgate::store {

class DocumentFold {
public:
    DocumentFold(sqlite::Database& database, CatalogueFold& catalogue);

    /// What a person should look at: a case about the document.
    struct Note {
        std::string_view kind;
        std::string told;
    };

    /// Puts the document in; kind is "asn", "order" or "rma". False where it cannot be read: then
    /// fault() may say what is wrong with it.
    [[nodiscard]] bool put(std::int64_t seq,
                           const boost::json::object& item,
                           std::string_view kind);
    [[nodiscard]] bool cancel(std::int64_t seq,
                              const boost::json::object& item,
                              std::string_view kind);

    /// Of the last put() or cancel().
    [[nodiscard]] const std::vector<Note>& notes() const { return notes_; }

    [[nodiscard]] const std::string& fault() const { return fault_; }

private:
    struct Line {
        std::int64_t number = 0;
        std::string gtin;
        std::string lot;
        std::optional<std::string> expires_on;
        std::optional<std::string> produced_on;
        std::optional<std::string> sscc;
        std::optional<std::string> pallet;  ///< what the case stands on, or the goods themselves
        std::int64_t quantity = 0;
        std::vector<std::string> serials;
        std::string mfr_lot, rotation, allocation, custom;
        bool single_lot = false;
        std::int64_t min_life_days = 0;
        std::int64_t tolerance_percent = 0;
    };

    struct Old {
        std::string kind;  ///< empty: there is none
        bool is_worked_on = false;
        bool is_shipped = false;  ///< some of it
    };

    struct Document;

    [[nodiscard]] std::optional<Line> line_from(const boost::json::value& value,
                                                std::int64_t number);
    [[nodiscard]] Old old(const std::string& id);
    void changed(const Document& document, const std::vector<Line>& lines);
    void put_line(const Document& document, const Line& line);
    void announce(const Document& document, const Line& line);
    void nest(const Document& document, const Line& line);
    bool adopt(const Document& document, const Line& line, const std::string& serial);

    sqlite::Database* database_;
    CatalogueFold* catalogue_;
    PromiseFold promises_;
    sqlite::Statement old_, new_, total_, state_, lines_delete_, serials_delete_, expected_delete_;
    sqlite::Statement line_old_, line_new_, line_quantity_, line_serial_, unit_new_, unit_void_;
    sqlite::Statement lot_new_, variant_, container_new_, container_old_, take_over_, nest_,
        unnest_, known_, adopt_, line_done_, extra_, clear_hold_, clear_case_;
    std::vector<Note> notes_;
    std::string fault_;
};

}  // namespace lotgate::store
