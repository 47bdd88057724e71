#include "store/retention/archiving.hpp"

#include "store/answers/answers.hpp"
#include "store/projections/projections.hpp"
#include "store/retention/text_file.hpp"
#include "store/sqlite/migrations.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>

namespace lotgate::store {

namespace fs = std::filesystem;

namespace {

using sqlite::Database;

constexpr std::int64_t rows_looked_at_max = 1'000'000;

Result<std::unique_ptr<Database>> open_reader(const std::string& path) {
    LG_TRY(auto database, Database::open(path, sqlite::OpenMode::reader));
    LG_CHECK(sqlite::check_schema(*database));
    return database;
}

std::string file_name(const ArchiveHead& head) {
    return fmt::format(
        "{}-{}-{:012}-{:012}.jsonl.zst", head.start.site, head.start.epoch, head.first, head.last);
}

Result<ArchiveHead> head_of(Database& db, const ArchiveBorder& border) {
    ArchiveHead head;
    head.start = chain_origin_of(db);
    head.schema = sqlite::newest_schema();
    const LedgerBase base = ledger_base(db, head.start);
    head.first = base.seq + 1;
    head.opening = base.hash;
    head.last = border.last;
    sqlite::Statement last(db, fmt::format("SELECT {} FROM ledger WHERE seq=?", ledger_columns));
    auto rows = last(border.last);
    const bool is_there = rows.next();
    if (db.fault()) return fail(*db.fault());
    if (!is_there || base.seq != border.base || border.last <= border.base)
        return fail(FaultCode::conflict, "the ledger is not as it was planned; plan again");
    const LedgerRow row = row_from(rows);
    head.closing = row.hash;
    head.until = row.hlc;
    return head;
}

// Lines into the file, rows into the fold.
class Writing {
public:
    Writing(Database& live, ArchiveHead head) : live_(&live), head_(std::move(head)) {}

    [[nodiscard]] Result<Hash> run(const std::string& path,
                                   const ArchiveGuard::Progress& progress) {
        LG_TRY(scratch_, Database::open({}, sqlite::OpenMode::scratch));
        LG_TRY(const std::uint64_t base, load_archived_state(*live_, *scratch_));
        if (base + 1 != head_.first)
            return fail(FaultCode::conflict, "another archive was made meanwhile; plan again");
        LG_TRY(file_, TextFileWriter::create(path));
        line(head_line(head_));
        LG_CHECK(rows(progress));
        LG_CHECK(write_state(*scratch_, [this](const std::string& text) { line(text); }));
        const Hash digest = file_->digest_so_far();
        file_->line(end_line(head_.last - head_.first + 1, lines_, digest));
        return file_->finish();
    }

private:
    void line(const std::string& text) {
        file_->line(text);
        ++lines_;
    }

    [[nodiscard]] Result<> rows(const ArchiveGuard::Progress& progress) {
        Projections fold(*scratch_);
        sqlite::Statement read(
            *live_,
            fmt::format("SELECT {} FROM ledger WHERE seq>? AND seq<=? ORDER BY seq LIMIT ?",
                        ledger_columns));
        Hash hash = head_.opening;
        std::uint64_t at = head_.first - 1;
        scratch_->execute("BEGIN");
        while (at < head_.last) {
            std::vector<LedgerRow> some;
            for (auto found = read(at, head_.last, rows_a_read); found.next();)
                some.push_back(row_from(found));
            for (const LedgerRow& row : some) {
                hash = chain_next(hash, row);
                if (number_of(row.seq) != ++at || hash != row.hash) return broken(at);
                LG_CHECK(fold.apply(row));
                line(row_line(row));
            }
            if (live_->fault()) return fail(*live_->fault());
            if (some.empty()) return broken(at + 1);
            if (progress && !progress(at - head_.first + 1))
                return fail(FaultCode::closed, "the writing was broken off");
        }
        fold.settle();
        scratch_->execute("COMMIT");
        if (scratch_->fault()) return fail(*scratch_->fault());
        return {};
    }

    [[nodiscard]] static Result<> broken(std::uint64_t seq) {
        return fail(FaultCode::corrupt,
                    fmt::format("the ledger's chain breaks at row {}; keep the file, and ask for "
                                "`lotgate chain verify` and the last backup",
                                seq));
    }

