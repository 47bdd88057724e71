#pragma once

// Folds stored events into what people ask the cloud: counts, the registry of units across sites,
// and exceptions that only the cloud can see. A step of its own after ingest: it follows a cursor,
// so it may stop, start again and run in several hubs without counting anything twice.

#include "store/model/ledger_row.hpp"
#include "store/model/result.hpp"
#include "sync/hub/pg.hpp"

#include <cstddef>
#include <string>

namespace lotgate::hub {

class Projector {
public:
    explicit Projector(Connection& database) : database_(&database) {}

    /// Takes some events of each site that has new ones; gives how many. 0 = all caught up.
    [[nodiscard]] Result<std::size_t> step();

private:
    struct Place {
        std::string site_id;
        std::string tenant;
        std::uint64_t epoch = 0;
        std::uint64_t seq = 0;
    };

    [[nodiscard]] Result<std::size_t> step_site(const Place& from);
    [[nodiscard]] Result<> fold(const Place& from, const std::vector<LedgerRow>& events);
    [[nodiscard]] Result<bool> move_cursor(const Place& from, std::uint64_t seq);

    Connection* database_;
};

}  // namespace lotgate::hub
