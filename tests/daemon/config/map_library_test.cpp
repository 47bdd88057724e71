#include "adapters/modbus_conveyor/register_map.hpp"
#include "daemon/config/toml_reader.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace lotgate;
using namespace lotgate::adapters;

TEST_CASE("every register map of the library is understood, and reads what its PLC gives at once",
          "[config][map]") {
    std::size_t maps = 0;
    for (const auto& file :
         std::filesystem::directory_iterator(LOTGATE_SOURCE_DIR "/config/maps")) {
        INFO(file.path().string());
        SettingsProblems problems;
        const auto root = config::read_toml_file(file.path().string(), problems);
        REQUIRE(root);
        SettingsTable table(*root, "map", problems);
        auto device = table.table("device");
        REQUIRE(device);
        auto map_table = device->table("map");
        REQUIRE(map_table);
        const RegisterMap map = parse_register_map(*map_table);
        for (const auto& problem : problems) FAIL_CHECK(problem.message);
        CHECK(overlap_in(map, 1).empty());
        for (const auto& range : ranges_of(map, 0)) CHECK(range.count <= map.registers_max);
        ++maps;
    }
    CHECK(maps >= 2);
}
