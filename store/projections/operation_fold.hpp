#pragma once

// How the changes of operations fold: chains between goods, grades, counts, pulled units.

#include "store/events/changes.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <string>

namespace lotgate::store {

class OperationFold {
public:
    explicit OperationFold(sqlite::Database& database);

    void apply(std::int64_t seq, const Descends& link);
    void apply(std::int64_t seq, const DocumentMade& made);
    void apply(std::int64_t seq, const Missed& missed);
    void apply(std::int64_t seq, const Graded& graded);
    void apply(std::int64_t seq, const CountSet& count);
    void apply(std::int64_t seq, const Counted& counted);
    void apply(std::int64_t seq, const ArchiveMade& made);
    /// What of the target ("lot:…", "product:…", "unit:…"), and of what was made of it, is
    /// allocated or picked stands in the rack's books again, without its order.
    void pull(std::int64_t seq, const std::string& target);

private:
    void pull_one(std::int64_t seq, const std::string& target);

    sqlite::Statement lineage_, document_, missed_, found_, grade_, count_open_, count_close_;
    sqlite::Statement counted_forget_, counted_, pull_unit_, pull_lot_, pull_product_, family_;
    sqlite::Statement archive_;
};

}  // namespace lotgate::store
