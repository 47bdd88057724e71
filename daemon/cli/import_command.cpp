#include "daemon/cli/import_command.hpp"

#include "daemon/cli/import_sender.hpp"
#include "daemon/cli/pins.hpp"
#include "daemon/cli/source.hpp"
#include "daemon/cli/text.hpp"
#include "daemon/import/epcis_asn.hpp"
#include "daemon/import/import_file.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <ostream>

#include <unistd.h>

namespace lotgate::cli {

namespace json = boost::json;

namespace {

constexpr std::size_t asked_bytes_max = 48UL * 1024;
constexpr std::size_t problems_shown_max = 100;

// FNV-1a, 64 bits: tells one file from another, and the slices of both apart.
class Fingerprint {
public:
    void add(const std::string& text) {
        for (const char c : text) {
            hash_ ^= static_cast<unsigned char>(c);
            hash_ *= 0x100000001b3ULL;
        }
    }

    [[nodiscard]] std::string text() const {
        static constexpr const char* hex = "0123456789abcdef";
        std::string digits;
        for (int shift = 60; shift >= 0; shift -= 4) digits.push_back(hex[(hash_ >> shift) & 15U]);
        return digits;
    }

private:
    std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

// A line that draws itself anew on a terminal; every tenth of the way elsewhere.
class ProgressBar {
public:
    ProgressBar(std::ostream& err, const char* what, std::int64_t of)
        : err_(&err), what_(what), of_(of), is_terminal_(isatty(STDERR_FILENO) == 1) {}

    void show(std::int64_t rows) {
        const std::int64_t percent = of_ == 0 ? 0 : rows * 100 / of_;
        if (is_terminal_) {
            *err_ << "\r" << what_ << " " << rows;
            if (of_ != 0) *err_ << " of " << of_ << " (" << percent << " %)";
            *err_ << std::flush;
            is_drawn_ = true;
        } else if (of_ != 0 && percent / 10 > tenth_) {
            tenth_ = percent / 10;
            *err_ << what_ << " " << percent << " %\n";
        }
    }

    void done() {
        if (is_drawn_) *err_ << "\n";
    }

private:
    std::ostream* err_;
    const char* what_;
    std::int64_t of_;
    bool is_terminal_;
    bool is_drawn_ = false;
    std::int64_t tenth_ = 0;
};

// A document that is read as a whole; a despatch of 100,000 units has about 30 MB.
constexpr std::size_t document_bytes_max = 64UL * 1024 * 1024;

Result<import::Summary> read_epcis(std::istream& in, const import::Hearers& hearers) {
    std::string text;
    std::string piece(1UL << 16U, '\0');
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
        text.append(piece, 0, static_cast<std::size_t>(in.gcount()));
        if (text.size() > document_bytes_max)
            return fail(FaultCode::invalid_input, "the document has more than 64 MiB");
    }
    LG_TRY(const std::vector<std::string> asns, import::asns_of_epcis(text));
    import::Summary summary;
    for (const std::string& asn : asns) {
        ++summary.rows;
        ++summary.items;
        LG_CHECK(hearers.take(asn, 0));
    }
    return summary;
}

Result<import::Summary> read_items(const Invocation& said,
                                   const import::Table& table,
                                   const import::Hearers& hearers) {
    std::ifstream in(said.more, std::ios::binary);
    if (!in) return fail(FaultCode::unavailable, "cannot read " + printable(said.more));
    const bool is_document = said.more.ends_with(".json") || said.more.ends_with(".jsonld");
    if (is_document && table.kind == "asn") return read_epcis(in, hearers);
    return import::read_file(in, table, hearers);
}

struct Checked {
    import::Summary summary;
    std::vector<import::Problem> problems;  ///< the first ones
    CheckedFile file;
};

// Asks the site what rows of stock would change, slice by slice, and adds it up.
class StockAsker {
public:
    explicit StockAsker(const Invocation& said) : said_(&said) {}

    void add(const std::string& item) {
        items_ += items_.empty() ? "[" : ",";
        items_ += item;
        if (items_.size() > asked_bytes_max) ask();
    }

    /// What all rows change together; 0 where the site cannot be asked.
    [[nodiscard]] std::int64_t total() {
        if (!items_.empty()) ask();
        return total_;
    }

private:
    void ask() {
        json::object body;
        body["items"] = items_ + "]";
        items_.clear();
        HttpAsk question;
        question.method = "POST";
        question.target = "/api/v1/stock/change";
        question.body = json::serialize(body);
        const auto answered = send_request(*said_, question);
        if (!answered) return;
        json::error_code error;
        const json::value answer = json::parse(answered->json, error);
        if (!error) total_ += number_at(answer, {"changed"});
    }

