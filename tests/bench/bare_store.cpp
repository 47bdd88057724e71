#include "tests/bench/bare_store.hpp"

#include "store/model/ledger_row.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>

namespace lotgate::bench {

namespace {

constexpr std::size_t batch_max = 128;
constexpr const char* gtin = "09506000134376";

void check(int code, sqlite3* handle) {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    std::fprintf(stderr, "bare store: %s\n", sqlite3_errmsg(handle));
    std::exit(1);
}

// The statements of one receipt: what a program must read to decide, and what it must write.
constexpr const char* reads[] = {
    "SELECT seq FROM ledger WHERE request_id='r-'||?1",
    "SELECT document,carton FROM station WHERE id='DOCK-1'",
    "SELECT name,serial_tracked,lot_tracked,expiry_required FROM product WHERE "
    "gtin='09506000134376'",
    "SELECT state,lot_key,expires_on,location,container,document,line FROM unit WHERE "
    "gtin='09506000134376' AND serial=?1",
    "SELECT gtin,serial FROM unit WHERE scope='product:09506000134376' AND serial_key=?1 AND "
    "serial<>?1",
    "SELECT kind,state,party,quantity,done FROM document WHERE id='ASN-1'",
    "SELECT line,lot_key,has_serials,quantity,done FROM document_line WHERE document='ASN-1' AND "
    "gtin='09506000134376' ORDER BY line",
    "SELECT id FROM hold WHERE target='unit:09506000134376/'||?1 AND lifted_seq IS NULL UNION ALL "
    "SELECT id FROM hold WHERE target='product:09506000134376' AND lifted_seq IS NULL UNION ALL "
    "SELECT id FROM hold WHERE target='document:ASN-1' AND lifted_seq IS NULL",
    "SELECT raw,at,did FROM last_read WHERE station='DOCK-1'"};
constexpr const char* writes[] = {
    "UPDATE unit SET state='RECEIVED',state_before='EXPECTED',location='DOCK-1',seq=?2 WHERE "
    "gtin='09506000134376' AND serial=?1",
    "UPDATE document_line SET done=done+1 WHERE document='ASN-1' AND line=1",
    "UPDATE document SET done=done+1 WHERE id='ASN-1'",
    "INSERT INTO mention(subject,seq) VALUES('unit:09506000134376/'||?1,?2)",
    "INSERT INTO tally(name,count) VALUES('verdict|accept|',1) ON CONFLICT(name) DO UPDATE SET "
    "count=count+1",
    "INSERT INTO tally(name,count) VALUES('did|received',1) ON CONFLICT(name) DO UPDATE SET "
    "count=count+1",
    "UPDATE last_read SET raw=']d20109506000134376'||char(29)||'21'||?1,at=?2,did='received',"
    "document='ASN-1',progress=?2||' / 400000',seq=?2 WHERE station='DOCK-1'"};

struct Asked {
    std::uint64_t unit;
    std::function<void()> done;
};

}  // namespace

struct BareStore::State {
    sqlite3* handle = nullptr;
    std::vector<sqlite3_stmt*> read, write;
    sqlite3_stmt* insert = nullptr;
    std::uint64_t seq = 0;
    Hash hash{};
    int wal_pages = 0;

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Asked> queue;
    bool is_stopping = false;
    std::thread thread;

    sqlite3_stmt* prepare(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        check(sqlite3_prepare_v3(handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr),
              handle);
        return statement;
    }

    void run(const char* sql) {
        check(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), handle);
    }

    void one(std::uint64_t unit) {
        const std::string serial = fmt::format("U{:08}", unit);
        for (sqlite3_stmt* statement : read) {
            sqlite3_bind_text(
                statement, 1, serial.data(), static_cast<int>(serial.size()), nullptr);
            while (sqlite3_step(statement) == SQLITE_ROW) {
            }
            sqlite3_reset(statement);
        }
        ++seq;
        LedgerRow row;
        row.seq = static_cast<Seq>(seq);
        row.hlc = seq << 16U;
        row.kind = "attempt";
        row.station = "DOCK-1";
        row.actor = "device:D1";
        row.request_id = "r-" + serial;
        row.body = fmt::format(
            "{{\"at\":\"2026-11-22T08:00:00.000000Z\",\"step\":\"receive\",\"seen\":{{\"device\":"
            "\"D1\",\"raw\":\"]d20109506000134376\\u001d21{0}\",\"read_at\":\"2026-11-22T08:00:00."
            "000000Z\"}},\"what\":{{\"gtin\":\"{1}\",\"serial\":\"{0}\"}},\"under\":{{\"policy\":"
            "\"1\",\"main\":5,\"main_age_s\":31,\"clock\":\"synced\",\"site_date\":\"2026-11-22\"}}"
            ",\"verdict\":{{\"decision\":\"accept\",\"override\":\"supervisor\"}},\"did\":"
            "\"received\",\"document\":\"ASN-1\",\"progress\":\"{2} / 100000\",\"subject\":\"{1} "
            "serial {0}\",\"changes\":[{{\"do\":\"unit\",\"gtin\":\"{1}\",\"serial\":\"{0}\","
            "\"way\":[\"EXPECTED\",\"RECEIVED\"],\"location\":\"DOCK-1\",\"document\":\"ASN-1\","
            "\"line\":1}},{{\"do\":\"line\",\"document\":\"ASN-1\",\"line\":1,\"done\":1}}],"
            "\"mentions\":[\"unit:{1}/{0}\"]}}",
            serial,
            gtin,
            seq);
        hash = chain_next(hash, row);
        sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(seq));
        sqlite3_bind_int64(insert, 2, static_cast<sqlite3_int64>(row.hlc));
        sqlite3_bind_text(
            insert, 3, row.request_id.data(), static_cast<int>(row.request_id.size()), nullptr);
        sqlite3_bind_text(insert, 4, row.body.data(), static_cast<int>(row.body.size()), nullptr);
        sqlite3_bind_blob(insert, 5, hash.data(), static_cast<int>(hash.size()), nullptr);
        check(sqlite3_step(insert), handle);
        sqlite3_reset(insert);
        for (sqlite3_stmt* statement : write) {
            sqlite3_bind_text(
                statement, 1, serial.data(), static_cast<int>(serial.size()), nullptr);
            sqlite3_bind_int64(statement, 2, static_cast<sqlite3_int64>(seq));
            check(sqlite3_step(statement), handle);
            sqlite3_reset(statement);
        }
    }

    void trim() {
        if (wal_pages <= 4096) return;  // as the store does
        sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        wal_pages = 0;
    }

    void work() {
        pthread_setname_np(pthread_self(), "bare");
        std::deque<Asked> batch;
        while (true) {
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [this] { return !queue.empty() || is_stopping; });
                if (queue.empty()) return;
                while (!queue.empty() && batch.size() < batch_max) {
                    batch.push_back(std::move(queue.front()));
                    queue.pop_front();
                }
            }
            run("BEGIN IMMEDIATE");
            for (const Asked& asked : batch) one(asked.unit);
            run("COMMIT");
            for (const Asked& asked : batch) asked.done();
            batch.clear();
            trim();
        }
    }
};

