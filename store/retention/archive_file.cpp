#include "store/retention/archive_file.hpp"

#include "store/answers/projection_tables.hpp"
#include "store/events/bodies.hpp"
#include "store/model/assert.hpp"
#include "store/model/sha256.hpp"
#include "store/retention/text_file.hpp"
#include "store/sqlite/migrations.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lotgate::store {

namespace json = boost::json;

namespace {

constexpr int format_of_ours = 1;
constexpr const char* chain_told =
    "hash_n = SHA-256(hash_{n-1} || row_n); row_n = u64 seq, u64 hlc, text kind, u16 kind_ver, "
    "text station, text actor, text request_id, u64 known_cursor, text body; text = u32 length, "
    "bytes; numbers big-endian; hash_0 = SHA-256('lotgate' || text site || u64 epoch || instance)";

class Line {
public:
    Line& text(std::string_view name, std::string_view value) {
        begin(name);
        append_json_text(out_, value);
        return *this;
    }

    Line& number(std::string_view name, std::uint64_t value) {
        begin(name);
        out_ += std::to_string(value);
        return *this;
    }

    [[nodiscard]] std::string done() { return out_ + "}"; }

private:
    void begin(std::string_view name) {
        out_ += out_.size() > 1 ? "," : "";
        append_json_text(out_, name);
        out_ += ":";
    }

    std::string out_ = "{";
};

Fault wrong(const std::string& path, std::string told) {
    return {FaultCode::corrupt, fmt::format("{}: {}", path, told)};
}

// The members of a line. What is absent or of another type is noted, and empty.
class Members {
public:
    explicit Members(const std::string& line) {
        boost::system::error_code error;
        value_ = json::parse(line, error);
        is_whole_ = !error && value_.is_object();
    }

    std::string text(std::string_view name) {
        const json::value* found = find(name);
        if (found != nullptr && found->is_string()) return std::string(found->get_string());
        is_whole_ = false;
        return {};
    }

    std::uint64_t number(std::string_view name) {
        const json::value* found = find(name);
        boost::system::error_code error;
        const auto value = found == nullptr ? 0 : found->to_number<std::uint64_t>(error);
        if (found == nullptr || error) is_whole_ = false;
        return value;
    }

    Hash hash(std::string_view name) {
        const auto hash = hash_from_hex(text(name));
        if (!hash) is_whole_ = false;
        return hash.value_or(Hash{});
    }

    [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }

    [[nodiscard]] bool is_whole() const { return is_whole_; }

private:
    [[nodiscard]] const json::value* find(std::string_view name) const {
        const json::object* object = value_.if_object();
        return object == nullptr ? nullptr : object->if_contains(name);
    }

    json::value value_;
    bool is_whole_ = false;
};

std::optional<InstanceId> instance_from(const std::string& hex) {
    const auto padded = hash_from_hex(hex + std::string(hex.size(), '0'));
    if (!padded) return std::nullopt;
    InstanceId instance{};
    std::copy_n(padded->begin(), instance.size(), instance.begin());
    return instance;
}

Result<ArchiveHead> read_head(const std::string& path, const std::string& line) {
    Members members(line);
    ArchiveHead head;
    if (members.text("lotgate") != "archive" || members.number("format") != format_of_ours)
        return fail(wrong(path, "it is no archive of a ledger, or of a newer program"));
    head.start.site = members.text("site");
    head.start.epoch = members.number("epoch");
    const auto instance = instance_from(members.text("instance"));
    head.start.instance = instance.value_or(InstanceId{});
    head.schema = static_cast<int>(members.number("schema"));
    head.first = members.number("first");
    head.last = members.number("last");
    head.opening = members.hash("opening");
    head.closing = members.hash("closing");
    head.until = members.number("until");
    if (!members.is_whole() || !instance) return fail(wrong(path, "its head cannot be read"));
    if (head.first == 1 && head.opening != chain_start(head.start))
        return fail(wrong(path, "it begins the ledger, and not with the start of its chain"));
    return head;
}

bool read_row(Members& members, LedgerRow& row) {
    row.seq = static_cast<Seq>(members.number("seq"));
    row.hlc = members.number("hlc");
    row.kind = members.text("kind");
    row.kind_ver = static_cast<std::uint16_t>(members.number("kind_ver"));
    row.station = members.text("station");
    row.actor = members.text("actor");
    row.request_id = members.text("request_id");
    row.known_cursor = members.number("known_cursor");
    row.body = members.text("body");
    return members.is_whole();
}

class FileCheck {
public:
    FileCheck(std::string path, const ArchiveHearer& hearer)
        : path_(std::move(path)), hearer_(&hearer) {}