    const Invocation* said_;
    std::string items_;
    std::int64_t total_ = 0;
};

// The site's profile is asked for, where the site can be asked; the gateway looks at it again.
bool forbids_both(const Invocation& said, const import::Table& table) {
    if (table.kind != "products") return false;
    HttpAsk ask;
    ask.target = "/api/v1/status";
    const auto answered = read_answer(said, ask, Offline());
    if (!answered) return false;
    json::error_code error;
    const json::value status = json::parse(answered->json, error);
    return !error && text_at(status, {"tracking"}) == "exclusive";
}

bool tracks_both(const std::string& item) {
    json::error_code error;
    const json::value product = json::parse(item, error);
    const json::object* const object = error ? nullptr : product.if_object();
    const auto is_set = [&](std::string_view name) {
        const json::value* flag = object->if_contains(name);
        return flag != nullptr && flag->is_bool() && flag->get_bool();
    };
    return object != nullptr && is_set("serial_tracked") && is_set("lot_tracked");
}

Result<Checked> check(const Invocation& said, const import::Table& table, std::ostream& err) {
    Checked checked;
    const bool is_exclusive = forbids_both(said, table);
    std::int64_t forbidden = 0;
    StockAsker stock(said);
    Fingerprint fingerprint;
    ProgressBar bar(err, "checked", 0);
    const import::Tell tell = [&](import::Problem problem) {
        if (checked.problems.size() < problems_shown_max)
            checked.problems.push_back(std::move(problem));
    };
    const import::Take take = [&](const std::string& item, std::int64_t line) -> Result<> {
        fingerprint.add(item);
        checked.file.bytes += item.size() + 1;
        if (table.kind == "stock") stock.add(item);
        if (!is_exclusive || !tracks_both(item)) return {};
        ++forbidden;
        tell({line,
              "lot_tracked",
              "true",
              "TRACKING_EXCLUSIVE",
              "this site tracks a product by serial or by lot. Take one of the two off."});
        return {};
    };
    const import::Progress progress = [&](std::int64_t rows) { bar.show(rows); };
    const import::Hearers hearers{take, tell, progress};
    LG_TRY(checked.summary, read_items(said, table, hearers));
    checked.summary.problems += forbidden;
    checked.file.items = checked.summary.items;
    checked.file.changed = stock.total();
    bar.done();
    checked.file.fingerprint = fingerprint.text();
    std::stable_sort(checked.problems.begin(),
                     checked.problems.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return checked;
}

json::object report_of(const Checked& checked, const std::string& done) {
    json::array problems;
    for (const import::Problem& problem : checked.problems) {
        json::object row{{"line", problem.line},
                         {"column", problem.column},
                         {"value", problem.value},
                         {"code", problem.code},
                         {"told", problem.told}};
        problems.push_back(std::move(row));
    }
    json::object report;
    report["rows"] = checked.summary.rows;
    report["items"] = checked.summary.items;
    report["problems"] = checked.summary.problems;
    report["shown"] = std::move(problems);
    report["done"] = done;
    return report;
}

void show_problems(const Surroundings& around, const Checked& checked) {
    for (const import::Problem& problem : checked.problems) {
        if (problem.line > 0) around.out << "line " << problem.line;
        if (!problem.column.empty()) around.out << ", " << printable(problem.column);
        if (!problem.value.empty()) around.out << " \"" << printable(problem.value) << "\"";
        if (problem.line > 0) around.out << ": ";
        around.out << printable(problem.told) << " [" << problem.code << "]\n";
    }
    const auto shown = static_cast<std::int64_t>(checked.problems.size());
    if (checked.summary.problems > shown)
        around.out << "and " << checked.summary.problems - shown << " more\n";
}

int send_all(const Invocation& said,
             const Surroundings& around,
             const import::Table& table,
             const Checked& checked) {
    ImportSender sender(said, checked.file, read_pins(around, said));
    ProgressBar bar(around.err, "sent", checked.summary.rows);
    const import::Take take = [&](const std::string& item, std::int64_t) {
        return sender.take(item);
    };
    const import::Tell tell = [](const import::Problem&) {};
    const import::Progress progress = [&](std::int64_t rows) { bar.show(rows); };
    const import::Hearers hearers{take, tell, progress};
    const auto read = read_items(said, table, hearers);
    const auto sent = read ? sender.finish() : Result<>();
    bar.done();
    if (!read || !sent) {
        const int status = complain(around, sender.trouble());
        if (sender.has_staged())
            around.err
                << "Nothing is imported yet. Run the same command again: it goes on where it "
                   "stopped. `lotgate do import_drop import="
                << sender.import_id() << "` forgets what was sent.\n";
        return status;
    }
    if (said.is_json)
        around.out << json::serialize(report_of(checked, "imported")) << "\n";
    else if (sender.was_done_before())
        around.out << "This file was imported before; nothing changed. --again imports it anew.\n";
    else
        around.out << checked.summary.rows << " rows imported as " << checked.summary.items << " "
                   << said.what << ".\n";
    return exit_ok;
}

}  // namespace

int import_file(const Invocation& said, const Surroundings& around) {
    const import::Table* table = import::table_named(said.what);
    if (table == nullptr) {
        const Trouble trouble{
            exit_usage,
            "there is no kind \"" + printable(said.what) + "\"; there are " + import::table_names(),
            "lotgate import --help"};
        return complain(around, trouble);
    }
    const auto checked = check(said, *table, around.err);
    if (!checked) {
        const Trouble trouble{exit_failed, checked.error().detail(), "lotgate import --help"};
        return complain(around, trouble);
    }
    if (checked->summary.has_semicolons)
        around.err << "note: the columns are separated by semicolons\n";
    if (checked->summary.problems > 0) {
        if (said.is_json)
            around.out << json::serialize(report_of(*checked, "nothing")) << "\n";
        else
            show_problems(around, *checked);
        around.err << checked->summary.problems << " problems in " << checked->summary.rows
                   << " rows; nothing was imported.\n";
        return exit_failed;
    }
    if (!said.is_dry_run) return send_all(said, around, *table, *checked);
    if (said.is_json)
        around.out << json::serialize(report_of(*checked, "checked")) << "\n";
    else
        around.out << checked->summary.rows << " rows are right; nothing was imported.\n";
    return exit_ok;
}

}  // namespace lotgate::cli
