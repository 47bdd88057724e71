// The sheets of the food traceability rule (21 CFR 1.1340, 1.1345, 1.1455): a row for each lot,
// document, container and day. What the site does not know stays empty.

#include "store/answers/answers.hpp"
#include "store/answers/export_parties.hpp"
#include "store/answers/exports.hpp"
#include "store/answers/voice_code.hpp"
#include "store/facts_rows.hpp"
#include "store/model/quantity.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/rules/rule.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <charconv>
#include <map>
#include <span>
#include <tuple>

namespace lotgate::store {

namespace {

constexpr std::size_t quantity_column = 6;
constexpr std::size_t day_column = 10;
constexpr std::size_t columns_shared = 24;  ///< of all three sheets, but for three names

// Those of a shipment; a receipt has other words for whom, where and when.
constexpr auto sheet_columns = std::to_array<std::string_view>({
    "TLC-GTIN",
    "TLC-Batch",
    "TLC-Date",
    "Date Type",
    "TLC-SSCC",
    "TLC Assigned By",
    "Qty & UOM",
    "Product Description",
    "Ship To Location",
    "Ship From Location",
    "Ship Date",
    "TLC Source Ref GLN",
    "TLC Source Ref FFRN",
    "TLC Source Ref URL",
    "TLC Source Ref GGN",
    "Source Ref Assigned By",
    "Ref Doc",
    "TLC Source Name",
    "TLC Source Street",
    "TLC Source City",
    "TLC Source State",
    "TLC Source Country",
    "TLC Source Zip",
    "TLC Source Phone",
    "VoiceCode",
    "Pallet ID",
    "TLC Collection Method",
    "Confidence Level",
    "Notes on TLC Ambiguity",
});
constexpr auto receipt_names = std::to_array<std::string_view>(
    {"Immediate Previous Source", "Receive Location", "Receive Date"});
constexpr std::size_t first_receipt_name = 8;
constexpr std::size_t columns_of_method = 3;

json::array columns_of(std::string_view sheet) {
    json::array columns;
    std::size_t count = sheet_columns.size();
    if (sheet == "receiving") count = columns_shared;
    if (sheet == "shipping") count -= columns_of_method;
    for (const std::string_view name : std::span(sheet_columns).first(count))
        columns.emplace_back(name);
    if (sheet == "receiving")
        for (std::size_t i = 0; i < receipt_names.size(); ++i)
            columns.at(first_receipt_name + i) = receipt_names.at(i);
    return columns;
}

struct SheetProduct {
    bool is_asked_for = false;
    std::string name;
    std::string unit;
    int scale = 0;
};

struct SheetLot {
    std::string raw;
    std::string date;
    std::string date_type;
    std::optional<Date> packed_on;
    bool is_own = false;
    std::string supplier;
};

struct SheetDocument {
    std::string kind;
    std::string party;
    std::string po;
};

/// How the lot of shipped goods was learnt.
struct CaptureOfLot {
    std::string method;
    int confidence = 0;
};

struct Standing {
    std::string sscc;
    std::string parent;
};

class Sheet {
public:
    Sheet(sqlite::Database& database, const ExportPage& page)
        : page_(page),
          parties_(database),
          site_(parties_.site()),
          product_(database, "SELECT name,regimes,unit,scale FROM product WHERE gtin=?"),
          lot_(database,
               "SELECT raw,own,supplier,packed_on,produced_on,best_before,sell_by,expires_on "
               "FROM lot WHERE gtin=? AND lot_key=?"),
          document_(database, "SELECT kind,party,po FROM document WHERE id=?"),
          line_(database, "SELECT sscc FROM document_line WHERE document=? AND line=?"),
          container_(database, "SELECT sscc,parent FROM container WHERE id=?"),
          unit_(database, "SELECT capture,confidence FROM unit WHERE gtin=? AND serial=?"),
          packed_(database,
                  "SELECT l.body FROM mention m JOIN ledger l ON l.seq=m.seq WHERE m.subject=? "
                  "AND m.seq BETWEEN ? AND ? AND l.kind='attempt' ORDER BY m.seq LIMIT 500") {}

    void take(const ExportEvent& event);
    void take_move(const GoodsMove& move, const ExportEvent& event);
    [[nodiscard]] json::array rows() const;

private:
    struct Row {
        std::vector<std::string> cells;
        std::int64_t quantity = 0;
        int scale = 0;
        std::string unit;
    };

    [[nodiscard]] const SheetProduct& product(const std::string& gtin);
    [[nodiscard]] const SheetLot& lot(const GoodsMove& move);
    [[nodiscard]] SheetDocument document(const std::string& id);
    [[nodiscard]] Standing standing(const std::string& container);
    [[nodiscard]] std::string pallet_under(Standing standing);
    [[nodiscard]] CaptureOfLot capture_of(const GoodsMove& move, const ExportEvent& event);
    [[nodiscard]] CaptureOfLot packing_of(const GoodsMove& move, const ExportEvent& event);
    void add(Row row, std::int64_t quantity);
    [[nodiscard]] std::vector<std::string> cells_of(const GoodsMove& move,
                                                    const SheetDocument& document,
                                                    const ExportEvent& event);
    void add_source(const SheetLot& lot, std::string reference, std::vector<std::string>& cells);