    Database* live_;
    ArchiveHead head_;
    std::unique_ptr<Database> scratch_;
    std::unique_ptr<TextFileWriter> file_;
    std::uint64_t lines_ = 0;
};

bool is_same(const ArchiveHead& a, const ArchiveHead& b) {
    return a.first == b.first && a.last == b.last && a.opening == b.opening &&
           a.closing == b.closing && a.until == b.until && a.start.site == b.start.site &&
           a.start.epoch == b.start.epoch && a.start.instance == b.start.instance;
}

// In the form of sha256sum, beside the file. Not needed by anybody here.
Result<> write_digest(const std::string& path, const Hash& digest) {
    std::ofstream out(path + ".sha256", std::ios::trunc);
    out << to_hex(digest) << "  " << fs::path(path).filename().string() << "\n";
    out.close();
    if (!out) return fail(FaultCode::unavailable, path + ".sha256 cannot be written");
    return {};
}

// What happened while the rows were looked at, which may have taken minutes; so that the writer has
// little left to look at.
Result<std::uint64_t> look_again(const std::string& database,
                                 std::uint64_t since,
                                 std::uint64_t last) {
    LG_TRY(auto db, open_reader(database));
    const Touched found = touched(*db, since, last, rows_looked_at_max);
    if (db->fault()) return fail(*db->fault());
    if (found.what.empty()) return found.through;
    return fail(FaultCode::conflict,
                fmt::format("something happened to {} meanwhile; run it again", found.what));
}

}  // namespace

Result<ArchiveBorder> plan_archive(const std::string& database,
                                   const ArchiveTerms& terms,
                                   const ArchiveGuard::Progress& progress) {
    LG_TRY(auto db, open_reader(database));
    ArchiveGuard guard(*db, terms);
    ArchiveBorder border = guard.border(progress);
    if (db->fault()) return fail(*db->fault());
    return border;
}

Result<WrittenArchive> write_archive(const std::string& database,
                                     const ArchiveBorder& border,
                                     const std::string& folder,
                                     const ArchiveGuard::Progress& progress) {
    LG_TRY(auto db, open_reader(database));
    LG_TRY(const ArchiveHead head, head_of(*db, border));
    std::error_code error;
    const fs::path whole = fs::absolute(fs::path(folder) / file_name(head), error);
    WrittenArchive written;
    written.file = whole.lexically_normal().string();
    written.was_there = fs::exists(written.file, error);
    if (!written.was_there) {
        LG_TRY(const Hash digest, Writing(*db, head).run(written.file, progress));
        LG_CHECK(write_digest(written.file, digest));
    }
    LG_TRY(written.checked, check_archive_file(written.file));
    if (!is_same(written.checked.head, head))
        return fail(
            FaultCode::conflict,
            fmt::format("{} is there and is another archive; name another folder", written.file));
    return written;
}

Result<Arguments> check_archive(const std::string& database,
                                const ArchiveTerms& terms,
                                const std::string& file,
                                const ArchiveGuard::Progress& progress) {
    ArchiveHearer hearer;
    hearer.goes_on = [&](std::uint64_t rows) { return !progress || progress(rows); };
    LG_TRY(const CheckedArchive checked, check_archive_file(file, hearer));
    ArchiveTerms up_to_there = terms;
    up_to_there.up_to = checked.head.last;
    LG_TRY(const ArchiveBorder border, plan_archive(database, up_to_there, progress));
    if (checked.head.first != border.base + 1)
        return fail(FaultCode::invalid_input,
                    fmt::format("{} begins with row {}, the ledger with row {}",
                                file,
                                checked.head.first,
                                border.base + 1));
    if (border.last != checked.head.last)
        return fail(FaultCode::invalid_input,
                    fmt::format("{} goes to row {}; rows from {} must stay: {} {}",
                                file,
                                checked.head.last,
                                border.last + 1,
                                border.stay.code,
                                border.stay.told));
    LG_TRY(const std::uint64_t looked_at, look_again(database, border.head, border.last));
    return Arguments{{"file", file},
                     {"first", std::to_string(checked.head.first)},
                     {"last", std::to_string(checked.head.last)},
                     {"opening", to_hex(checked.head.opening)},
                     {"closing", to_hex(checked.head.closing)},
                     {"digest", to_hex(checked.digest)},
                     {"until", std::to_string(checked.head.until)},
                     {"looked_at", std::to_string(looked_at)},
                     {"cloud", terms.has_cloud ? "yes" : "no"}};
}

Result<std::uint64_t> load_archived_state(Database& live, Database& scratch) {
    std::uint64_t last = 0;
    std::string file;
    std::string digest;
    {
        sqlite::Statement newest(
            live, "SELECT last_seq,file,digest FROM archive ORDER BY last_seq DESC LIMIT 1");
        if (auto rows = newest(); rows.next()) {
            last = static_cast<std::uint64_t>(rows.integer(0));
            file = rows.text(1);
            digest = rows.text(2);
        }
    }
    if (live.fault()) return fail(*live.fault());
    if (last == 0) {
        LG_CHECK(sqlite::migrate(scratch));
        return last;
    }
    LG_TRY(const CheckedArchive checked, load_state(file, scratch));
    if (checked.head.last != last || to_hex(checked.digest) != digest)
        return fail(FaultCode::corrupt,
                    fmt::format("{} is not the archive that was made of rows up to {}; put the "
                                "right one back",
                                file,
                                last));
    return last;
}

}  // namespace lotgate::store