    [[nodiscard]] Result<CheckedArchive> run() {
        LG_TRY(reader_, TextFileReader::open(path_));
        std::string line;
        LG_TRY(const bool has_head, reader_->next(line));
        if (!has_head) return fail(wrong(path_, "it is empty"));
        LG_TRY(checked_.head, read_head(path_, line));
        hash_ = checked_.head.opening;
        while (true) {
            ++lines_;
            LG_TRY(const bool has_more, reader_->next(line));
            if (!has_more) break;
            if (is_ended_) return fail(wrong(path_, "something follows its end"));
            LG_CHECK(take(line));
        }
        if (!is_ended_) return fail(wrong(path_, "it has no end"));
        checked_.digest = reader_->file_digest();
        return checked_;
    }

private:
    [[nodiscard]] Result<> take(const std::string& line) {
        if (line.starts_with('[')) {
            if (!has_table_) return fail(wrong(path_, "values without a table"));
            if (hearer_->values) hearer_->values(line);
            return {};
        }
        Members members(line);
        if (members.has("end")) return take_end(members);
        if (members.has("table")) return take_table(members, line);
        return take_row(members);
    }

    [[nodiscard]] Result<> take_row(Members& members) {
        LedgerRow row;
        const std::uint64_t expected = checked_.head.first + rows_;
        if (has_table_ || !read_row(members, row) || number_of(row.seq) != expected)
            return fail(wrong(path_, fmt::format("row {} is not there", expected)));
        hash_ = chain_next(hash_, row);
        row.hash = hash_;
        ++rows_;
        if (expected == checked_.head.last &&
            (hash_ != checked_.head.closing || row.hlc != checked_.head.until))
            return fail(wrong(path_,
                              "its rows are not those that were chained: the last hash is "
                              "another"));
        if (hearer_->row) hearer_->row(row);
        if (hearer_->goes_on && rows_ % 1000 == 0 && !hearer_->goes_on(rows_))
            return fail(FaultCode::closed, "the reading was broken off");
        return {};
    }

    [[nodiscard]] Result<> take_table(Members& members, const std::string& line) {
        const std::string name = members.text("table");
        if (!members.is_whole()) return fail(wrong(path_, "a table has no name"));
        has_table_ = true;
        if (hearer_->table) hearer_->table(checked_.head, name, line);
        return {};
    }

    [[nodiscard]] Result<> take_end(Members& members) {
        is_ended_ = true;
        const bool has_all = rows_ == checked_.head.last - checked_.head.first + 1 &&
                             members.number("rows") == rows_ && members.number("lines") == lines_;
        if (!has_all || !members.is_whole())
            return fail(wrong(path_, fmt::format("{} rows are there, not all of them", rows_)));
        if (members.hash("sha256") != reader_->digest_before())
            return fail(wrong(path_, "its text was changed: the digest at its end is another"));
        return {};
    }

    const std::string path_;
    const ArchiveHearer* hearer_;
    std::unique_ptr<TextFileReader> reader_;
    CheckedArchive checked_;
    Hash hash_{};
    std::uint64_t rows_ = 0;
    std::uint64_t lines_ = 0;
    bool has_table_ = false;
    bool is_ended_ = false;
};

void append_value(std::string& out, const sqlite::Rows& rows, int column) {
    const char type = rows.type(column);
    LG_ASSERT(type == 'i' || type == 't' || type == 'n');  // no projection has another
    if (type == 'i')
        out += std::to_string(rows.integer(column));
    else if (type == 't')
        append_json_text(out, rows.view(column));
    else
        out += "null";
}

// Puts lines of state into tables.
class StateLoader {
public:
    explicit StateLoader(sqlite::Database& scratch) : scratch_(&scratch) {}

    void table(const ArchiveHead& head, const std::string& name, const std::string& line) {
        insert_.reset();
        if (!is_begun_) begin(head.schema);
        if (fault_ || !is_projection(name)) return note(name);
        boost::system::error_code error;
        const json::value parsed = json::parse(line, error);
        const json::value* columns = error ? nullptr : parsed.as_object().if_contains("columns");
        if (columns == nullptr || !columns->is_array()) return note(name);
        std::string names;
        std::string marks;
        for (const json::value& column : columns->get_array()) {
            const std::string text(column.is_string() ? column.get_string().c_str() : "");
            const bool is_word =
                !text.empty() &&
                text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
            if (!is_word) return note(name);
            names += (names.empty() ? "" : ",") + text;
            marks += marks.empty() ? "?" : ",?";
        }
        insert_ = std::make_unique<sqlite::Statement>(
            *scratch_, fmt::format("INSERT INTO \"{}\"({}) VALUES({})", name, names, marks));
        width_ = columns->get_array().size();
    }

