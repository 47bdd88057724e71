// The ledger's oldest rows go into a file and out of the database, and everything still proves
// itself.

#include "store/model/sha256.hpp"
#include "store/retention/text_file.hpp"
#include "store/sqlite/database.hpp"
#include "tests/store/retention/old_house.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <functional>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

std::vector<std::string> lines_of(const std::string& file) {
    auto reader = store::TextFileReader::open(file);
    REQUIRE(reader);
    std::vector<std::string> lines;
    std::string line;
    while (true) {
        const auto has_more = (*reader)->next(line);
        REQUIRE(has_more);
        if (!*has_more) return lines;
        lines.push_back(line);
    }
}

/// The lines as a file of their own, its checksums right for what is in it.
std::string packed(const std::string& file, const std::vector<std::string>& lines) {
    auto writer = store::TextFileWriter::create(file);
    REQUIRE(writer);
    for (const std::string& line : lines) (*writer)->line(line);
    REQUIRE((*writer)->finish());
    return file;
}

std::string fault_of(const std::string& file) {
    const auto checked = store::check_archive_file(file);
    return checked ? "" : checked.error().detail();
}

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("what went into a file is out of the ledger, and chain and tables still prove themselves",
          "[retention][archive]") {
    OldHouse old;
    for (int i = 1; i <= 3; ++i) old.through(i);
    old.years_pass(8);
    const auto border = old.border();
    REQUIRE(border.last > 20);
    const auto rows = *old.house().queries()->rows_after(Seq{0}, 1000, 10'000'000);
    const std::string file = old.archive();
    CHECK(old.number("SELECT min(seq) FROM ledger") == static_cast<std::int64_t>(border.last) + 1);
    CHECK(old.is_whole());

    // What is in the file is what was in the ledger, to the letter.
    std::vector<LedgerRow> read;
    store::ArchiveHearer hearer;
    hearer.row = [&](const LedgerRow& row) { read.push_back(row); };
    const auto checked = store::check_archive_file(file, hearer);
    REQUIRE(checked);
    REQUIRE(read.size() == border.last);
    for (std::size_t i = 0; i < read.size(); ++i) {
        CHECK(read[i].body == rows[i].body);
        CHECK(read[i].hash == rows[i].hash);
        CHECK(read[i].request_id == rows[i].request_id);
    }

    old.house().restart();
    CHECK(old.is_whole());
    old.through(4);
    CHECK(old.is_whole());
    old.years_pass(8);
    const std::string second = old.archive();
    CHECK(second != file);
    CHECK(store::check_archive_file(second)->head.opening == checked->head.closing);
    CHECK(old.is_whole());
    old.house().restart();
    CHECK(old.is_whole());
    CHECK(old.house().scan(old.house().code(Step::count, "C-1", "X")).seq > Seq{1});
}

