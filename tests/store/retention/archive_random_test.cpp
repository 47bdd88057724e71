// Random years of a site that archives as often as it can, and a check that shares no code with the
// guard: it looks for the names of what is here, held or open in the text of the archived events.

#include "store/sqlite/database.hpp"
#include "tests/store/retention/old_house.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>
#include <set>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr int keep_days = 60;

/// Names in bodies end with a quotation mark, which is escaped where an item stands in a body.
bool names(const std::string& body, const std::string& name) {
    for (std::size_t at = body.find(name); at != std::string::npos; at = body.find(name, at + 1)) {
        const char after = at + name.size() < body.size() ? body[at + name.size()] : ' ';
        if (after == '"' || after == '\\') return true;
    }
    return false;
}

std::vector<std::string> texts(OldHouse& old, const std::string& sql) {
    auto database =
        store::sqlite::Database::open(old.house().path(), store::sqlite::OpenMode::reader);
    REQUIRE(database);
    store::sqlite::Statement statement(**database, sql);
    std::vector<std::string> found;
    for (auto rows = statement(); rows.next();) found.push_back(rows.text(0));
    REQUIRE_FALSE((*database)->fault());
    return found;
}

/// What must not be named by any archived event.
std::set<std::string> names_alive(OldHouse& old) {
    std::set<std::string> alive;
    const std::string here = " state NOT IN ('SHIPPED','SCRAPPED','RELABELLED','VOIDED')";
    for (const std::string& sql :
         {"SELECT serial FROM unit WHERE" + here,
          "SELECT l.raw FROM unit u JOIN lot l ON l.gtin=u.gtin AND l.lot_key=u.lot_key WHERE" +
              here,
          "SELECT lot_key FROM unit WHERE" + here,
          std::string("SELECT id FROM document WHERE state='open'"),
          std::string("SELECT substr(target,20) FROM hold WHERE lifted_seq IS NULL"),
          std::string("SELECT u.serial FROM unit u JOIN hold h ON h.target='lot:'||u.gtin||'/'||"
                      "u.lot_key WHERE h.lifted_seq IS NULL"),
          std::string("SELECT substr(subject,instr(subject,':')+1) FROM \"case\" WHERE "
                      "status='open'")})
        for (const std::string& name : texts(old, sql))
            if (!name.empty()) alive.insert(name);
    return alive;
}

/// The rows of all archives, in order.
std::vector<LedgerRow> archived_rows(OldHouse& old) {
    std::vector<LedgerRow> rows;
    store::ArchiveHearer hearer;
    hearer.row = [&](const LedgerRow& row) { rows.push_back(row); };
    for (const std::string& file : texts(old, "SELECT file FROM archive ORDER BY last_seq"))
        REQUIRE(store::check_archive_file(file, hearer));
    return rows;
}

/// Empty, or what is gone and should be here, of the rows that went after `before`. Earlier ones
/// may have come back to life since.
std::string what_is_missing(OldHouse& old, std::uint64_t before) {
    const auto archived = archived_rows(old);
    const auto alive = names_alive(old);
    for (std::size_t i = 0; i < archived.size(); ++i) {
        if (number_of(archived[i].seq) != i + 1) return fmt::format("row {} is nowhere", i + 1);
        for (const std::string& name : alive)
            if (i >= before && names(archived[i].body, name))
                return fmt::format("row {} is gone and names {}", i + 1, name);
    }
    const auto first_open = [&](const char* sql) { return old.number(sql); };
    const auto last = static_cast<std::int64_t>(archived.size());
    if (old.number("SELECT min(seq) FROM ledger") > last + 1) return "rows are nowhere";
    if (first_open("SELECT coalesce(min(opened_seq),1000000) FROM \"case\" WHERE status='open'") <=
        last)
        return "the event of an open case is gone";
    if (first_open("SELECT coalesce(min(placed_seq),1000000) FROM hold WHERE lifted_seq IS NULL") <=
        last)
        return "the event of an open hold is gone";
    if (old.number("SELECT epoch FROM site_identity") > 0 &&
        old.number("SELECT acked_seq FROM site_identity") <= last && last > 0)
        return "the cloud has not got what is gone";
    return {};
}

class RandomYears {
public:
    explicit RandomYears(unsigned seed) : random_(seed) {
        if (pick(2) == 0) REQUIRE(old.house().ask(store::EpochGranted{2}));
    }

    void act() {
        old.house().clock().advance_ms(pick(20) * 86'400'000LL);
        switch (pick(9)) {
            case 0:
                return old.receive(++number_, 1 + pick(2));
            case 1:
                return scrap();
            case 2:
                return hold();
            case 3:
                return lift();
            case 4:
                return acknowledge();
            case 5:
                return old.house().restart();
            case 6:
                return archive();
            default:
                static_cast<void>(old.through(++number_));
        }
    }