    const ExportPage& page_;
    const bool is_receipt_ = page_.terms.sheet == "receiving";
    const bool is_to_store_ = page_.terms.sheet == "dc-to-store";
    ExportParties parties_;
    const ExportParty site_;
    sqlite::Statement product_, lot_, document_, line_, container_, unit_, packed_;
    std::map<std::string, SheetProduct> products_;
    std::map<std::pair<std::string, std::string>, SheetLot> lots_;
    std::map<std::string, Standing> standing_;  ///< as the event at hand leaves it
    std::map<std::vector<std::string>, std::size_t> known_;
    std::vector<Row> rows_;
};

bool has_word(std::string_view words, std::string_view word) {
    return fmt::format(" {} ", words).find(fmt::format(" {} ", word)) != std::string::npos;
}

const SheetProduct& Sheet::product(const std::string& gtin) {
    const auto [found, is_new] = products_.try_emplace(gtin);
    if (!is_new) return found->second;
    found->second.is_asked_for = page_.terms.is_for_all;
    if (auto rows = product_(gtin); rows.next()) {
        found->second.name = rows.text(0);
        if (has_word(rows.view(1), "fsma204")) found->second.is_asked_for = true;
        found->second.unit = rows.text(2);
        found->second.scale = static_cast<int>(rows.integer(3));
    }
    return found->second;
}

const SheetLot& Sheet::lot(const GoodsMove& move) {
    const auto [found, is_new] = lots_.try_emplace({move.gtin, move.lot_key});
    SheetLot& lot = found->second;
    if (!is_new || move.lot_key.empty()) return lot;
    lot.raw = move.lot_key;
    auto rows = lot_(move.gtin, move.lot_key);
    if (!rows.next()) return lot;
    lot.raw = rows.text(0);
    lot.is_own = rows.integer(1) != 0;
    lot.supplier = rows.text(2);
    lot.packed_on = date_in(rows, 3);
    constexpr auto types = std::to_array<const char*>(
        {"Pack Date", "Production Date", "Best Before Date", "Sell By Date", "Use By Date"});
    int column = 3;
    for (const char* type : types) {
        if (const auto date = date_in(rows, column++); date && lot.date.empty()) {
            lot.date = to_string(*date);
            lot.date_type = type;
        }
    }
    return lot;
}

SheetDocument Sheet::document(const std::string& id) {
    auto rows = document_(id);
    if (!rows.next()) return {};
    return {rows.text(0), rows.text(1), rows.text(2)};
}

Standing Sheet::standing(const std::string& container) {
    if (const auto found = standing_.find(container); found != standing_.end())
        return found->second;
    auto rows = container_(container);
    if (!rows.next()) return {};
    return {rows.text(0), rows.text(1)};
}

std::string Sheet::pallet_under(Standing standing) {
    constexpr int depth_max = 8;
    std::string pallet;
    for (int depth = 0; depth < depth_max && !standing.parent.empty(); ++depth) {
        standing = this->standing(standing.parent);
        pallet = standing.sscc;
    }
    return pallet;
}

// Goods that were counted into a carton: the least certain of the reads that put them there.
CaptureOfLot Sheet::packing_of(const GoodsMove& move, const ExportEvent& event) {
    // A carton that was packed here is called after the row that began it.
    std::int64_t opened = 0;
    const std::string& id = move.container;
    if (id.starts_with('C')) std::from_chars(id.data() + 1, id.data() + id.size(), opened);
    CaptureOfLot worst;
    for (auto rows = packed_(lot_target(move.gtin, move.lot_key), opened, event.seq);
         rows.next();) {
        const auto body = read_attempt_body(rows.view(0));
        if (!body) continue;
        for (const Change& change : body->changes) {
            const auto* balance = std::get_if<BalanceMoved>(&change);
            if (balance == nullptr || balance->to != "carton:" + id) continue;
            const std::string method = body->seen.capture.empty() ? "CASE" : body->seen.capture;
            const int confidence = rules::confidence_of(method);
            if (worst.method.empty() || confidence < worst.confidence) worst = {method, confidence};
        }
    }
    return worst;
}

CaptureOfLot Sheet::capture_of(const GoodsMove& move, const ExportEvent& event) {
    if (!move.serial.empty()) {
        auto rows = unit_(move.gtin, move.serial);
        if (!rows.next() || rows.view(0).empty()) return {};
        return {rows.text(0), static_cast<int>(rows.integer(1))};
    }
    if (!move.container.empty()) return packing_of(move, event);
    if (move.capture.empty()) return {};
    return {move.capture, rules::confidence_of(move.capture)};
}

std::string note_on(const CaptureOfLot& capture) {
    if (capture.method == "MANUAL") return "The code was typed, not read.";
    if (capture.method == "SLOT") return "The lot was taken from its place.";
    if (capture.method == "PALLET_INFERRED") return "The lot was taken from its pallet.";
    if (capture.method.empty()) return "It is not recorded how the lot was learnt.";
    return {};
}

std::string confidence_text(const CaptureOfLot& capture) {
    if (capture.method.empty()) return {};
    return capture.confidence == 100 ? "1" : fmt::format("0.{:02}", capture.confidence);
}

// Who gave the number: this site, where it is ours; else nobody says more than whom it came from.
void Sheet::add_source(const SheetLot& lot,
                       std::string reference,
                       std::vector<std::string>& cells) {
    const ExportParty source = lot.is_own ? site_ : parties_.named(lot.supplier);
    cells.push_back(source.gln);
    cells.insert(cells.end(), 3, std::string());
    cells.push_back(lot.is_own && !source.gln.empty() ? site_.name : std::string());
    cells.push_back(std::move(reference));
    cells.push_back(source.name);
    cells.push_back(source.address);
    cells.insert(cells.end(), 4, std::string());
    cells.push_back(source.phone);
}

std::string reference_of(const std::string& id, const SheetDocument& document) {
    if (id.empty()) return {};
    std::string text = document.kind.empty() ? id : document.kind + " " + id;
    for (std::size_t i = 0; i < document.kind.size(); ++i)
        if (text[i] >= 'a' && text[i] <= 'z') text[i] = static_cast<char>(text[i] - 'a' + 'A');
    if (!document.po.empty()) text += ", PO " + document.po;
    return text;
}

void Sheet::take(const ExportEvent& event) {
    standing_.clear();
    for (const Change& change : event.attempt.changes)
        if (const auto* set = std::get_if<ContainerSet>(&change))
            standing_[set->id] = {set->sscc, set->parent};
    for (const GoodsMove& move : is_receipt_ ? goods_received(event) : goods_shipped(event)) {
        const bool is_lot =
            !page_.lot || (move.gtin == page_.lot->gtin && move.lot_key == page_.lot->key);
        if (is_lot) take_move(move, event);
    }
}

void Sheet::take_move(const GoodsMove& move, const ExportEvent& event) {
    const SheetProduct& product = this->product(move.gtin);
    const SheetDocument document = this->document(move.document);
    if (!product.is_asked_for || (is_to_store_ && document.kind != "order")) return;
    Row row;
    row.scale = product.scale;
    row.unit = product.unit;
    row.cells = cells_of(move, document, event);
    const std::int64_t one = move.serial.empty() ? 1 : one_unit(product.scale);
    add(std::move(row), move.quantity * one);
}

std::vector<std::string> Sheet::cells_of(const GoodsMove& move,
                                         const SheetDocument& document,
                                         const ExportEvent& event) {
    const SheetLot& lot = this->lot(move);
    const Standing standing = this->standing(move.container);
    std::string sscc = standing.sscc;
    if (is_receipt_ && sscc.empty() && move.line != 0)
        if (auto rows = line_(move.document, move.line); rows.next()) sscc = rows.text(0);
    std::vector<std::string> cells{move.gtin, lot.raw, lot.date, lot.date_type, std::move(sscc)};
    cells.push_back(lot.is_own ? site_.name : std::string());
    cells.emplace_back();  // the quantity: of all events of this row
    cells.push_back(product(move.gtin).name);
    cells.push_back(parties_.named(document.party).described());
    cells.push_back(site_.described());
    cells.push_back(to_string(event.day));
    add_source(lot, reference_of(move.document, document), cells);
    if (is_receipt_) return cells;
    cells.push_back(voice_code(move.gtin, lot.raw, lot.packed_on));
    cells.push_back(pallet_under(standing));
    if (!is_to_store_) return cells;
    const CaptureOfLot capture = capture_of(move, event);
    cells.push_back(capture.method);
    cells.push_back(confidence_text(capture));
    cells.push_back(note_on(capture));
    return cells;
}

// What is the same in all but its quantity is one row.
void Sheet::add(Row row, std::int64_t quantity) {
    const auto [found, is_new] = known_.try_emplace(row.cells, rows_.size());
    if (is_new) rows_.push_back(std::move(row));
    rows_[found->second].quantity += quantity;
}

json::array Sheet::rows() const {
    json::array list;
    for (const Row& row : rows_) {
        if (row.quantity == 0) continue;
        json::array cells;
        for (const std::string& cell : row.cells) cells.emplace_back(cell);
        cells.at(quantity_column) = quantity_text(row.quantity, row.scale) + " " + row.unit;
        list.push_back(json::object{{"quantity", row.quantity},
                                    {"scale", row.scale},
                                    {"unit", row.unit},
                                    {"cells", std::move(cells)}});
    }
    return list;
}

}  // namespace

void add_sheet(sqlite::Database& db, const ExportPage& page, json::object& answer) {
    Sheet sheet(db, page);
    for (const ExportEvent& event : page.events) sheet.take(event);
    answer["columns"] = columns_of(page.terms.sheet);
    answer["quantity_column"] = quantity_column;
    answer["day_column"] = day_column;
    answer["rows"] = sheet.rows();
}

}  // namespace lotgate::store
