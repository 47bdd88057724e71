#include "store/sqlite/migrations.hpp"

#include "store/sqlite/database.hpp"

#include <fmt/format.h>

namespace lotgate::store::sqlite {

namespace {

constexpr std::int64_t application_id = 0x4C475431;  // "LGT1"

std::int64_t pragma_value(Database& database, std::string_view name) {
    Statement statement(database, fmt::format("PRAGMA {}", name));
    auto rows = statement();
    return rows.next() ? rows.integer(0) : 0;
}

Result<> check_owner(Database& database) {
    const std::int64_t owner = pragma_value(database, "application_id");
    const std::int64_t version = pragma_value(database, "user_version");
    if (database.fault()) return fail(*database.fault());
    if (owner != application_id && (owner != 0 || version != 0))
        return fail(FaultCode::corrupt,
                    "the file is a database of another program; name another path in [store]");
    if (version > newest_schema())
        return fail(FaultCode::conflict,
                    fmt::format("the database has schema {}, this program knows up to {}; "
                                "install the newer lotgate, or restore the copy made before",
                                version,
                                newest_schema()));
    return {};
}

}  // namespace

int newest_schema() {
    return migrations().empty() ? 0 : migrations().back().number;
}

Result<> migrate(Database& database) {
    return migrate_to(database, newest_schema());
}

Result<> migrate_to(Database& database, int number) {
    LG_CHECK(check_owner(database));
    const std::int64_t version = pragma_value(database, "user_version");
    for (const Migration& step : migrations()) {
        if (step.number <= version || step.number > number) continue;
        database.execute("BEGIN IMMEDIATE");
        database.execute(step.sql);
        database.execute(fmt::format(
            "PRAGMA application_id={}; PRAGMA user_version={};", application_id, step.number));
        database.execute("COMMIT");
        if (database.fault()) return fail(*database.fault());
    }
    return {};
}

Result<> check_schema(Database& database) {
    LG_CHECK(check_owner(database));
    const std::int64_t version = pragma_value(database, "user_version");
    if (version != newest_schema())
        return fail(FaultCode::conflict,
                    fmt::format("the database has schema {}, this program needs {}; "
                                "start lotgated once, it brings the file up to date",
                                version,
                                newest_schema()));
    return {};
}

}  // namespace lotgate::store::sqlite