    OldHouse old;
    int archives = 0;
    std::int64_t rows = 0;

private:
    int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

    void scrap() {
        const auto here = texts(old, "SELECT serial FROM unit WHERE state='RECEIVED'");
        for (const std::string& serial : here)
            static_cast<void>(
                old.house().operate("scrap", {{"gtin", romaine}, {"serial", serial}}));
        for (const std::string& open : texts(old, "SELECT id FROM document WHERE state='open'"))
            static_cast<void>(old.house().operate("close_receipt", {{"document", open}}));
    }

    void hold() {
        if (number_ == 0) return;
        old.house().send(
            {{"hold",
              fmt::format(
                  R"({{"id":"H-{}","reason":"quarantine","target":{{"kind":"lot","gtin":"09506000134352","lot":"L-{}"}}}})",
                  ++holds_,
                  1 + pick(number_))}},
            "urgent");
    }

    void lift() {
        for (const std::string& id : texts(old, "SELECT id FROM hold WHERE lifted_seq IS NULL"))
            old.house().send({{"hold_lift", R"({"id":")" + id + "\"}"}}, "urgent");
    }

    void acknowledge() {
        const auto head = *old.house().queries()->head();
        if (head.epoch != 0)
            REQUIRE(old.house().ask(store::UplinkAcknowledged{2, head.seq, head.hash}));
    }

    void archive() {
        auto terms = old.terms();
        terms.retention.keep_days = keep_days;
        terms.retention.device_report_days = keep_days;
        const auto border = old.border(terms);
        INFO(border.stay.code << " " << border.stay.told);
        if (border.last == border.base) return;
        const auto written = store::write_archive(old.house().path(), border, old.folder());
        REQUIRE(written);
        const auto found = store::check_archive(old.house().path(), terms, written->file);
        REQUIRE(found);
        REQUIRE(old.house().operate("archive", *found).verdict.accepted());
        if (pick(2) == 0) old.rows_leave();
        ++archives;
        rows += static_cast<std::int64_t>(border.last - border.base);
        CHECK(what_is_missing(old, border.base) == "");
    }

    std::mt19937 random_;
    int number_ = 0;
    int holds_ = 0;
};

}  // namespace

TEST_CASE("in random years nothing that is here, held, open or unacknowledged is ever archived",
          "[retention][random]") {
    const unsigned seed = GENERATE(1U, 2U, 3U, 4U);
    INFO("seed " << seed);
    RandomYears years(seed);
    for (int i = 0; i < 120; ++i) years.act();
    INFO(years.archives << " archives of " << years.rows << " rows");
    CHECK(years.old.is_whole());
    CHECK(years.old.house().queries()->verify_chain());
}

TEST_CASE("random years do archive, else they would prove nothing", "[retention][random]") {
    std::int64_t rows = 0;
    int archives = 0;
    for (unsigned seed = 11; seed < 13; ++seed) {
        RandomYears years(seed);
        for (int i = 0; i < 120; ++i) years.act();
        rows += years.rows;
        archives += years.archives;
    }
    CHECK(archives >= 2);
    CHECK(rows > 40);
}

TEST_CASE("a purge that ignores an open hold is found out by the check", "[retention][random]") {
    OldHouse old;
    old.through(1);
    old.through(2);
    old.house().send(
        {{"hold",
          R"({"id":"H-1","reason":"quarantine","target":{"kind":"lot","gtin":"09506000134352","lot":"L-1"}})"}},
        "urgent");
    old.house().scan(old.house().code(Step::count, "C-1", "X"));
    old.years_pass(8);
    // As the guard would have it, nothing of lot L-1 goes; the planted fault takes all.
    store::ArchiveBorder border = old.border();
    REQUIRE(border.stay.code == "OPEN_HOLD");
    const std::uint64_t honest = border.last;
    border.last = border.head - 1;
    const auto written = store::write_archive(old.house().path(), border, old.folder());
    REQUIRE(written);
    CHECK_FALSE(store::check_archive(old.house().path(), old.terms(), written->file));
    CHECK(what_is_missing(old, 0) == "");
    const auto& head = written->checked.head;
    const auto outcome = old.house().operate("archive",
                                             {{"file", written->file},
                                              {"first", std::to_string(head.first)},
                                              {"last", std::to_string(head.last)},
                                              {"opening", to_hex(head.opening)},
                                              {"closing", to_hex(head.closing)},
                                              {"digest", to_hex(written->checked.digest)},
                                              {"until", std::to_string(head.until)},
                                              {"looked_at", std::to_string(border.head)},
                                              {"cloud", "no"}});
    REQUIRE(outcome.verdict.accepted());
    INFO("honest border " << honest);
    CHECK(what_is_missing(old, 0) != "");
}