BareStore::BareStore(const std::string& path, const std::string& schema, std::uint64_t units)
    : state_(std::make_unique<State>()) {
    State& s = *state_;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // as the store does: one lock less a call
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    check(sqlite3_open_v2(path.c_str(), &s.handle, flags, nullptr), s.handle);
    s.run(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
        "PRAGMA cache_size=-32768; PRAGMA foreign_keys=ON;");
    s.run("BEGIN");
    s.run(schema.c_str());
    s.run(
        "INSERT INTO product(gtin,name,serial_tracked,lot_tracked,expiry_required,seq) "
        "VALUES('09506000134376','Widget',1,0,0,1);"
        "INSERT INTO feed_cursor VALUES('main',5,0,5);"
        "INSERT INTO station(id,document,carton,seq) VALUES('DOCK-1','ASN-1','',1);"
        "INSERT INTO last_read VALUES('DOCK-1','',0,'','','',0);"
        "INSERT INTO tally VALUES('verdict|accept|',0),('did|received',0);");
    s.run(fmt::format("INSERT INTO document(id,kind,state,party,route,quantity,done,extra,"
                      "shipped,seq) VALUES('ASN-1','asn','open','V','',{0},0,0,0,1);"
                      "INSERT INTO document_line(document,line,gtin,lot_key,lot_raw,expires_on,"
                      "sscc,has_serials,quantity,done,shipped) "
                      "VALUES('ASN-1',1,'{1}','','',NULL,NULL,1,{0},0,0);"
                      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i<{0}-1) "
                      "INSERT INTO unit(gtin,serial,near_key,state,state_before,lot_key,"
                      "expires_on,location,container,document,line,order_id,order_line,seq,scope,"
                      "serial_key) "
                      "SELECT '{1}',printf('U%08d',i),printf('u%08d',i),'EXPECTED'"
                      ",'NONE','',NULL,'',NULL,'ASN-1',1,'',0,1,'product:{1}',"
                      "printf('U%08d',i) FROM n;",
                      units,
                      gtin)
              .c_str());
    s.run("COMMIT");
    s.run("PRAGMA wal_checkpoint(TRUNCATE)");
    for (const char* sql : reads) s.read.push_back(s.prepare(sql));
    for (const char* sql : writes) s.write.push_back(s.prepare(sql));
    s.insert = s.prepare(
        "INSERT INTO ledger VALUES(?1,?2,'attempt',1,'DOCK-1','device:D1',?3,5,"
        "?4,?5)");
    sqlite3_wal_hook(
        s.handle,
        [](void* state, sqlite3*, const char*, int pages) {
            static_cast<State*>(state)->wal_pages = pages;
            return SQLITE_OK;
        },
        &s);
    s.thread = std::thread([&s] { s.work(); });
}

BareStore::~BareStore() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->wake.notify_one();
    state_->thread.join();
    for (sqlite3_stmt* statement : state_->read) sqlite3_finalize(statement);
    for (sqlite3_stmt* statement : state_->write) sqlite3_finalize(statement);
    sqlite3_finalize(state_->insert);
    sqlite3_close(state_->handle);
}

void BareStore::receive(std::uint64_t unit, std::function<void()> done) {
    {
        const std::lock_guard lock(state_->mutex);
        state_->queue.push_back({unit, std::move(done)});
    }
    state_->wake.notify_one();
}

void BareStore::receive_alone(std::uint64_t unit) {
    state_->run("BEGIN IMMEDIATE");
    state_->one(unit);
    state_->run("COMMIT");
    state_->trim();
}

}  // namespace lotgate::bench
