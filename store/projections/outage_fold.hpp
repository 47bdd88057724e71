#pragma once

// When something could not be seen, and what went past unseen: what a recall has to say of itself
// (decision 0051).

#include "store/events/bodies.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lotgate::store {

class OutageFold {
public:
    explicit OutageFold(sqlite::Database& database);

    void apply(std::int64_t seq, const OutageSet& set);
    /// A scan that named nothing.
    void see(std::int64_t seq, const std::string& station, const AttemptBody& body);
    /// A carton that went past a decision point undecided.
    void see(std::int64_t seq, const std::string& station, const ReportBody& body);
    /// The clock's quality, as events name it: a window stays open until it is synchronised.
    void see_clock(std::int64_t seq, const std::optional<Instant>& at, const std::string& clock);

    /// After a rollback: what is kept in memory is read again.
    void forget() { clock_.reset(); }

private:
    sqlite::Statement begin_, end_, open_clock_, unseen_;
    std::optional<std::string> clock_;  ///< quality of the open window, "" where there is none
};

}  // namespace lotgate::store
