#include "store/queries.hpp"

#include "store/answers/answers.hpp"
#include "store/answers/exports.hpp"
#include "store/answers/recall.hpp"
#include "store/events/bodies.hpp"
#include "store/model/secret_hash.hpp"
#include "store/operations/stock_change.hpp"
#include "store/retention/archive_guard.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/migrations.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

// One read transaction: what an answer is made of is of one moment.
class Snapshot {
public:
    explicit Snapshot(sqlite::Database& database) : database_(&database) {
        database_->clear_fault();
        database_->execute("BEGIN");
    }

    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    ~Snapshot() {
        if (!database_->in_transaction()) return;
        database_->clear_fault();
        database_->execute("ROLLBACK");
    }

private:
    sqlite::Database* database_;
};

class ReaderQueries final : public Queries {
public:
    explicit ReaderQueries(std::unique_ptr<sqlite::Database> database)
        : database_(std::move(database)),
          head_(*database_,
                "SELECT i.acked_seq,l.seq,l.hash FROM site_identity i LEFT JOIN "
                "(SELECT seq,hash FROM ledger ORDER BY seq DESC LIMIT 1) l"),
          cursors_(*database_, "SELECT lane,cursor FROM feed_cursor"),
          rows_(*database_,
                fmt::format("SELECT {} FROM ledger WHERE seq>? ORDER BY seq LIMIT ?",
                            ledger_columns)),
          effects_(*database_, "SELECT id,state,request FROM effect WHERE is_open=1 ORDER BY id"),
          pin_(*database_, "SELECT pin FROM user WHERE badge=?") {}

    [[nodiscard]] Result<LedgerHead> head() override;
    [[nodiscard]] Result<std::vector<LedgerRow>> rows_after(Seq after,
                                                            std::size_t rows_max,
                                                            std::size_t bytes_max) override;
    [[nodiscard]] Result<std::vector<Effect>> open_effects() override;

    [[nodiscard]] Result<bool> is_pin(const std::string& badge, const std::string& pin) override;
    [[nodiscard]] Result<std::vector<OpenOutage>> open_outages() override;
    [[nodiscard]] Result<std::vector<std::string>> staged_before(Instant then) override;

    [[nodiscard]] Result<std::string> summary() override {
        return answer([this] { return summary_of(*database_, system_clock().now()); });
    }

    [[nodiscard]] Result<std::string> recent(std::size_t count) override {
        return answer([this, count] { return recent_of(*database_, count); });
    }

    [[nodiscard]] Result<std::string> cases(bool open_only) override {
        return answer(
            [this, open_only] { return cases_of(*database_, open_only, system_clock().now()); });
    }

    [[nodiscard]] Result<std::string> labels_of(const std::string& printer) override {
        return answer([&] { return store::labels_of(*database_, printer); });
    }

    [[nodiscard]] Result<std::string> trace(const std::string& what) override {
        return answer([&] { return trace_of(*database_, what); });
    }

    [[nodiscard]] Result<std::string> recall(const std::string& what) override {
        return answer([&] { return recall_of(*database_, what); });
    }

    [[nodiscard]] Result<std::string> why(const std::string& what) override {
        return answer([&] { return why_of(*database_, what); });
    }

    [[nodiscard]] Result<std::string> picks(const std::string& order,
                                            const PickTerms& terms) override {
        return answer([&] { return picks_of(*database_, order, terms); });
    }

    [[nodiscard]] Result<std::string> exported(const ExportTerms& terms) override {
        return answer([&] { return export_of(*database_, terms); });
    }

    [[nodiscard]] Result<std::string> stock_change(const std::string& items) override {
        return answer([&] {
            return boost::json::object{{"changed", stock_changed_by(*database_, items)}};
        });
    }

    [[nodiscard]] Result<std::string> verify_chain() override {
        return answer([this] { return chain_of(*database_); });
    }

    [[nodiscard]] Result<std::string> rebuild_and_compare() override {
        return answer([this] { return rebuild_of(*database_); });
    }

private:
    template <class Ask>
    Result<std::string> answer(Ask ask) {
        const Snapshot snapshot(*database_);
        Result<json::object> object = ask();
        if (!object) return fail(std::move(object).error());
        if (database_->fault()) return fail(*database_->fault());
        return json::serialize(*object);
    }

