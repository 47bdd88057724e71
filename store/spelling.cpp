#include "store/spelling.hpp"

#include "store/facts_reader.hpp"
#include "store/model/keyed_text.hpp"
#include "store/model/product_code.hpp"
#include "store/projections/catalogue_fold.hpp"
#include "store/projections/projections.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lotgate::store {

namespace json = boost::json;

namespace {

constexpr const char* word_left_out = "prefix_word_left_out";

// The label contradicts itself or the catalogue does: nothing of it may be used (rule N-14).
void contradict(rules::Attempt& attempt, std::string told) {
    attempt.observation.label_conflict = std::move(told);
    attempt.what = {};
}

std::string* argument(Operation& operation, std::string_view name) {
    for (auto& [own, value] : operation.arguments)
        if (own == name) return &value;
    return nullptr;
}

}  // namespace

Spelling::Spelling(sqlite::Database& db, FactsReader& facts)
    : facts_(&facts),
      code_(db, "SELECT gtin FROM product_code WHERE code=? ORDER BY gtin LIMIT 2"),
      lot_(db,
           "SELECT 1 FROM lot WHERE gtin=?1 AND lot_key=?2 UNION ALL "
           "SELECT 1 FROM document_line WHERE gtin=?1 AND lot_key=?2 AND lot_key<>'' LIMIT 1"),
      unit_(db, "SELECT 1 FROM unit WHERE gtin=? AND serial=? AND state<>'VOIDED'"),
      folded_(db, "SELECT serial FROM unit WHERE gtin=? AND near_key=? AND serial_key=? LIMIT 1") {}

void Spelling::as_known(rules::Attempt& attempt) {
    name_product(attempt);
    if (attempt.observation.is_keyed) leave_out_prefix_word(attempt);
    fold_serial(attempt.what);
}

std::vector<std::string> Spelling::products_of(const std::string& code) {
    std::vector<std::string> gtins;
    for (auto rows = code_(code); rows.next();) gtins.push_back(rows.text(0));
    return gtins;
}

// What the catalogue says of the codes that have a say here; each code's products, never none.
std::vector<Spelling::Listed> Spelling::listed(const rules::ScannedIdentity& what) {
    std::vector<Listed> all;
    for (const std::string& code : what.product_codes) {
        // Another supplier's part number may read the same: beside a GTIN it says nothing.
        const bool has_say = !what.gtin || is_unique_in_the_world(code);
        auto gtins = has_say ? products_of(code) : std::vector<std::string>();
        if (!gtins.empty()) all.push_back({code, std::move(gtins)});
    }
    return all;
}

void Spelling::name_product(rules::Attempt& attempt) {
    rules::ScannedIdentity& what = attempt.what;
    if (what.product_codes.empty()) return;
    const std::vector<Listed> known = listed(what);
    if (known.empty()) return;
    const std::string named = what.gtin ? what.gtin->text() : known.front().gtins.front();
    for (const auto& [code, gtins] : known) {
        if (gtins.size() > 1)
            return contradict(attempt,
                              fmt::format("{} stands for two products here, {} and {}. Have the "
                                          "catalogue put right.",
                                          code,
                                          gtins[0],
                                          gtins[1]));
        if (named != gtins.front())
            return contradict(attempt,
                              fmt::format("The codes of this label disagree: one names product "
                                          "{}, but {} is product {}. Find out which is true, and "
                                          "relabel the goods.",
                                          named,
                                          code,
                                          gtins.front()));
    }
    auto gtin = Gtin::parse(named);
    if (!what.gtin && gtin) what.gtin = std::move(*gtin);
}

bool Spelling::is_lot(const std::string& gtin, const std::string& key) {
    auto rows = lot_(gtin, key);
    return rows.next();
}

bool Spelling::is_unit(const std::string& gtin, const std::string& serial) {
    auto rows = unit_(gtin, serial);
    return rows.next();
}

std::optional<std::string> Spelling::lot_meant(const std::string& gtin, std::string_view typed) {
    const auto rest = without_prefix_word(typed);
    if (!rest || is_lot(gtin, lot_key_of(typed)) || !is_lot(gtin, lot_key_of(*rest))) return {};
    return std::string(*rest);
}

std::optional<std::string> Spelling::serial_meant(const std::string& gtin, std::string_view typed) {
    const auto rest = without_prefix_word(typed);
    if (!rest || is_unit(gtin, std::string(typed)) || !is_unit(gtin, std::string(*rest))) return {};
    return std::string(*rest);
}

bool Spelling::is_known(const rules::ScannedIdentity& what) {
    if (!what.gtin) return false;
    const std::string& gtin = what.gtin->text();
    return (!what.lot || is_lot(gtin, what.lot->key())) &&
           (!what.serial || is_unit(gtin, what.serial->as_labelled()));
}

