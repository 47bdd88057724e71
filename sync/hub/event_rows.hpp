#pragma once

// Events in the cloud's table: written in bulk by ingest, read back in order by the projector and
// by `verify`. A row is kept so that it can be made again exactly: body, and the rest of it
// encoded.

#include "store/model/result.hpp"
#include "sync/hub/pg.hpp"
#include "sync/wire/rows.hpp"

#include <span>
#include <string>
#include <vector>

namespace lotgate::hub {

/// Inside the caller's transaction.
[[nodiscard]] Result<> insert_events(Connection& database,
                                     const std::string& site_id,
                                     std::uint64_t epoch,
                                     std::span<const sync::wire::WireRow> rows);

/// At most `rows_max` after `after`, ascending.
struct EventsAfter {
    std::uint64_t epoch = 0;
    std::uint64_t after = 0;
    std::size_t rows_max = 0;
};

[[nodiscard]] Result<std::vector<LedgerRow>> events_after(Connection& database,
                                                          const std::string& site_id,
                                                          const EventsAfter& range);

}  // namespace lotgate::hub
