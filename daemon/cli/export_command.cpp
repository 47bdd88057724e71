#include "daemon/cli/export_command.hpp"

#include "daemon/cli/source.hpp"
#include "daemon/cli/text.hpp"
#include "store/model/quantity.hpp"

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <ostream>

namespace lotgate::cli {

namespace json = boost::json;

namespace {

tl::expected<std::optional<Date>, Trouble> day_of(const std::string& option,
                                                  const std::string& text) {
    if (text.empty()) return std::optional<Date>();
    const auto day = parse_date(text);
    if (day) return std::optional<Date>(*day);
    return tl::unexpected<Trouble>(Trouble{exit_usage,
                                           option + " is not a day: \"" + printable(text) + "\"",
                                           "lotgate export receiving " + option + " 2026-11-01"});
}

HttpAsk ask_for(const Invocation& said, std::uint64_t after) {
    HttpAsk ask;
    ask.target = "/api/v1/exports/" + percent_encoded(said.what) +
                 "?after=" + std::to_string(after) + (said.wants_all ? "&all=1" : "");
    for (const auto& [name, value] : {std::pair<const char*, const std::string&>{"lot", said.lot},
                                      {"from", said.from},
                                      {"to", said.until}})
        if (!value.empty()) ask.target += std::string("&") + name + "=" + percent_encoded(value);
    return ask;
}

// The rows of a day are kept until it is over: a page may end in the middle of what is one row.
class SheetPrinter {
public:
    SheetPrinter(std::ostream& out, bool is_json) : out_(out), is_json_(is_json) {}

    void take(const Json& page);
    void finish(const Json& last);

private:
    struct Row {
        std::vector<std::string> cells;
        std::int64_t quantity = 0;
        int scale = 0;
        std::string unit;
    };

    void begin(const Json& page);
    void add(Row row);
    void print_day();
    void print(const std::vector<std::string>& cells);

    std::ostream& out_;
    const bool is_json_;
    bool is_begun_ = false;
    bool has_rows_ = false;
    std::size_t quantity_column_ = 0;
    std::size_t day_column_ = 0;
    std::string day_;
    std::vector<Row> rows_;
    std::map<std::vector<std::string>, std::size_t> known_;
};

void SheetPrinter::begin(const Json& page) {
    is_begun_ = true;
    quantity_column_ = static_cast<std::size_t>(number_at(page, {"quantity_column"}));
    day_column_ = static_cast<std::size_t>(number_at(page, {"day_column"}));
    if (is_json_) {
        out_ << R"({"sheet":)" << json::serialize(page.at("sheet")) << R"(,"columns":)"
             << json::serialize(page.at("columns")) << R"(,"rows":[)";
        return;
    }
    std::string line;
    for (const Json* const name : items_at(page, {"columns"}))
        line += (line.empty() ? "" : ",") + csv_cell(text_at(*name, {}));
    out_ << line << "\r\n";
}

void SheetPrinter::take(const Json& page) {
    if (!is_begun_) begin(page);
    for (const Json* const one : items_at(page, {"rows"})) {
        Row row;
        for (const Json* const cell : items_at(*one, {"cells"}))
            row.cells.push_back(text_at(*cell, {}));
        if (row.cells.size() <= day_column_ || row.cells.size() <= quantity_column_) continue;
        row.cells[quantity_column_].clear();
        row.quantity = number_at(*one, {"quantity"});
        row.scale = static_cast<int>(number_at(*one, {"scale"}));
        row.unit = text_at(*one, {"unit"});
        if (row.cells[day_column_] != day_) print_day();
        day_ = row.cells[day_column_];
        add(std::move(row));
    }
}

void SheetPrinter::add(Row row) {
    const auto [found, is_new] = known_.try_emplace(row.cells, rows_.size());
    if (is_new)
        rows_.push_back(std::move(row));
    else
        rows_[found->second].quantity += row.quantity;
}

void SheetPrinter::print_day() {
    for (Row& row : rows_) {
        if (row.quantity == 0) continue;
        row.cells[quantity_column_] = quantity_text(row.quantity, row.scale) + " " + row.unit;
        print(row.cells);
    }
    rows_.clear();
    known_.clear();
}

void SheetPrinter::print(const std::vector<std::string>& cells) {
    if (is_json_) {
        json::array list;
        for (const std::string& cell : cells) list.emplace_back(cell);
        out_ << (has_rows_ ? "," : "") << json::serialize(list);
    } else {
        std::string line;
        for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + csv_cell(cell);
        out_ << line << "\r\n";
    }
    has_rows_ = true;
}

void SheetPrinter::finish(const Json& last) {
    print_day();
    if (is_json_) out_ << R"(],"complete":)" << json::serialize(last.at("complete")) << "}\n";
    out_.flush();
}

class ReportPrinter {
public:
    explicit ReportPrinter(std::ostream& out) : out_(out) { out_ << R"({"exceptions":[)"; }

    void take(const Json& page) {
        for (const Json* const one : items_at(page, {"exceptions"})) {
            out_ << (has_some_ ? "," : "") << "\n" << json::serialize(*one);
            has_some_ = true;
        }
    }

    void finish(const Json& last) {
        out_ << R"(],"complete":)" << json::serialize(last.at("complete")) << "}\n";
        out_.flush();
    }

private:
    std::ostream& out_;
    bool has_some_ = false;
};

class Export {
public:
    Export(const Invocation& said, const Surroundings& around, store::ExportTerms terms)
        : said_(said), around_(around), terms_(std::move(terms)) {}

    template <class Printer>
    int print(Printer& printer) {
        Json page;
        do {
            const auto answered =
                read_answer(said_, ask_for(said_, terms_.after), [this](store::Queries& queries) {
                    return queries.exported(terms_);
                });
            if (!answered) return complain(around_, answered.error());
            json::error_code error;
            page = json::parse(answered->json, error);
            if (error)
                return complain(around_,
                                {exit_failed, "the answer is not JSON", "lotgate version"});
            if (terms_.after == 0) note(answered->note, page);
            printer.take(page);
            terms_.after = static_cast<std::uint64_t>(number_at(page, {"next"}));
        } while (terms_.after != 0);
        printer.finish(page);
        return status_;
    }

private:
    void note(const std::string& source, const Json& page) {
        if (!source.empty()) around_.err << "note: " << source << "\n";
        for (const Json* const file : items_at(page, {"archived"})) {
            around_.err << "lotgate: events #" << text_at(*file, {"from_seq"}) << " to #"
                        << text_at(*file, {"to_seq"}) << " are in " << text_at(*file, {"file"})
                        << " and not in this sheet\n";
            status_ = exit_problems;
        }
    }

    const Invocation& said_;
    const Surroundings& around_;
    store::ExportTerms terms_;
    int status_ = exit_ok;
};

}  // namespace

int export_sheet(const Invocation& said, const Surroundings& around) {
    const auto from = day_of("--from", said.from);
    if (!from) return complain(around, from.error());
    const auto until = day_of("--to", said.until);
    if (!until) return complain(around, until.error());
    store::ExportTerms terms;
    terms.sheet = said.what;
    terms.lot = said.lot;
    terms.from = *from;
    terms.to = *until;
    terms.is_for_all = said.wants_all;
    Export work(said, around, std::move(terms));
    if (said.what == "exceptions") {
        ReportPrinter reports(around.out);
        return work.print(reports);
    }
    SheetPrinter sheet(around.out, said.is_json);
    return work.print(sheet);
}

}  // namespace lotgate::cli
