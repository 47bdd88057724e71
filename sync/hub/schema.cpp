#include "sync/hub/schema.hpp"

#include <fmt/format.h>

namespace lotgate::hub {

namespace {

Result<std::size_t> version_of(Connection& database) {
    LG_TRY(const auto exists,
           database.run("SELECT 1 FROM information_schema.tables "
                        "WHERE table_schema = current_schema() AND table_name = 'schema_version'"));
    if (exists.size() == 0) return std::size_t{0};
    LG_TRY(const auto rows, database.run("SELECT coalesce(max(version), 0) FROM schema_version"));
    return static_cast<std::size_t>(rows.number(0, 0));
}

Fault newer(std::size_t found, std::size_t ours) {
    return {FaultCode::conflict,
            fmt::format("The database has schema {}, this lotgate-hub knows {}. Use a lotgate-hub "
                        "that is at least as new as the one that made it.",
                        found,
                        ours)};
}

}  // namespace

Result<std::size_t> migrate(Connection& database) {
    const auto migrations = all_migrations();
    LG_CHECK(
        database.run("CREATE TABLE IF NOT EXISTS schema_version (version bigint PRIMARY KEY, "
                     "name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"));
    LG_TRY(const std::size_t found, version_of(database));
    if (found > migrations.size()) return fail(newer(found, migrations.size()));
    for (std::size_t version = found; version < migrations.size(); ++version) {
        auto step = [&]() -> Result<> {
            LG_CHECK(database.run_script(migrations[version].sql));
            LG_CHECK(database.run("INSERT INTO schema_version (version, name) VALUES ($1, $2)",
                                  Parameters().number(version + 1).text(migrations[version].name)));
            return {};
        };
        LG_CHECK(database.in_transaction(step));
    }
    return migrations.size() - found;
}

Result<> check_schema(Connection& database) {
    const std::size_t ours = all_migrations().size();
    LG_TRY(const std::size_t found, version_of(database));
    if (found == ours) return {};
    if (found > ours) return fail(newer(found, ours));
    return fail(FaultCode::conflict,
                fmt::format("The database has schema {}, this lotgate-hub needs {}. Run: "
                            "lotgate-hub init --db …",
                            found,
                            ours));
}

}  // namespace lotgate::hub
