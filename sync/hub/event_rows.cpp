#include "sync/hub/event_rows.hpp"

#include <fmt/format.h>

#include <array>

namespace lotgate::hub {

namespace {

constexpr std::size_t columns = 7;
// Statements for these many rows are prepared; a batch is cut into them. 200 rows are 1,400
// parameters, far from the protocol's 65,535.
constexpr std::array<std::size_t, 4> chunks{200, 40, 8, 1};
constexpr std::size_t kind_length_max = 80;

std::string insert_statement(std::size_t rows) {
    std::string sql = "INSERT INTO event (site_id, epoch, seq, hlc, kind, body, rest) VALUES ";
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t first = row * columns + 1;
        sql += fmt::format(
            "{}(${}::text, ${}::bigint, ${}::bigint, ${}::bigint, ${}::text, "
            "${}::bytea, ${}::bytea)",
            row == 0 ? "" : ", ",
            first,
            first + 1,
            first + 2,
            first + 3,
            first + 4,
            first + 5,
            first + 6);
    }
    return sql;
}

const std::string& prepared_insert(std::size_t chunk) {
    static const std::array<std::string, chunks.size()> statements{insert_statement(chunks[0]),
                                                                   insert_statement(chunks[1]),
                                                                   insert_statement(chunks[2]),
                                                                   insert_statement(chunks[3])};
    return statements.at(chunk);
}

Result<LedgerRow> row_from(const Rows& rows, std::size_t at) {
    LG_TRY(auto wire, sync::wire::decode_row(rows.bytes(at, 1)));
    wire.row.body = rows.bytes(at, 0);
    return std::move(wire.row);
}

}  // namespace

Result<> insert_events(Connection& database,
                       const std::string& site_id,
                       std::uint64_t epoch,
                       std::span<const sync::wire::WireRow> rows) {
    std::size_t chunk = 0;
    while (!rows.empty()) {
        while (chunks.at(chunk) > rows.size()) ++chunk;
        Parameters parameters;
        for (const sync::wire::WireRow& one : rows.first(chunks.at(chunk)))
            parameters.text(site_id)
                .number(epoch)
                .number(number_of(one.row.seq))
                .number(one.row.hlc)
                .text(printable(one.row.kind.substr(0, kind_length_max)))
                .bytes(one.row.body)
                .bytes(sync::wire::encode_without_body(one));
        LG_CHECK(database.run_prepared(prepared_insert(chunk), parameters));
        rows = rows.subspan(chunks.at(chunk));
    }
    return {};
}

Result<std::vector<LedgerRow>> events_after(Connection& database,
                                            const std::string& site_id,
                                            const EventsAfter& range) {
    LG_TRY(const auto rows,
           database.run_prepared("SELECT body, rest FROM event WHERE site_id = $1 AND epoch = $2 "
                                 "AND seq > $3 ORDER BY seq LIMIT $4",
                                 Parameters()
                                     .text(site_id)
                                     .number(range.epoch)
                                     .number(range.after)
                                     .number(range.rows_max)));
    std::vector<LedgerRow> events;
    events.reserve(rows.size());
    for (std::size_t at = 0; at < rows.size(); ++at) {
        LG_TRY(auto row, row_from(rows, at));
        events.push_back(std::move(row));
    }
    return events;
}

}  // namespace lotgate::hub
