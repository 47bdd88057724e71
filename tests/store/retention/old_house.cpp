#include "tests/store/retention/old_house.hpp"

#include "store/sqlite/database.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace lotgate::testkit {

using rules::Step;

OldHouse::OldHouse() {
    house_.clock().set("2018-03-01T08:00:00Z");
    house_.send(
        {{"product",
          R"({"gtin":"09506000134352","name":"Romaine","serial_tracked":true,"lot_tracked":true})"},
         {"product", R"({"gtin":"09506000134369","name":"Kale","lot_tracked":true})"},
         {"party", R"({"id":"C-N","name":"Northside","route":"NORTH"})"},
         {"sscc_range", R"({"id":"R-1","first":"09506000000000100","last":"09506000000000999"})"}});
}

void OldHouse::receive(int number, int units) {
    std::string serials;
    for (int i = 1; i <= units; ++i)
        serials += fmt::format("{}\"U-{}-{}\"", i == 1 ? "" : ",", number, i);
    house_.send({{"asn",
                  fmt::format(R"({{"id":"ASN-{0}","supplier":"V-1","lines":[{{"line":1,)"
                              R"("gtin":"09506000134352","lot":"L-{0}","serials":[{1}]}}]}})",
                              number,
                              serials)}});
    for (int i = 1; i <= units; ++i)
        REQUIRE(house_
                    .scan(house_.unit(Step::receive,
                                      fmt::format("DOCK-{}", number),
                                      fmt::format("U-{}-{}", number, i)))
                    .did == "received");
}

void OldHouse::receive_kale(const std::string& lot) {
    house_.send({{"asn",
                  fmt::format(R"({{"id":"ASN-{0}","supplier":"V-1","lines":[{{"line":1,)"
                              R"("gtin":"09506000134369","lot":"{0}","quantity":10}}]}})",
                              lot)}});
    house_.scan(house_.code(Step::receive, "DOCK-2", "ASN-" + lot));
    REQUIRE(house_.scan(house_.goods(Step::receive, "DOCK-2", lot, 10)).did == "received");
}

Journey OldHouse::through(int number) {
    Journey journey{fmt::format("L-{}", number), fmt::format("SO-{}", number), {}, {}};
    receive(number, 2);
    house_.send({{"order",
                  fmt::format(R"({{"id":"SO-{}","customer":"C-N","lines":[{{"line":1,)"
                              R"("gtin":"09506000134352","quantity":2}}]}})",
                              number)}});
    house_.scan(house_.code(Step::pack, "PACK-1", journey.order));
    for (int i = 1; i <= 2; ++i) {
        journey.serials.push_back(fmt::format("U-{}-{}", number, i));
        const auto packed = house_.scan(house_.unit(Step::pack, "PACK-1", journey.serials.back()));
        journey.sscc = print_field(packed, "sscc");
    }
    REQUIRE(house_.scan(house_.carton(Step::pack, "PACK-1", journey.sscc)).did == "label_verified");
    REQUIRE(house_.scan(house_.carton(Step::ship, "DOOR-1", journey.sscc)).did == "shipped");
    house_.clock().advance_ms(3'600'000);
    return journey;
}

void OldHouse::years_pass(int years) {
    house_.clock().advance_ms(years * 365LL * 86'400'000);
    house_.scan(house_.code(Step::count, "COUNT-1", "A-NEW-DAY"));
}

store::ArchiveTerms OldHouse::terms() {
    store::ArchiveTerms terms;
    terms.now = house_.clock().now();
    return terms;
}

store::ArchiveBorder OldHouse::border(const store::ArchiveTerms& terms) {
    const auto border = store::plan_archive(house_.path(), terms);
    REQUIRE(border);
    return *border;
}

store::WrittenArchive OldHouse::written() {
    auto written = store::write_archive(house_.path(), border(), folder());
    INFO((written ? "" : written.error().detail()));
    REQUIRE(written);
    return *written;
}

store::Outcome OldHouse::record(const std::string& file) {
    const auto found = store::check_archive(house_.path(), terms(), file);
    INFO((found ? "" : found.error().detail()));
    REQUIRE(found);
    return house_.operate("archive", *found);
}

// Each of these is a batch of its own, and asks for nothing; no answer waits for a pause.
void OldHouse::rows_leave() {
    while (number("SELECT count(*) FROM ledger WHERE seq<=(SELECT max(last_seq) FROM archive)") > 0)
        static_cast<void>(house_.ask(store::UplinkAcknowledged{}));
}

std::string OldHouse::archive() {
    const std::string file = written().file;
    const auto outcome = record(file);
    INFO(outcome.verdict.code << " " << outcome.verdict.told);
    REQUIRE(outcome.verdict.accepted());
    rows_leave();
    return file;
}

std::int64_t OldHouse::number(const std::string& sql) {
    auto database = store::sqlite::Database::open(house_.path(), store::sqlite::OpenMode::reader);
    REQUIRE(database);
    store::sqlite::Statement statement(**database, sql);
    auto rows = statement();
    return rows.next() ? rows.integer(0) : 0;
}

std::uint64_t OldHouse::row_with(const std::string& words) {
    return static_cast<std::uint64_t>(
        number("SELECT min(seq) FROM ledger WHERE instr(body,'" + words + "')>0"));
}

bool OldHouse::is_whole() {
    const std::string rebuilt = house_.rebuild();
    const auto chain = house_.queries()->verify_chain();
    INFO(rebuilt);
    CHECK(rebuilt.find("\"ok\":true") != std::string::npos);
    CHECK((chain && chain->find("\"ok\":true") != std::string::npos));
    return rebuilt.find("\"ok\":true") != std::string::npos && chain &&
           chain->find("\"ok\":true") != std::string::npos;
}

}  // namespace lotgate::testkit
