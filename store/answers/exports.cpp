#include "store/answers/exports.hpp"

#include "store/answers/answers.hpp"

#include <boost/json.hpp>

#include <array>

namespace lotgate::store {

namespace {

struct Export {
    std::string_view sheet;
    std::vector<std::string_view> words;  ///< one of them stands in every event that matters
    void (*add)(sqlite::Database&, const ExportPage&, json::object&);
};

const std::array<Export, 4>& all_exports() {
    static const std::array<Export, 4> table{{
        {"receiving", {R"("did":"received")", R"("did":"receipt_undone")"}, add_sheet},
        {"shipping", {R"("SHIPPED")", R"("shipped:)"}, add_sheet},
        {"dc-to-store", {R"("SHIPPED")", R"("shipped:)"}, add_sheet},
        {"exceptions",
         {R"("PRODUCT_UNKNOWN")",
          R"("SERIAL_NOT_ON_ASN")",
          R"("LOT_MISMATCH_FOR_SERIAL")",
          R"("OVER_RECEIPT")",
          R"("did":"receipt_closed")"},
         add_exceptions},
    }};
    return table;
}

Result<std::optional<ExportLot>> lot_asked_for(sqlite::Database& db, const std::string& text) {
    constexpr std::size_t gtin_digits = 14;
    if (text.empty()) return std::optional<ExportLot>();
    ExportLot lot;
    if (text.size() > gtin_digits + 1 && text[gtin_digits] == '/') {
        lot.gtin = text.substr(0, gtin_digits);
        lot.key = lot_key_of(text.substr(gtin_digits + 1));
    }
    sqlite::Statement known(db, "SELECT 1 FROM lot WHERE gtin=? AND lot_key=?");
    if (!known(lot.gtin, lot.key).next())
        return fail(FaultCode::invalid_input, "no lot of this site is called so (GTIN/LOT)", text);
    return std::optional<ExportLot>(std::move(lot));
}

// Events that are in archive files are not in the answer: it names the files.
json::array archives_of(sqlite::Database& db, const ExportTerms& terms) {
    sqlite::Statement files(db,
                            "SELECT file,first_seq,last_seq FROM archive WHERE (until>>16)>=? "
                            "ORDER BY last_seq");
    std::int64_t since = 0;
    if (terms.from) {
        const auto day = std::chrono::sys_days(*terms.from) - std::chrono::days(1);
        since =
            std::chrono::duration_cast<std::chrono::milliseconds>(day.time_since_epoch()).count();
    }
    return rows_of(files(since), {"file", "from_seq", "to_seq"});
}

}  // namespace

Result<json::object> export_of(sqlite::Database& db, const ExportTerms& terms) {
    const Export* found = nullptr;
    for (const Export& one : all_exports())
        if (one.sheet == terms.sheet) found = &one;
    if (found == nullptr)
        return fail(FaultCode::invalid_input,
                    "the exports are receiving, shipping, dc-to-store and exceptions",
                    terms.sheet);
    LG_TRY(auto lot, lot_asked_for(db, terms.lot));
    const ExportPage page = read_export_page(db, terms, std::move(lot), found->words);
    json::object answer{{"sheet", terms.sheet}};
    found->add(db, page, answer);
    if (page.next != 0) answer["next"] = page.next;
    if (terms.after == 0)
        if (json::array archived = archives_of(db, terms); !archived.empty())
            answer["archived"] = std::move(archived);
    answer["complete"] = completeness_of(db);
    return answer;
}

}  // namespace lotgate::store
