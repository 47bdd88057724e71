#include "daemon/import/import_file.hpp"

#include "daemon/import/nesting_watch.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace lotgate::import {

namespace json = boost::json;

namespace {

constexpr std::int64_t rows_per_progress = 5000;
constexpr std::size_t lines_max = 100'000;  ///< of one document
constexpr std::size_t examples_max = 20;

// Numbers of one length without a leading zero, where others of the column are longer and begin
// with one: a spreadsheet has taken the zeros (rule N-10).
class ZeroWatch {
public:
    void see(std::int64_t line, const std::string& column, const json::object& fields) {
        const json::value* value = fields.if_contains(column);
        if (value == nullptr || !value->is_string()) return;
        const std::string_view text = value->get_string();
        if (text.find_first_not_of("0123456789") != std::string_view::npos) return;
        if (text.front() == '0') {
            zero_length_ = std::max(zero_length_, text.size());
            return;
        }
        auto& examples = by_length_[text.size()];
        if (examples.size() < examples_max) examples.emplace_back(line, std::string(text));
    }

    void tell(const std::string& column, const Tell& tell) const {
        for (const auto& [length, examples] : by_length_) {
            if (length >= zero_length_) break;
            for (const auto& [line, text] : examples)
                tell({line,
                      column,
                      text,
                      "IMPORT_NUMERIC_MANGLED",
                      "others of the column begin with 0 and are longer: a spreadsheet may have "
                      "taken the zeros. Format the column as text, export again."});
        }
    }

private:
    std::size_t zero_length_ = 0;
    std::map<std::size_t, std::vector<std::pair<std::int64_t, std::string>>> by_length_;
};

class Reading {
public:
    Reading(const Table& table, const Hearers& hearers) : table_(&table), hearers_(&hearers) {}

    Result<Summary> run(std::istream& in) {
        CsvReader reader(in);
        CsvRow row;
        Header header;
        LG_TRY(const bool has_header, reader.next(row));
        const Tell tell = [this](Problem problem) {
            ++summary_.problems;
            hearers_->tell(std::move(problem));
        };
        if (!has_header) {
            tell({1, {}, {}, "IMPORT_EMPTY", "the file is empty."});
            return summary_;
        }
        if (!header.match(*table_, row, tell)) return summary_;
        summary_.has_semicolons = reader.separator() == ';';
        while (true) {
            auto is_there = reader.next(row);
            if (!is_there) {
                tell({0, {}, {}, "IMPORT_CSV", is_there.error().detail()});
                break;
            }
            if (!*is_there) break;
            LG_CHECK(take_row(row, header, tell));
        }
        LG_CHECK(finish_document());
        find_repeats(tell);
        nesting_.tell(tell);
        for (const auto& [column, watch] : watches_) watch.tell(column, tell);
        return summary_;
    }

private:
    Result<> take_row(const CsvRow& row, const Header& header, const Tell& tell) {
        ++summary_.rows;
        if (hearers_->progress && summary_.rows % rows_per_progress == 0)
            hearers_->progress(summary_.rows);
        const std::int64_t problems = summary_.problems;
        Header::Fields fields = header.read(row, tell);
        for (const char* column : {"lot", "serial"})
            watches_[column].see(row.line, column, table_->is_document ? fields.line : fields.item);
        check_together(row, fields, tell);
        nesting_.see(row.line, fields.line);
        if (summary_.problems != problems) return {};
        if (table_->is_document) return take_line(row, std::move(fields), tell);
        keys_.emplace_back(std::hash<std::string>()(fields.key), row.line);
        ++summary_.items;
        return hearers_->take(json::serialize(fields.item), row.line);
    }

    void check_together(const CsvRow& row, const Header::Fields& fields, const Tell& tell) const {
        const bool counts = table_->item == "stock" || table_->is_document;
        const json::object& goods = table_->is_document ? fields.line : fields.item;
        if (!counts || goods.contains("serial") || goods.contains("quantity")) return;
        tell({row.line, "quantity", {}, "IMPORT_INVALID", "a row needs a quantity or a serial."});
    }

    Result<> take_line(const CsvRow& row, Header::Fields fields, const Tell& tell) {
        if (fields.key != document_key_) {
            LG_CHECK(finish_document());
            document_key_ = fields.key;
            document_ = std::move(fields.item);
            document_line_ = row.line;
            lines_.clear();
            keys_.emplace_back(std::hash<std::string>()(document_key_), row.line);
        }
        std::string serial;
        if (const json::value* value = fields.line.if_contains("serial"))
            serial = value->as_string().c_str();
        fields.line.erase("serial");
        // Rows with a serial that say the same otherwise are one line.
        if (!serial.empty()) fields.line.erase("quantity");
        const std::string same = json::serialize(fields.line);
        if (!serial.empty() && !lines_.empty() && lines_.back().text == same) {
            lines_.back().serials.emplace_back(serial);
            return {};
        }
        if (lines_.size() == lines_max) {
            tell({row.line, "id", {}, "IMPORT_ROW", "a document has at most 100000 lines."});
            return {};
        }
        lines_.push_back({same, std::move(fields.line), {}});
        if (!serial.empty()) lines_.back().serials.emplace_back(serial);
        return {};
    }

    Result<> finish_document() {
        if (lines_.empty()) return {};
        json::array list;
        for (Line& line : lines_) {
            if (!line.serials.empty()) line.fields["serials"] = std::move(line.serials);
            list.push_back(std::move(line.fields));
        }
        lines_.clear();
        document_["lines"] = std::move(list);
        ++summary_.items;
        return hearers_->take(json::serialize(document_), document_line_);
    }

    void find_repeats(const Tell& tell) {
        std::sort(keys_.begin(), keys_.end());
        for (std::size_t i = 1; i < keys_.size(); ++i) {
            if (keys_[i].first != keys_[i - 1].first) continue;
            tell({keys_[i].second,
                  std::string(table_->key.front()),
                  {},
                  "IMPORT_REPEATED",
                  "the same key stands on line " + std::to_string(keys_[i - 1].second) +
                      (table_->is_document ? "; rows of one document stand together."
                                           : ". Leave one of the two.")});
        }
    }

    struct Line {
        std::string text;
        json::object fields;
        json::array serials;
    };

    const Table* table_;
    const Hearers* hearers_;
    Summary summary_;
    std::vector<std::pair<std::size_t, std::int64_t>> keys_;
    std::map<std::string, ZeroWatch> watches_;
    NestingWatch nesting_;
    std::string document_key_;
    json::object document_;
    std::int64_t document_line_ = 0;
    std::vector<Line> lines_;
};

}  // namespace

Result<Summary> read_file(std::istream& in, const Table& table, const Hearers& hearers) {
    return Reading(table, hearers).run(in);
}

}  // namespace lotgate::import
