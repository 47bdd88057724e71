#pragma once

// Rows that nearly every event changes and of which only the last state of a transaction matters:
// the counts (tally) and the last read of each station. They are kept in memory while the
// transaction runs and written once before its COMMIT. Errors are the database's (sticky).

#include "store/sqlite/database.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace lotgate::store {

/// A station's last read. No raw text: it has not read anything yet.
struct LastRead {
    std::string raw;
    std::int64_t at = 0;
    std::string did;
    std::string document;
    std::string progress;
    std::int64_t seq = 0;
};

class Deferred {
public:
    explicit Deferred(sqlite::Database& database);

    void count(std::string_view name, std::int64_t by);
    void set_last_read(const std::string& station, LastRead read);
    /// With all events of this transaction in it. Valid until the next call.
    [[nodiscard]] const LastRead& last_read(const std::string& station);

    /// Brings the tables up to date; before each COMMIT.
    void write();

    /// What write() would write, to go back to when a later command is undone.
    struct Unwritten {
        std::map<std::string, std::int64_t, std::less<>> counts;
        std::map<std::string, LastRead, std::less<>> reads;
    };

    [[nodiscard]] const Unwritten& unwritten() const { return unwritten_; }

    /// After a rollback: what is kept beside `unwritten` is read again from the tables.
    void go_back_to(Unwritten unwritten);

private:
    sqlite::Statement tally_, write_read_, read_read_;
    Unwritten unwritten_;
    std::map<std::string, LastRead, std::less<>> known_;  ///< as the tables have it
};

}  // namespace lotgate::store