TEST_CASE("the digest beside the file is the one that sha256sum would write",
          "[retention][archive]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    const auto written = old.written();
    std::ifstream file(written.file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    std::ifstream beside(written.file + ".sha256");
    std::string line;
    std::getline(beside, line);
    CHECK(line ==
          to_hex(sha256(bytes)) + "  " + std::filesystem::path(written.file).filename().string());
    CHECK(to_hex(written.checked.digest) == to_hex(sha256(bytes)));
}

TEST_CASE("what is asked about goods in an archive is answered with what is left, and the file",
          "[retention][archive][trace]") {
    OldHouse old;
    const Journey first = old.through(1);
    old.years_pass(8);
    const std::string file = old.archive();
    const auto queries = old.house().queries();
    const std::string trace = queries->trace("U-1-1").value_or("unknown");
    CHECK(has(trace, R"("state":"SHIPPED")"));
    CHECK(has(trace, R"("history":[])"));
    CHECK(has(trace, file));
    CHECK(has(trace, R"("archived":[)"));
    CHECK(has(queries->trace(first.sscc).value_or(""), file));
    CHECK(has(queries->trace("L-1").value_or(""), file));
    CHECK(has(queries->recall("L-1").value_or(""), "Northside"));

    const std::string why = queries->why("U-1-1").value_or("unknown");
    CHECK(has(why, file));
    CHECK(has(why, "zstd -dc"));
    CHECK(has(queries->why("#5").value_or(""), file));
    CHECK_FALSE(queries->why("#4000"));
    // What happens from now on is in the ledger, and told first.
    old.house().scan(old.house().unit(Step::receive, "DOCK-1", "U-1-1"));
    const std::string now = old.house().queries()->why("U-1-1").value_or("unknown");
    CHECK(has(now, R"("event":)"));
    const std::string both = old.house().queries()->trace("U-1-1").value_or("unknown");
    CHECK(has(both, R"("history":[{)"));
    CHECK(has(both, file));
}

TEST_CASE("a case that was decided long ago is listed after its event went",
          "[retention][archive]") {
    OldHouse old;
    store::CartonPassed passed;
    passed.conveyor = "PLC1";
    passed.at = old.house().clock().now();
    REQUIRE(old.house().ask(passed));
    store::CaseDecision decision;
    decision.request_id = "decided-1";
    decision.case_id = old.number("SELECT id FROM \"case\"");
    decision.decision = "handled";
    decision.actor = "B-7";
    decision.at = old.house().clock().now();
    REQUIRE(old.house().ask(decision));
    old.years_pass(8);
    old.archive();
    CHECK(has(old.house().queries()->cases(false).value_or(""), "DIVERT_UNDECIDED"));
    CHECK(old.is_whole());
}

TEST_CASE("a lifted recall is told after its event went", "[retention][archive][recall]") {
    OldHouse old;
    old.through(1);
    old.house().send(
        {{"hold",
          R"({"id":"H-1","reason":"recall","class":"II","target":{"kind":"lot","gtin":"09506000134352","lot":"L-1"}})"},
         {"hold_lift", R"({"id":"H-1"})"}},
        "urgent");
    for (std::int64_t id = old.number("SELECT min(id) FROM \"case\" WHERE status='open'"); id != 0;
         id = old.number("SELECT min(id) FROM \"case\" WHERE status='open'")) {
        store::CaseDecision decision{"d" + std::to_string(id), id, "handled", "B-7", "", "", {}};
        REQUIRE(old.house().ask(decision));
    }
    old.years_pass(8);
    old.archive();
    CHECK(has(old.house().queries()->recall("L-1").value_or(""), R"("id":"H-1")"));
}

TEST_CASE("a number that left in an archive is not mended as a typing error",
          "[retention][archive]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    old.archive();
    const auto outcome = old.house().operate(
        "typo_fix", {{"gtin", romaine}, {"serial", "U-1-1"}, {"new_serial", "U-1-X"}});
    CHECK(outcome.verdict.code == "SHIPPED_BEFORE");
}

TEST_CASE("a carton whose loading is in an archive does not come back as if it were today's",
          "[retention][archive]") {
    OldHouse old;
    const Journey first = old.through(1);
    old.years_pass(8);
    old.archive();
    CHECK(old.house().operate("unship", {{"sscc", first.sscc}, {"where", "yard"}}).verdict.code ==
          "ARCHIVED");
}

TEST_CASE("a file that was cut, changed or added to is found out", "[retention][archive]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    const std::string file = old.written().file;
    REQUIRE(fault_of(file).empty());
    const auto lines = lines_of(file);
    const auto with = [&](const std::function<void(std::vector<std::string>&)>& change) {
        auto changed = lines;
        change(changed);
        return fault_of(packed(old.folder() + "changed.jsonl.zst", changed));
    };
    CHECK(with([](auto&) {}).empty());
    const auto replace = [](std::string& line, const std::string& from, const std::string& to) {
        const auto at = line.find(from);
        REQUIRE(at != std::string::npos);
        line.replace(at, from.size(), to);
    };
    std::size_t state = 0;
    while (!lines[state].starts_with("[")) ++state;
    CHECK(has(with([&](auto& all) { replace(all[5], "U-1-1", "U-1-9"); }), "the last hash"));
    CHECK(has(with([&](auto& all) { all.erase(all.begin() + 5); }), "row 5 is not there"));
    CHECK(has(with([&](auto& all) { std::swap(all[4], all[5]); }), "row 4 is not there"));
    CHECK(has(with([&](auto& all) { replace(all[state], "\"", "\"x"); }), "digest"));
    CHECK(has(with([&](auto& all) { all.erase(all.begin() + static_cast<long>(state)); }),
              "not all of them"));
    CHECK(has(with([&](auto& all) { all.pop_back(); }), "no end"));
    CHECK(has(with([&](auto& all) { all.push_back(all[state]); }), "follows its end"));
    CHECK(has(with([&](auto& all) { replace(all[0], "TEST-1", "TEST-2"); }), "start of its chain"));
    CHECK(has(with([&](auto& all) { replace(all[0], "archive", "other"); }), "no archive"));
    CHECK(has(with([&](auto& all) { all.resize(1); }), "no end"));
    CHECK(has(with([&](auto& all) { all.clear(); }), "empty"));

    std::ifstream in(file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    const std::string damaged = old.folder() + "damaged.jsonl.zst";
    const auto fault_with = [&](const std::string& text) {
        std::ofstream(damaged, std::ios::binary | std::ios::trunc) << text;
        return fault_of(damaged);
    };
    CHECK_FALSE(fault_with(bytes.substr(0, bytes.size() - 1)).empty());
    CHECK_FALSE(fault_with(bytes + "x").empty());
    CHECK_FALSE(fault_with("").empty());
    CHECK_FALSE(fault_with("not compressed at all").empty());
    for (std::size_t at = 0; at < bytes.size(); at += 97) {
        std::string flipped = bytes;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
        INFO("byte " << at);
        CHECK_FALSE(fault_with(flipped).empty());
    }
    CHECK_FALSE(fault_of(old.folder() + "nobody").empty());
}

TEST_CASE("the writer takes a file only where it continues this very ledger",
          "[retention][archive]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    OldHouse other;
    other.through(1);
    other.years_pass(8);
    const std::string file = old.written().file;
    auto found = *store::check_archive(old.house().path(), old.terms(), file);
    const auto foreign =
        *store::check_archive(other.house().path(), other.terms(), other.written().file);
    CHECK(old.house().operate("archive", foreign).verdict.code == "ARCHIVE_NOT_NEXT");
    auto changed = found;
    for (auto& [name, value] : changed)
        if (name == "closing") value = std::string(64, '0');
    CHECK(old.house().operate("archive", changed).verdict.code == "ARCHIVE_NOT_OURS");
    changed = found;
    for (auto& [name, value] : changed)
        if (name == "cloud") value = "yes";
    CHECK(old.house().operate("archive", changed).verdict.code == "UNACKNOWLEDGED");
    CHECK(old.number("SELECT count(*) FROM archive") == 0);
    CHECK(old.house().operate("archive", found).verdict.accepted());
    CHECK(old.house().operate("archive", found).verdict.code == "ARCHIVE_NOT_NEXT");
    CHECK_FALSE(store::check_archive(old.house().path(), old.terms(), file));
    CHECK(old.is_whole());
}

TEST_CASE("goods that come back to life while the file is written stay", "[retention][archive]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    const std::string file = old.written().file;
    const auto looked = *store::check_archive(old.house().path(), old.terms(), file);
    const std::string target = GENERATE(R"({"kind":"lot","gtin":"09506000134352","lot":"L-1"})",
                                        R"({"kind":"product","gtin":"09506000134352"})");
    old.house().send({{"hold", R"({"id":"H-1","reason":"quarantine","target":)" + target + "}"}},
                     "urgent");
    CHECK(old.house().operate("archive", looked).verdict.code == "ARCHIVE_TOUCHED");
    const auto again = store::check_archive(old.house().path(), old.terms(), file);
    REQUIRE_FALSE(again);
    CHECK(has(again.error().detail(), "OPEN_HOLD"));
    CHECK(old.number("SELECT min(seq) FROM ledger") == 1);
}

TEST_CASE("a rebuild says which file it needs and has not got", "[retention][archive]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    const std::string file = old.archive();
    std::filesystem::rename(file, file + ".away");
    CHECK(has(old.house().rebuild(), file));
    CHECK(has(old.house().queries()->verify_chain().value_or(""), "\"ok\":true"));
    std::filesystem::rename(file + ".away", file);
    CHECK(old.is_whole());
}

TEST_CASE("what the archive says cannot be changed by hand unseen", "[retention][archive]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    old.archive();
    old.house().stop();
    auto database =
        store::sqlite::Database::open(old.house().path(), store::sqlite::OpenMode::writer);
    REQUIRE(database);
    (*database)->execute("UPDATE archive SET last_seq=last_seq+1");
    database->reset();
    CHECK(has(old.house().queries()->verify_chain().value_or(""), "\"ok\":false"));
}

TEST_CASE("a site that archived without a cloud is told that it cannot join one",
          "[retention][archive]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    old.archive();
    const auto granted = old.house().ask(store::EpochGranted{1});
    REQUIRE_FALSE(granted);
    CHECK(granted.error().code() == FaultCode::conflict);
    CHECK(has(granted.error().detail(), "archive"));
    CHECK_FALSE(old.house().queries()->rows_after(Seq{0}, 10, 1000));
}

TEST_CASE("the cloud goes on where it was after an archive", "[retention][archive]") {
    OldHouse old;
    REQUIRE(old.house().ask(store::EpochGranted{3}));
    old.through(1);
    const auto acknowledge = [&] {
        const auto head = *old.house().queries()->head();
        REQUIRE(old.house().ask(store::UplinkAcknowledged{3, head.seq, head.hash}));
        return number_of(head.seq);
    };
    const auto acked = acknowledge();
    old.years_pass(8);
    old.archive();
    CHECK(old.number("SELECT min(seq) FROM ledger") == static_cast<std::int64_t>(acked));
    // The uplink compares the last row that the cloud has: it is there.
    CHECK(old.house().queries()->rows_after(static_cast<Seq>(acked - 1), 1, 1)->size() == 1);
    old.through(2);
    acknowledge();
    CHECK(old.is_whole());
    old.house().restart();
    acknowledge();
    CHECK(old.is_whole());
}

// ---- broken off at each step

TEST_CASE("a run that was broken off while it wrote is done anew", "[retention][archive][crash]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    const auto border = old.border();
    std::uint64_t stop_at = 1;
    const auto broken_off =
        store::write_archive(old.house().path(), border, old.folder(), [&](std::uint64_t rows) {
            return rows < stop_at;
        });
    REQUIRE_FALSE(broken_off);
    CHECK(old.number("SELECT min(seq) FROM ledger") == 1);
    bool has_part = false;
    for (const auto& entry : std::filesystem::directory_iterator(old.folder()))
        has_part = has_part || entry.path().extension() == ".part";
    CHECK(has_part);
    const std::string file = old.archive();
    CHECK(fault_of(file).empty());
    CHECK(old.is_whole());
    CHECK_FALSE(std::filesystem::exists(file + ".part"));
}

TEST_CASE("a run that was broken off before the gateway was told goes on with its file",
          "[retention][archive][crash]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    const auto first = old.written();
    CHECK_FALSE(first.was_there);
    old.house().restart();
    const auto again = old.written();
    CHECK(again.was_there);
    CHECK(again.file == first.file);
    CHECK(again.checked.digest == first.checked.digest);
    CHECK(old.record(again.file).verdict.accepted());
    CHECK(old.is_whole());
}

TEST_CASE("a file of that name that is not whole is not taken for one",
          "[retention][archive][crash]") {
    OldHouse old;
    old.through(1);
    old.years_pass(8);
    const std::string file = old.written().file;
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    CHECK_FALSE(store::write_archive(old.house().path(), old.border(), old.folder()));
    CHECK_FALSE(store::check_archive(old.house().path(), old.terms(), file));
    std::filesystem::remove(file);
    old.archive();
    CHECK(old.is_whole());
}

TEST_CASE("after a restart the gateway goes on taking out what is in an archive",
          "[retention][archive][crash]") {
    OldHouse old;
    for (int i = 1; i <= 40; ++i) old.through(i);
    old.years_pass(8);
    REQUIRE(old.record(old.written().file).verdict.accepted());
    CHECK(old.is_whole());
    old.house().restart();
    CHECK(old.is_whole());
    old.rows_leave();
    CHECK(old.is_whole());
    CHECK(old.number("SELECT min(seq) FROM ledger") ==
          old.number("SELECT max(last_seq)+1 FROM archive"));
}
