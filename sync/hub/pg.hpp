#pragma once

// A connection to the cloud database, over libpq. One thread at a time. Statements are plain SQL
// with $1 … parameters; nothing is ever pasted into them.

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace lotgate::hub {

/// The values of $1, $2 …
class Parameters {
public:
    /// UTF-8 without NUL: use printable() for what comes from a site.
    Parameters& text(std::string_view value);
    Parameters& number(std::uint64_t value);
    Parameters& bytes(std::string_view value);
    Parameters& bytes(std::span<const std::uint8_t> value);

private:
    friend class Connection;
    std::vector<std::string> values_;
    std::vector<int> formats_;  ///< 0 = text, 1 = binary
};

/// What a statement gave back.
class Rows {
public:
    explicit Rows(pg_result* result);
    Rows() = default;

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] std::size_t affected() const;  ///< rows an INSERT, UPDATE or DELETE touched
    [[nodiscard]] std::string text(std::size_t row, int column) const;
    [[nodiscard]] std::uint64_t number(std::size_t row, int column) const;
    [[nodiscard]] std::string bytes(std::size_t row, int column) const;  ///< of a bytea
    [[nodiscard]] bool is_null(std::size_t row, int column) const;

private:
    std::shared_ptr<pg_result> result_;
};

/// Faults: unavailable (the database is away, or the outcome of a COMMIT is unknown), conflict (a
/// serialization failure or deadlock: run the transaction again), invalid_input (the data).
class Connection {
public:
    /// Opens lazily: the first statement connects, and so does the first one after a loss.
    explicit Connection(std::string conninfo);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    [[nodiscard]] Result<Rows> run(const std::string& sql, const Parameters& parameters = {});
    /// The same, prepared once for each connection under its own text.
    [[nodiscard]] Result<Rows> run_prepared(const std::string& sql, const Parameters& parameters);
    /// Several statements in one text, without parameters: migrations.
    [[nodiscard]] Result<> run_script(const std::string& sql);

    /// BEGIN, body, COMMIT; ROLLBACK where the body fails. Run again, from the beginning, after a
    /// serialization failure (40001) or deadlock (40P01), at most five times.
    [[nodiscard]] Result<> in_transaction(const std::function<Result<>()>& body);

private:
    [[nodiscard]] Result<> connect();
    [[nodiscard]] Result<Rows> taken(pg_result* result);
    void close();

    const std::string conninfo_;
    pg_conn* connection_ = nullptr;
    std::vector<std::string> prepared_;  ///< texts, in the order of their names
};

/// Text that PostgreSQL will store whatever a site sent: control characters, '\\' and bytes above
/// ASCII become \xNN.
[[nodiscard]] std::string printable(std::string_view text);
[[nodiscard]] Hash hash_from(std::string_view bytes);
[[nodiscard]] InstanceId instance_from(std::string_view bytes);

}  // namespace lotgate::hub
