#pragma once

// What an export reads: a stretch of the ledger, and of it the events of the days and the lot that
// were asked for.

#include "store/events/bodies.hpp"
#include "store/queries.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::store {

/// An event as an export sees it, whatever its kind.
struct ExportEvent {
    std::uint64_t seq = 0;
    std::int64_t ms = 0;  ///< of the ledger's clock
    Date day;             ///< of the site's calendar, as it was judged by then
    std::string did;
    std::string document;
    std::string capture;  ///< how the code was learnt; empty: no code was read
    AttemptBody attempt;  ///< its `changes` are those of any kind; the rest of attempts alone
};

/// Reads what is of use; nothing where the kind changes no goods, or the text is not understood.
[[nodiscard]] std::optional<ExportEvent> export_event(const LedgerRow& row,
                                                      const std::string& zone);

struct ExportLot {
    std::string gtin;
    std::string key;
};

struct ExportPage {
    const ExportTerms& terms;
    std::optional<ExportLot> lot;
    std::vector<ExportEvent> events;
    std::uint64_t next = 0;  ///< 0: this is the last page
};

/// Of the rows after terms.after those whose body has one of the words.
[[nodiscard]] ExportPage read_export_page(sqlite::Database& database,
                                          const ExportTerms& terms,
                                          std::optional<ExportLot> lot,
                                          const std::vector<std::string_view>& words);

/// Goods that came in, or left, by an event; taken back: less than nothing.
struct GoodsMove {
    std::string gtin;
    std::string lot_key;
    std::string serial;         ///< empty: counted goods
    std::int64_t quantity = 0;  ///< units, or of the product's scale where counted
    std::string document;
    std::int64_t line = 0;
    std::string container;
    std::string capture;
};

[[nodiscard]] std::vector<GoodsMove> goods_received(const ExportEvent& event);
[[nodiscard]] std::vector<GoodsMove> goods_shipped(const ExportEvent& event);

}  // namespace lotgate::store
