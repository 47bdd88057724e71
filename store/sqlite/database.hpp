#pragma once

// One SQLite connection and its prepared statements; the only place that knows sqlite3.h.
//
// Errors are sticky: the first error of a connection is kept in fault(), later statements do
// nothing and return no rows until clear_fault(). A caller runs a whole command and asks once,
// before it releases its savepoint. Not thread-safe: one connection, one thread.

#include "store/model/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace lotgate::store::sqlite {

/// What kind of error it was, for what the writer does next.
enum class Trouble {
    none,
    constraint,  ///< a rule of the schema was broken: this command is wrong, others are fine
    full,        ///< no space: nothing was written; may work again later
    io,          ///< the disk failed: never try again on this connection
    other,
};

enum class OpenMode {
    writer,  ///< creates the file; WAL, synchronous=FULL, never checkpoints by itself
    reader,  ///< read-only, never checkpoints
    scratch  ///< a private temporary file, gone when closed
};

class Database {
public:
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& path,
                                                                OpenMode mode);

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    /// Runs SQL text that returns nothing.
    void execute(std::string_view sql);

    [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }

    [[nodiscard]] Trouble trouble() const { return trouble_; }

    void clear_fault();
    /// Makes the command at hand fail like a broken constraint of the schema.
    void refuse(std::string why);

    /// Pages in the write-ahead log after the last commit of this connection.
    [[nodiscard]] int wal_pages() const { return wal_pages_; }

    enum class Checkpoint { passive, truncate };

    /// Moves the log into the file. False where a reader kept it from finishing.
    bool checkpoint(Checkpoint kind);

    [[nodiscard]] bool in_transaction() const;
    [[nodiscard]] int changes() const;
    /// Rows changed since the connection was opened.
    [[nodiscard]] std::int64_t total_changes() const;

private:
    friend class Statement;

    explicit Database(sqlite3* handle) : handle_(handle) {}

    [[nodiscard]] Result<> configure(OpenMode mode);
    void note_error(int code);

    sqlite3* handle_;
    std::optional<Fault> fault_;
    Trouble trouble_ = Trouble::none;
    int wal_pages_ = 0;
};

/// One value of a row that is copied from somewhere else.
using Value = std::variant<std::nullptr_t, std::int64_t, std::string>;

/// The rows of one execution; the statement is reset when this goes.
class Rows {
public:
    explicit Rows(class Statement& statement) : statement_(&statement) {}

    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    ~Rows();

    /// True while there is a row; columns are counted from 0.
    [[nodiscard]] bool next();
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    /// Valid until the next row.
    [[nodiscard]] std::string_view view(int column) const;
    [[nodiscard]] std::span<const std::uint8_t> blob(int column) const;
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] int columns() const;
    /// 'i', 'f', 't', 'b' or 'n'.
    [[nodiscard]] char type(int column) const;

private:
    class Statement* statement_;
};

/// A prepared statement, kept for as long as its connection is used.
class Statement {
public:
    Statement(Database& database, std::string_view sql);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    /// Binds all parameters in order; texts are copied. The Rows before must be gone.
    template <class... Args>
    [[nodiscard]] Rows operator()(const Args&... args) {
        copies_ = true;
        int index = 0;
        (bind(++index, args), ...);
        return Rows(*this);
    }

    template <class... Args>
    void run(const Args&... args) {
        copies_ = false;
        int index = 0;
        (bind(++index, args), ...);
        step_to_end();
    }

    void run_values(const std::vector<Value>& values);
    [[nodiscard]] std::vector<std::string> column_names() const;

private:
    friend class Rows;

    void reset();
    void step_to_end();
    bool step();
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view value);
    void bind(int index, std::span<const std::uint8_t> value);
    void bind(int index, std::nullptr_t);

    void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }

    void bind(int index, const char* value) { bind(index, std::string_view(value)); }

    void bind(int index, int value) { bind(index, std::int64_t{value}); }

    void bind(int index, bool value) { bind(index, std::int64_t{value ? 1 : 0}); }

    void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }

    template <class T>
    void bind(int index, const std::optional<T>& value) {
        if (value)
            bind(index, *value);
        else
            bind(index, nullptr);
    }

    Database* database_;
    sqlite3_stmt* handle_ = nullptr;
    bool copies_ = true;  ///< texts are bound as copies, since they may go before the rows do
};

}  // namespace lotgate::store::sqlite