    void values(const std::string& line) {
        boost::system::error_code error;
        const json::value parsed = json::parse(line, error);
        if (fault_) return;
        if (error || !insert_ || parsed.get_array().size() != width_) return note(line);
        std::vector<sqlite::Value> row;
        for (const json::value& value : parsed.get_array()) {
            if (value.is_string())
                row.emplace_back(std::string(value.get_string()));
            else if (value.is_int64())
                row.emplace_back(value.get_int64());
            else
                row.emplace_back(nullptr);
        }
        insert_->run_values(row);
    }

    /// Empty, or what could not be taken in.
    [[nodiscard]] std::string end() {
        insert_.reset();
        if (scratch_->in_transaction()) scratch_->execute("COMMIT");
        if (scratch_->fault()) note(scratch_->fault()->detail());
        return fault_.value_or("");
    }

private:
    void begin(int schema) {
        is_begun_ = true;
        if (schema > sqlite::newest_schema()) return note("it is of a newer program");
        if (auto migrated = sqlite::migrate_to(*scratch_, schema); !migrated)
            return note(migrated.error().detail());
        scratch_->execute("BEGIN");
    }

    void note(const std::string& what) {
        if (!fault_) fault_ = what;
    }

    sqlite::Database* scratch_;
    std::unique_ptr<sqlite::Statement> insert_;
    std::size_t width_ = 0;
    bool is_begun_ = false;
    std::optional<std::string> fault_;
};

}  // namespace

std::string head_line(const ArchiveHead& head) {
    return Line()
        .text("lotgate", "archive")
        .number("format", format_of_ours)
        .text("site", head.start.site)
        .number("epoch", head.start.epoch)
        .text("instance", to_hex(head.start.instance))
        .number("schema", static_cast<std::uint64_t>(head.schema))
        .number("first", head.first)
        .number("last", head.last)
        .text("opening", to_hex(head.opening))
        .text("closing", to_hex(head.closing))
        .number("until", head.until)
        .text("chain", chain_told)
        .done();
}

std::string row_line(const LedgerRow& row) {
    return Line()
        .number("seq", number_of(row.seq))
        .number("hlc", row.hlc)
        .text("kind", row.kind)
        .number("kind_ver", row.kind_ver)
        .text("station", row.station)
        .text("actor", row.actor)
        .text("request_id", row.request_id)
        .number("known_cursor", row.known_cursor)
        .text("body", row.body)
        .done();
}

std::string end_line(std::uint64_t rows, std::uint64_t lines, const Hash& digest) {
    return Line()
        .number("end", 1)
        .number("rows", rows)
        .number("lines", lines)
        .text("sha256", to_hex(digest))
        .done();
}

Result<CheckedArchive> check_archive_file(const std::string& path, const ArchiveHearer& hearer) {
    return FileCheck(path, hearer).run();
}

Result<> write_state(sqlite::Database& db, const std::function<void(const std::string&)>& line) {
    for (const ProjectionTable& table : projection_tables()) {
        sqlite::Statement all(
            db, fmt::format("SELECT * FROM \"{}\" ORDER BY {}", table.name, table.key));
        std::string columns;
        for (const std::string& name : all.column_names())
            columns += fmt::format("{}\"{}\"", columns.empty() ? "" : ",", name);
        line(fmt::format(R"({{"table":"{}","columns":[{}]}})", table.name, columns));
        for (auto rows = all(); rows.next();) {
            std::string values = "[";
            for (int column = 0; column < rows.columns(); ++column) {
                if (column > 0) values += ",";
                append_value(values, rows, column);
            }
            line(values + "]");
        }
    }
    if (db.fault()) return fail(*db.fault());
    return {};
}

Result<CheckedArchive> load_state(const std::string& path, sqlite::Database& scratch) {
    StateLoader loader(scratch);
    const ArchiveHearer hearer{{},
                               [&](const auto& head, const auto& name, const auto& line) {
                                   loader.table(head, name, line);
                               },
                               [&](const auto& line) { loader.values(line); },
                               {}};
    LG_TRY(CheckedArchive checked, check_archive_file(path, hearer));
    if (const std::string why = loader.end(); !why.empty())
        return fail(wrong(path, "its state cannot be read: " + why));
    LG_CHECK(sqlite::migrate(scratch));
    return checked;
}

}  // namespace lotgate::store
