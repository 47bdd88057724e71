#include "store/sqlite/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace lotgate::store::sqlite {

namespace {

Trouble trouble_of(int code) {
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT:
            return Trouble::constraint;
        case SQLITE_FULL:
            return Trouble::full;
        case SQLITE_IOERR:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
            return Trouble::io;
        default:
            return Trouble::other;
    }
}

FaultCode fault_code_of(Trouble trouble) {
    switch (trouble) {
        case Trouble::constraint:
            return FaultCode::conflict;
        case Trouble::full:
        case Trouble::io:
            return FaultCode::store_unsafe;
        default:
            return FaultCode::corrupt;
    }
}

int flags_of(OpenMode mode) {
    constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    if (mode == OpenMode::reader) return common | SQLITE_OPEN_READONLY;
    return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path, OpenMode mode) {
    // Memory statistics cost a global lock at each allocation. Too late (and harmless) where
    // somebody has used SQLite in this process before.
    static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(configured);
    sqlite3* handle = nullptr;
    const char* name = mode == OpenMode::scratch ? "" : path.c_str();
    const int code = sqlite3_open_v2(name, &handle, flags_of(mode), nullptr);
    std::unique_ptr<Database> database(new Database(handle));
    if (code != SQLITE_OK)
        return fail(FaultCode::unavailable,
                    fmt::format("{} cannot be opened: {}; check that it exists and may be read",
                                path,
                                sqlite3_errstr(code)));
    LG_CHECK(database->configure(mode));
    return database;
}

Database::~Database() {
    // close_v2: a statement that outlives the connection by a line must not leak the file.
    sqlite3_close_v2(handle_);
}

Result<> Database::configure(OpenMode mode) {
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_busy_timeout(handle_, 5000);
    execute(
        "PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
        "PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY;");
    if (mode == OpenMode::reader) {
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        execute("PRAGMA query_only=ON; PRAGMA cache_size=-8192;");
    }
    if (mode == OpenMode::scratch)
        execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;");
    if (mode == OpenMode::writer) {
        // One connection writes and checkpoints: SQLite up to 3.51.2 can corrupt a log that two
        // connections reset. NORMAL would lose answered scans in a power cut.
        execute(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
            "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32768;"
            "PRAGMA secure_delete=OFF;");
        sqlite3_wal_hook(
            handle_,
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<Database*>(self)->wal_pages_ = pages;
                return SQLITE_OK;
            },
            this);
    }
    if (fault_) return fail(*fault_);
    return {};
}

void Database::note_error(int code) {
    if (fault_) return;
    trouble_ = trouble_of(code);
    fault_ = Fault(fault_code_of(trouble_),
                   fmt::format("the database says: {} ({})", sqlite3_errmsg(handle_), code));
}

void Database::clear_fault() {
    fault_.reset();
    trouble_ = Trouble::none;
}

void Database::refuse(std::string why) {
    if (fault_) return;
    trouble_ = Trouble::constraint;
    fault_ = Fault(fault_code_of(trouble_), std::move(why));
}

void Database::execute(std::string_view sql) {
    if (fault_) return;
    const int code = sqlite3_exec(handle_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) note_error(sqlite3_extended_errcode(handle_));
}

bool Database::checkpoint(Checkpoint kind) {
    int in_log = 0;
    int moved = 0;
    const int mode =
        kind == Checkpoint::passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
    const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, &in_log, &moved);
    if (code == SQLITE_OK && in_log == moved) {
        wal_pages_ = 0;
        return true;
    }
    if (code != SQLITE_OK && code != SQLITE_BUSY) note_error(code);
    return false;
}

bool Database::in_transaction() const {
    return sqlite3_get_autocommit(handle_) == 0;
}

int Database::changes() const {
    return sqlite3_changes(handle_);
}

std::int64_t Database::total_changes() const {
    return sqlite3_total_changes64(handle_);
}

Statement::Statement(Database& database, std::string_view sql) : database_(&database) {
    const int code = sqlite3_prepare_v3(database.handle_,
                                        sql.data(),
                                        static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT,
                                        &handle_,
                                        nullptr);
    if (code != SQLITE_OK) database.note_error(code);
}

Statement::~Statement() {
    sqlite3_finalize(handle_);
}

void Statement::reset() {
    sqlite3_reset(handle_);
}

bool Statement::step() {
    if (database_->fault_ || handle_ == nullptr) return false;
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) database_->note_error(sqlite3_extended_errcode(database_->handle_));
    return false;
}

void Statement::step_to_end() {
    while (step()) {
    }
    reset();
}

void Statement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(handle_, index, value);
}

void Statement::bind(int index, std::string_view value) {
    // A null pointer would bind NULL where an empty text is meant.
    const char* data = value.data() == nullptr ? "" : value.data();
    const auto life = copies_ ? SQLITE_TRANSIENT : SQLITE_STATIC;
    sqlite3_bind_text64(handle_, index, data, value.size(), life, SQLITE_UTF8);
}

void Statement::bind(int index, std::span<const std::uint8_t> value) {
    const auto life = copies_ ? SQLITE_TRANSIENT : SQLITE_STATIC;
    sqlite3_bind_blob64(handle_, index, value.data(), value.size(), life);
}

void Statement::bind(int index, std::nullptr_t) {
    sqlite3_bind_null(handle_, index);
}

void Statement::run_values(const std::vector<Value>& values) {
    copies_ = false;
    int index = 0;
    for (const Value& value : values)
        std::visit([&](const auto& one) { bind(++index, one); }, value);
    step_to_end();
}

std::vector<std::string> Statement::column_names() const {
    std::vector<std::string> names;
    const int count = sqlite3_column_count(handle_);
    names.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) names.emplace_back(sqlite3_column_name(handle_, i));
    return names;
}

Rows::~Rows() {
    statement_->reset();
}

bool Rows::next() {
    return statement_->step();
}

std::int64_t Rows::integer(int column) const {
    return sqlite3_column_int64(statement_->handle_, column);
}

std::string_view Rows::view(int column) const {
    const void* data = sqlite3_column_blob(statement_->handle_, column);
    const int size = sqlite3_column_bytes(statement_->handle_, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::string Rows::text(int column) const {
    return std::string(view(column));
}

std::span<const std::uint8_t> Rows::blob(int column) const {
    const std::string_view bytes = view(column);
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

bool Rows::is_null(int column) const {
    return type(column) == 'n';
}

int Rows::columns() const {
    return sqlite3_column_count(statement_->handle_);
}

char Rows::type(int column) const {
    switch (sqlite3_column_type(statement_->handle_, column)) {
        case SQLITE_INTEGER:
            return 'i';
        case SQLITE_FLOAT:
            return 'f';
        case SQLITE_TEXT:
            return 't';
        case SQLITE_BLOB:
            return 'b';
        default:
            return 'n';
    }
}

}  // namespace lotgate::store::sqlite
