// Figures of recall and trace over a ledger of a given size (design.md, Budgets).
//   bench_recall [directory] [events]
// The ledger is made up by SQL, a hundred thousand units of the recalled lot among them; what is
// timed is the program's own reading. Without events: one million.

#include "store/queries.hpp"
#include "store/store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>

using namespace lotgate;

namespace {

constexpr int lot_units = 100'000;
constexpr int orders = 20'000;
constexpr int customers = 1'000;
constexpr int events_of_a_unit = 10;
constexpr const char* gtin = "09506000134352";

void must(bool good, const std::string& what) {
    if (good) return;
    fmt::print(stderr, "{}\n", what);
    std::exit(1);
}

void make_empty(const std::string& path) {
    store::StoreConfig config;
    config.path = path;
    config.site = "BENCH";
    must(store::Store::open(config, system_clock()).has_value(), "the database cannot be made");
}

void run(sqlite3* db, const std::string& sql) {
    char* error = nullptr;
    if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error) != SQLITE_OK)
        must(false, fmt::format("{}: {}", error, sql.substr(0, 200)));
}

std::string numbers(std::int64_t count) {
    return fmt::format(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1<{}) ", count);
}

// Units 0 to lot_units-1 are of lot r-1 and shipped; the others are of other lots and stand here.
void fill(const std::string& path, std::int64_t events) {
    sqlite3* db = nullptr;
    must(sqlite3_open(path.c_str(), &db) == SQLITE_OK, "the database cannot be opened");
    const std::int64_t units = std::max<std::int64_t>(events / events_of_a_unit, lot_units);
    run(db, "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY; PRAGMA cache_size=-400000; BEGIN");
    run(db,
        numbers(events) +
            fmt::format("INSERT INTO ledger SELECT i+1,(1790000000000+i)<<16,'attempt',1,'DOCK-1',"
                        "'device:D1',NULL,0,printf('{{\"step\":\"receive\",\"what\":{{\"gtin\":\"{}"
                        "\",\"serial\":\"U%08d\"}},\"verdict\":{{\"decision\":\"accept\"}},\"did\":"
                        "\"received\",\"subject\":\"unit U%08d of the lot it has on its label\"}}',"
                        "i/{},i/{}),zeroblob(32) FROM n",
                        gtin,
                        events_of_a_unit,
                        events_of_a_unit));
    run(db,
        numbers(events) + fmt::format("INSERT INTO mention SELECT printf('unit:{}/U%08d',i/{}),i+1 "
                                      "FROM n",
                                      gtin,
                                      events_of_a_unit));
    run(db,
        numbers(units) +
            fmt::format("INSERT INTO unit(gtin,serial,near_key,state,state_before,lot_key,location,"
                        "document,line,order_id,order_line,seq,scope,serial_key) "
                        "SELECT '{0}',printf('U%08d',i),printf('u%08d',i),"
                        "CASE WHEN i<{1} THEN 'SHIPPED' ELSE 'IN_INVENTORY' END,'PACKED',"
                        "CASE WHEN i<{1} THEN 'r-1' ELSE printf('l-%d',i/1000) END,"
                        "CASE WHEN i<{1} THEN '' ELSE printf('BIN-%d',i%500) END,"
                        "printf('ASN-%d',i/5000),1,CASE WHEN i<{1} THEN printf('SO-%d',i%{2}) ELSE "
                        "'' END,1,i+1,'product:{0}',printf('U%08d',i) FROM n",
                        gtin,
                        lot_units,
                        orders));
    run(db,
        fmt::format("INSERT INTO product(gtin,name,serial_tracked,lot_tracked,expiry_required,seq) "
                    "VALUES('{0}','Romaine',1,1,0,1); INSERT INTO lot(gtin,lot_key,raw,supplier,"
                    "first_seq) VALUES('{0}','r-1','R-1','V-1',1)",
                    gtin));
    run(db,
        numbers(orders) +
            fmt::format("INSERT INTO document(id,kind,state,party,route,quantity,done,extra,"
                        "shipped,seq) SELECT printf('SO-%d',i),'order','shipped',printf('C-%d',"
                        "i%{}),'',5,5,0,5,1 FROM n",
                        customers));
    run(db,
        numbers(customers) +
            "INSERT INTO party(id,name,route,seq,phone) SELECT printf('C-%d',i),"
            "printf('Customer %d',i),'',1,printf('555-%d',i) FROM n");
    run(db, "COMMIT; PRAGMA journal_mode=WAL");
    sqlite3_close(db);
}

void time_it(const char* what, const std::function<std::size_t()>& ask) {
    double best = 1e9;
    double cpu = 1e9;
    double first = 0;
    std::size_t bytes = 0;
    for (int i = 0; i < 5; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t cpu_start = std::clock();
        bytes = ask();
        cpu =
            std::min(cpu, 1000.0 * static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC);
        const double ms =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count();
        if (i == 0) first = ms;
        best = std::min(best, ms);
    }
    fmt::print(
        "{:<44} first {:9.2f} ms, best of five {:9.2f} ms, of a core {:9.2f} ms, {:>9} bytes\n",
        what,
        first,
        best,
        cpu,
        bytes);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string directory = argc > 1 ? argv[1] : ".";
    const std::int64_t events = argc > 2 ? std::atoll(argv[2]) : 1'000'000;
    const std::string path = directory + "/bench_recall.db";
    for (const char* part : {"", "-wal", "-shm", ".lock", ".inflight"})
        std::filesystem::remove(path + part);
    make_empty(path);
    fill(path, events);
    auto queries = store::Queries::open(path);
    must(queries.has_value(), "the database cannot be read");
    store::Queries& read = **queries;
    fmt::print("{} events\n", events);
    const auto size_of = [](Result<std::string> answer) {
        must(answer.has_value(), "no answer");
        return answer->size();
    };
    time_it("recall of a lot of 100,000 units, contacts",
            [&] { return size_of(read.recall(std::string(gtin) + "/R-1")); });
    time_it("trace of one unit",
            [&] { return size_of(read.trace(std::string(gtin) + "/U00000077")); });
    time_it("trace of that lot", [&] { return size_of(read.trace(std::string(gtin) + "/R-1")); });
    time_it("why of one unit", [&] { return size_of(read.why(std::string(gtin) + "/U00000077")); });
    for (const char* part : {"", "-wal", "-shm", ".lock", ".inflight"})
        std::filesystem::remove(path + part);
    return 0;
}
