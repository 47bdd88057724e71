#include "daemon/import/import_table.hpp"

#include "store/model/identity.hpp"
#include "store/model/keyed_text.hpp"
#include "store/model/pattern.hpp"
#include "store/model/product_code.hpp"
#include "store/model/quantity.hpp"
#include "store/model/settings.hpp"
#include "store/model/time.hpp"

#include <boost/json/array.hpp>

#include <array>
#include <charconv>

namespace lotgate::import {

namespace json = boost::json;

namespace {

using enum ColumnKind;

constexpr std::array product_columns = std::to_array<Column>({
    {"gtin", gtin, true},
    {"name", text, true},
    {"owner", text},
    {"serial_tracked", flag},
    {"lot_tracked", flag},
    {"expiry_required", flag},
    {"uniqueness", word, false, false, "product owner global"},
    {"serial_pattern", pattern},
    {"lot_pattern", pattern},
    {"serial_fold", flag},
    {"rotation", word, false, false, "FEFO FIFO LIFO none"},
    {"fefo_policy", word, false, false, "warn reject"},
    {"fefo_tolerance_days", number},
    {"min_life_in_days", number},
    {"min_life_in_percent", number},
    {"life_days_max", number},
    {"best_before_blocks", flag},
    {"codes", codes},
    {"regimes", words, false, false, "rx dscsa fsma204 udi 111 iatf"},
    {"status", word, false, false, "active discontinued"},
    {"assign_tlc", flag},
    {"single_lot", flag},
    {"temp_class", text},
    {"unit", text},
    {"scale", number},
    {"hold_max_age_min", number},
    {"hold_stale", word, false, false, "block warn"},
    {"doc_max_age_min", number},
    {"zone", text},
    {"company_prefix_length", number},
});

constexpr std::array lot_columns = std::to_array<Column>({
    {"gtin", gtin, true},
    {"lot", lot, true},
    {"expires_on", date},
    {"best_before", date},
    {"sell_by", date},
    {"produced_on", date},
    {"packed_on", date},
    {"mfr_lot", text},
    {"supplier", text},
    {"po", text},
});

constexpr std::array location_columns = std::to_array<Column>({
    {"id", text, true},
    {"kind", word, false, false, "bin dock pack cage yard trailer"},
    {"zone", text},
    {"pickable", flag},
    {"quarantine", flag},
    {"lockable", flag},
    {"lot_mix", word, false, false, "allow warn forbid forbid_different_expiry"},
    {"temp_class", text},
    {"walk_order", number},
    {"gln", text},
});

constexpr std::array party_columns = std::to_array<Column>({
    {"id", text, true},
    {"name", text, true},
    {"kind", word, false, false, "customer vendor owner carrier"},
    {"route", text},
    {"rotation", word, false, false, "FEFO FIFO LIFO none"},
    {"min_life_out_days", number},
    {"transit_days", number},
    {"gln", text},
    {"phone", text},
    {"address", text},
    {"email", text},
    {"exempt", flag},
});

constexpr std::array asn_columns = std::to_array<Column>({
    {"id", text, true},
    {"supplier", text, true},
    {"po", text},
    {"owner", text},
    {"line", number, false, true},
    {"gtin", gtin, true, true},
    {"lot", lot, false, true},
    {"mfr_lot", text, false, true},
    {"expires_on", date, false, true},
    {"produced_on", date, false, true},
    {"quantity", quantity, false, true},
    {"sscc", sscc, false, true},
    {"pallet", sscc, false, true},
    {"serial", serial, false, true},
    {"tolerance_percent", number, false, true},
});

constexpr std::array order_columns = std::to_array<Column>({
    {"id", text, true},
    {"customer", text, true},
    {"owner", text},
    {"route", text},
    {"door", text},
    {"carrier", text},
    {"ship_by", date},
    {"deliver_by", date},
    {"station", text},
    {"po", text},
    {"line", number, false, true},
    {"gtin", gtin, true, true},
    {"quantity", quantity, false, true},
    {"lot", lot, false, true},
    {"serial", serial, false, true},
    {"single_lot", flag, false, true},
    {"rotation", word, false, true, "FEFO FIFO LIFO none"},
    {"min_life_days", number, false, true},
    {"allocation", word, false, true, "serial lot quantity"},
    {"tolerance_percent", number, false, true},
});

constexpr std::array stock_columns = std::to_array<Column>({
    {"gtin", gtin, true},
    {"location", text, true},
    {"lot", lot},
    {"serial", serial},
    {"quantity", quantity},
    {"owner", text},
    {"expires_on", date},
    {"best_before", date},
});

const std::vector<Table>& tables() {
    static const std::vector<Table> all{
        {"products", "product", product_columns, {"gtin"}},
        {"lots", "lot", lot_columns, {"gtin", "lot"}},
        {"locations", "location", location_columns, {"id"}},
        {"parties", "party", party_columns, {"id"}},
        {"asn", "asn", asn_columns, {"id"}, true},
        {"orders", "order", order_columns, {"id"}, true},
        {"stock", "stock", stock_columns, {"gtin", "lot", "serial", "location", "owner"}},
    };
    return all;
}

bool is_one_of(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(' '), list.size());
        if (list.substr(0, end) == word) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

// "1.23E+11": what a spreadsheet makes of a long number.
bool is_mangled(std::string_view value) {
    const std::size_t e = value.find_first_of("Ee");
    if (e == std::string_view::npos || e == 0 || e + 2 > value.size()) return false;
    const auto all_of = [](std::string_view part, std::string_view characters) {
        return !part.empty() && part.find_first_not_of(characters) == std::string_view::npos;
    };
    const std::string_view mantissa = value.substr(0, e);
    std::string_view exponent = value.substr(e + 1);
    if (exponent.front() != '+' && mantissa.find('.') == std::string_view::npos) return false;
    if (exponent.front() == '+' || exponent.front() == '-') exponent.remove_prefix(1);
    return all_of(mantissa, "0123456789.,") && all_of(exponent, "0123456789");
}

struct Failed {
    std::string code = "IMPORT_INVALID";
    std::string told;
};

struct Value {
    json::value json;
    std::string key;  ///< as it is compared
    std::optional<Failed> failed = {};
};

Value bad(std::string told) {
    return {nullptr, {}, Failed{"IMPORT_INVALID", std::move(told)}};
}

Value mangled() {
    return {nullptr,
            {},
            Failed{"IMPORT_NUMERIC_MANGLED",
                   "a spreadsheet turned the number into a power of ten and lost digits. Format "
                   "the column as text, export again."}};
}

Value read_identifier(ColumnKind kind, const std::string& value) {
    if (is_mangled(value)) return mangled();
    if (kind == gtin) {
        const auto parsed = Gtin::parse(value);
        if (parsed) return {json::string(parsed->text()), parsed->text()};
        const bool lost_zero = value.size() == 11 || value.size() == 7;
        return bad(parsed.error().detail() +
                   (lost_zero ? "; a leading zero may be lost: format the column as text" : ""));
    }
    if (kind == sscc) {
        const auto parsed = Sscc::parse(value);
        if (parsed) return {json::string(value), value};
        return bad(parsed.error().detail());
    }
    if (kind == serial) {
        const auto parsed = Serial::parse(value);
        if (parsed) return {json::string(value), value};
        return bad(parsed.error().detail());
    }
    const auto parsed = Lot::parse(value);
    if (parsed) return {json::string(value), parsed->key()};
    return bad(parsed.error().detail());
}

Value read_flag(const std::string& value) {
    for (const char* yes : {"true", "yes", "1", "TRUE", "Yes", "True", "YES"})
        if (value == yes) return {true, "1"};
    for (const char* no : {"false", "no", "0", "FALSE", "No", "False", "NO"})
        if (value == no) return {false, "0"};
    return bad("write true or false");
}

Value read_number(const std::string& value) {
    std::int64_t number_read = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number_read);
    const bool is_whole = read.ec == std::errc{} && read.ptr == value.data() + value.size();
    if (!is_whole || number_read < 0 || number_read > 1'000'000'000)
        return bad("write a whole number from 0");
    return {number_read, value};
}

Value read_words(const Column& column, const std::string& value) {
    json::array list;
    std::string_view rest = value;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const std::string_view word = rest.substr(0, end);
        if (!word.empty() && !is_one_of(column.words, word))
            return bad("\"" + std::string(word) + "\" is none of: " + std::string(column.words));
        if (!word.empty()) list.emplace_back(word);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {std::move(list), value};
}

Value read_codes(const std::string& value) {
    json::array list;
    std::string_view rest = value;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const std::string_view code = rest.substr(0, end);
        if (!code.empty() && !is_product_code(code))
            return bad("\"" + std::string(code) +
                       "\" is no product code; write hibc:, ppn: or part: and the number");
        if (!code.empty()) list.emplace_back(code);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {std::move(list), value};
}

Value read_value(const Column& column, const std::string& value) {
    switch (column.kind) {
        case codes:
            return read_codes(value);
        case gtin:
        case sscc:
        case serial:
        case lot:
            return read_identifier(column.kind, value);
        case date:
            if (parse_date(value)) return {json::string(value), value};
            return bad("write the date as 2027-01-31");
        case flag:
            return read_flag(value);
        case number:
            return read_number(value);
        case quantity: {
            const auto parsed = parse_quantity(value, quantity_scale_max);
            if (parsed) return {json::string(value), value};
            return bad(value.find(',') == std::string::npos
                           ? parsed.error().detail()
                           : std::string("write decimals with a point: 12.5"));
        }
        case word:
            if (is_one_of(column.words, value)) return {json::string(value), value};
            return bad("it is one of: " + std::string(column.words));
        case words:
            return read_words(column, value);
        case pattern: {
            const auto parsed = Pattern::parse(value);
            if (parsed) return {json::string(value), value};
            return bad(parsed.error().detail());
        }
        case text:
            break;
    }
    if (is_mangled(value)) return mangled();
    if (value.size() > 200) return bad("it has at most 200 bytes");
    return {json::string(value), value};
}

}  // namespace

const Table* table_named(std::string_view kind) {
    for (const Table& table : tables())
        if (table.kind == kind) return &table;
    return nullptr;
}

std::string table_names() {
    std::string names;
    for (const Table& table : tables())
        names += (names.empty() ? "" : ", ") + std::string(table.kind);
    return names;
}

bool Header::match(const Table& table, const CsvRow& row, const Tell& tell) {
    table_ = &table;
    bool is_good = true;
    std::vector<std::string> known;
    for (const Column& column : table.columns) known.emplace_back(column.name);
    for (const std::string& field : row.fields) {
        const std::string name = keyed_text(field);
        const Column* found = nullptr;
        for (const Column& column : table.columns)
            if (column.name == name) found = &column;
        const bool is_custom = name.starts_with("custom.") && name.size() > 7;
        for (const std::string& before : names_) {
            if (before != name) continue;
            tell({row.line, name, {}, "IMPORT_COLUMN", "the column stands twice."});
            is_good = false;
        }
        if (found == nullptr && !is_custom) {
            const auto near = nearest_spelling(name, known);
            tell({row.line,
                  name,
                  {},
                  "IMPORT_COLUMN",
                  near ? "no such column; did you mean \"" + *near + "\"?" : "no such column."});
            is_good = false;
        }
        columns_.push_back(found);
        names_.push_back(name);
    }
    for (const Column& column : table.columns) {
        if (!column.is_required) continue;
        const bool is_there = std::find(names_.begin(), names_.end(), column.name) != names_.end();
        if (is_there) continue;
        tell({row.line, std::string(column.name), {}, "IMPORT_COLUMN", "the column is missing."});
        is_good = false;
    }
    return is_good;
}

Header::Fields Header::read(const CsvRow& row, const Tell& tell) const {
    Fields fields;
    std::vector<std::string> keys(table_->key.size());
    if (row.fields.size() != columns_.size())
        tell({row.line,
              {},
              {},
              "IMPORT_ROW",
              "the row has " + std::to_string(row.fields.size()) + " fields, the first row has " +
                  std::to_string(columns_.size()) + "."});
    const std::size_t count = std::min(row.fields.size(), columns_.size());
    json::object custom;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string value = keyed_text(row.fields[i]);
        const Column* column = columns_[i];
        if (value.empty()) {
            if (column != nullptr && column->is_required)
                tell({row.line, names_[i], {}, "IMPORT_INVALID", "it must not be empty."});
            continue;
        }
        if (column == nullptr) {
            custom[names_[i].substr(7)] = value;
            continue;
        }
        Value read = read_value(*column, value);
        if (read.failed) {
            tell({row.line, names_[i], value, read.failed->code, read.failed->told + "."});
            continue;
        }
        for (std::size_t k = 0; k < keys.size(); ++k)
            if (table_->key[k] == column->name) keys[k] = read.key;
        (column->is_of_line ? fields.line : fields.item)[column->name] = std::move(read.json);
    }
    if (!custom.empty()) (table_->is_document ? fields.line : fields.item)["custom"] = custom;
    for (const std::string& key : keys) fields.key += key + '\x1f';
    return fields;
}

}  // namespace lotgate::import