void Spelling::leave_out_prefix_word(rules::Attempt& attempt) {
    rules::ScannedIdentity& what = attempt.what;
    rules::Observation& seen = attempt.observation;
    bool is_left_out = seen.is_without_prefix_word;
    if (is_left_out && !is_known(what)) {
        what = {};
        return;
    }
    if (is_left_out) {
        seen.parse_error.clear();
        seen.parse_about.clear();
        seen.parse_told.clear();
    }
    if (what.gtin && what.lot)
        if (const auto lot = lot_meant(what.gtin->text(), what.lot->as_labelled())) {
            what.lot = *Lot::parse(*lot);
            is_left_out = true;
        }
    if (what.gtin && what.serial)
        if (const auto serial = serial_meant(what.gtin->text(), what.serial->as_labelled())) {
            what.serial = *Serial::parse(*serial);
            is_left_out = true;
        }
    if (is_left_out) seen.warnings.emplace_back(word_left_out);
}

void Spelling::fold_serial(rules::ScannedIdentity& what) {
    if (!what.gtin || !what.serial) return;
    const auto& product = facts_->product(what.gtin->text());
    if (!product || !product->serial_fold) return;
    const std::string& serial = what.serial->as_labelled();
    std::string known;
    if (auto rows = folded_(what.gtin->text(), near_key_of(serial), serial_key_of(serial, true));
        rows.next())
        known = rows.text(0);
    if (known.empty() || known == serial) return;
    if (auto parsed = Serial::parse(known)) what.serial = std::move(*parsed);
}

void Spelling::as_known(Operation& operation) {
    const auto put = [](std::string* text, const std::optional<std::string>& meant) {
        if (meant) *text = *meant;
    };
    if (std::string* target = argument(operation, "target")) put(target, target_meant(*target));
    const std::string* kind = argument(operation, "kind");
    const bool names_goods =
        kind != nullptr && *kind != "products" && *kind != "parties" && *kind != "locations";
    std::string* items = argument(operation, "items");
    if (items != nullptr && names_goods) put(items, items_meant(*items));
    const std::string* typed = argument(operation, "gtin");
    if (typed == nullptr) return;
    const auto gtin = Gtin::parse(*typed);
    if (!gtin) return;
    if (std::string* lot = argument(operation, "lot")) put(lot, lot_meant(gtin->text(), *lot));
    if (std::string* serial = argument(operation, "serial"))
        put(serial, serial_meant(gtin->text(), *serial));
}

std::optional<std::string> Spelling::target_meant(std::string_view target) {
    const std::size_t colon = target.find(':');
    const std::size_t slash = target.find('/');
    if (colon == std::string_view::npos || slash == std::string_view::npos || slash < colon)
        return {};
    const std::string_view kind = target.substr(0, colon);
    if (kind != "lot" && kind != "unit") return {};
    const auto gtin = Gtin::parse(target.substr(colon + 1, slash - colon - 1));
    if (!gtin) return {};
    const std::string_view name = target.substr(slash + 1);
    const auto meant =
        kind == "lot" ? lot_meant(gtin->text(), name) : serial_meant(gtin->text(), name);
    if (!meant) return {};
    return fmt::format("{}:{}/{}", kind, gtin->text(), *meant);
}

// The rows of a file: objects with "gtin", "lot", "serial" and "serials", and lists of "lines".
class Spelling::Rows {
public:
    explicit Rows(Spelling& spelling) : spelling_(&spelling) {}

    void look_at(json::value& value) {
        if (json::array* list = value.if_array())
            for (json::value& one : *list) look_at(one);
        json::object* row = value.if_object();
        if (row == nullptr) return;
        if (json::value* lines = row->if_contains("lines")) look_at(*lines);
        const json::value* named = row->if_contains("gtin");
        if (named == nullptr || !named->is_string()) return;
        const auto gtin = Gtin::parse(std::string_view(named->as_string()));
        if (!gtin) return;
        gtin_ = gtin->text();
        put(row->if_contains("lot"), &Spelling::lot_meant);
        put(row->if_contains("serial"), &Spelling::serial_meant);
        json::value* serials = row->if_contains("serials");
        if (serials == nullptr || !serials->is_array()) return;
        for (json::value& serial : serials->as_array()) put(&serial, &Spelling::serial_meant);
    }

    [[nodiscard]] bool is_changed() const { return is_changed_; }

private:
    using Meant = std::optional<std::string> (Spelling::*)(const std::string&, std::string_view);

    void put(json::value* value, Meant meant) {
        if (value == nullptr || !value->is_string()) return;
        const auto text = (spelling_->*meant)(gtin_, std::string_view(value->as_string()));
        if (!text) return;
        *value = json::string(*text);
        is_changed_ = true;
    }

    Spelling* spelling_;
    std::string gtin_;
    bool is_changed_ = false;
};

std::optional<std::string> Spelling::items_meant(std::string_view items) {
    boost::system::error_code error;
    json::value list = json::parse(items, error);
    if (error) return {};
    Rows rows(*this);
    rows.look_at(list);
    if (!rows.is_changed()) return {};
    return json::serialize(list);
}

}  // namespace lotgate::store