    std::unique_ptr<sqlite::Database> database_;
    sqlite::Statement head_, cursors_, rows_, effects_, pin_;
};

Result<LedgerHead> ReaderQueries::head() {
    const Snapshot snapshot(*database_);
    const ChainStart origin = chain_origin_of(*database_);
    LedgerHead head;
    head.site = origin.site;
    head.instance = origin.instance;
    head.epoch = origin.epoch;
    head.hash = chain_start(origin);
    if (auto rows = head_(); rows.next()) {
        head.acked = static_cast<Seq>(rows.integer(0));
        head.seq = static_cast<Seq>(rows.integer(1));
        const auto hash = rows.blob(2);
        if (hash.size() == head.hash.size()) std::copy(hash.begin(), hash.end(), head.hash.begin());
    }
    for (auto rows = cursors_(); rows.next();)
        (rows.view(0) == "main" ? head.cursor_main : head.cursor_urgent) =
            static_cast<std::uint64_t>(rows.integer(1));
    if (database_->fault()) return fail(*database_->fault());
    return head;
}

Result<std::vector<LedgerRow>> ReaderQueries::rows_after(Seq after,
                                                         std::size_t rows_max,
                                                         std::size_t bytes_max) {
    const Snapshot snapshot(*database_);
    std::vector<LedgerRow> found;
    std::size_t bytes = 0;
    for (auto rows = rows_(number_of(after), static_cast<std::int64_t>(rows_max)); rows.next();) {
        found.push_back(row_from(rows));
        bytes += found.back().body.size();
        if (bytes >= bytes_max) break;
    }
    if (const std::uint64_t base = archived_seq(*database_); number_of(after) < base)
        return fail(FaultCode::conflict,
                    fmt::format("rows up to {} are in archive files: who needs them again reads "
                                "them from there",
                                base));
    if (database_->fault()) return fail(*database_->fault());
    return found;
}

Result<bool> ReaderQueries::is_pin(const std::string& badge, const std::string& pin) {
    std::string hash;
    {
        const Snapshot snapshot(*database_);
        if (auto rows = pin_(badge); rows.next()) hash = rows.text(0);
        if (database_->fault()) return fail(*database_->fault());
    }
    return is_secret(pin, hash);
}

Result<std::vector<OpenOutage>> ReaderQueries::open_outages() {
    const Snapshot snapshot(*database_);
    sqlite::Statement open(*database_,
                           "SELECT kind,name FROM outage WHERE until IS NULL AND kind<>'clock'");
    std::vector<OpenOutage> outages;
    for (auto rows = open(); rows.next();) outages.push_back({rows.text(0), rows.text(1)});
    if (database_->fault()) return fail(*database_->fault());
    return outages;
}

Result<std::vector<std::string>> ReaderQueries::staged_before(Instant then) {
    const Snapshot snapshot(*database_);
    sqlite::Statement staged(*database_,
                             "SELECT r.id FROM import_run r JOIN ledger l ON l.seq=r.run "
                             "WHERE r.state='staged' AND (l.hlc>>16)<?");
    std::vector<std::string> ids;
    for (auto rows = staged(then.us / 1000); rows.next();) ids.push_back(rows.text(0));
    if (database_->fault()) return fail(*database_->fault());
    return ids;
}

Result<std::vector<Effect>> ReaderQueries::open_effects() {
    const Snapshot snapshot(*database_);
    std::vector<Effect> effects;
    for (auto rows = effects_(); rows.next();) {
        Effect effect;
        effect.id = rows.integer(0);
        effect.state = rows.text(1);
        LG_TRY(EffectBody body, read_effect_body(rows.view(2)));
        if (body.print) effect.request = std::move(*body.print);
        if (body.divert) effect.request = std::move(*body.divert);
        effects.push_back(std::move(effect));
    }
    if (database_->fault()) return fail(*database_->fault());
    return effects;
}

}  // namespace

Result<std::unique_ptr<Queries>> Queries::open(const std::string& path) {
    LG_TRY(auto database, sqlite::Database::open(path, sqlite::OpenMode::reader));
    LG_CHECK(sqlite::check_schema(*database));
    return std::unique_ptr<Queries>(std::make_unique<ReaderQueries>(std::move(database)));
}

}  // namespace lotgate::store
