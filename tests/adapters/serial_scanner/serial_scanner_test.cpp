#include "adapters/serial_scanner/serial_scanner.hpp"

#include "tests/kit/conformance.hpp"
#include "tests/kit/device_script.hpp"
#include "tests/kit/settings_text.hpp"

#include <catch2/catch.hpp>

namespace lotgate::adapters {

namespace {

std::unique_ptr<Adapter> scripted_scanner(SettingsTable& table, kit::ScriptedWorld world) {
    const SerialScannerConfig config = SerialScanner::parse(table);
    ScannerLine::Parts parts{DeviceId::parse("D1").value(),
                             config.scanner,
                             std::move(world.open),
                             std::move(world.on_scan),
                             std::move(world.world)};
    return std::make_unique<SerialScanner>(std::move(parts), config);
}

}  // namespace

TEST_CASE("a serial scanner does what its scripted lines say", "[adapters][scanner]") {
    const std::filesystem::path folder =
        std::filesystem::path(LOTGATE_SOURCE_DIR) / "adapters/serial_scanner/testcases";
    const auto cases = kit::cases_in(folder);
    REQUIRE(cases.size() >= 5);
    for (const auto& one : cases) {
        INFO(one.filename().string());
        CHECK(kit::play(one, scripted_scanner) == kit::expected_in(one));
    }
}

TEST_CASE("a serial scanner survives whatever its wire does", "[adapters][conformance]") {
    kit::check_conformance({"serial scanner, line ends",
                            "port = \"/dev/ttyS0\"\nanswer_good = \"OK {code}\\\\r\\\\n\"\n"
                            "same_code_quiet = \"0ms\"\n",
                            scripted_scanner,
                            "]C10109506000134352\r",
                            {},
                            {}});
    kit::check_conformance({"serial scanner, STX and ETX",
                            "port = \"/dev/ttyS0\"\nframing = \"stx_etx\"\nwaiting_max = 1\n"
                            "same_code_quiet = \"0ms\"\n",
                            scripted_scanner,
                            "\x02]C1010950600013435210L-88\x03\r\n",
                            {},
                            {}});
    kit::check_conformance(
        {"serial scanner, triggered, with read windows",
         "port = \"/dev/ttyS0\"\nprofile = \"keyence\"\nreads = \"window\"\n"
         "triggered_by = \"gateway\"\nsame_code_quiet = \"0ms\"\n",
         scripted_scanner,
         "]C10109506000134352\r",
         {},
         [](Adapter& scanner) { dynamic_cast<Triggered&>(scanner).object_here(); }});
}

TEST_CASE("every setting of the sample is one the serial scanner knows", "[settings]") {
    const std::string sample = kit::text_of(std::filesystem::path(LOTGATE_SOURCE_DIR) /
                                            "adapters/serial_scanner/sample.toml");
    std::vector<std::string> texts{sample};
    for (const std::string& one : kit::optional_settings(sample)) {
        std::string needed;
        if (one.starts_with("frame_start") || one.starts_with("frame_end")) {
            needed = "framing = \"custom\"\nframe_end = '\\r'\n";
        }
        if (one.starts_with("read_window") || one.starts_with("codes_expected")) {
            needed = "reads = \"window\"\n";
        }
        texts.push_back(sample + needed + one);
    }
    REQUIRE(texts.size() > 5);
    for (const std::string& text : texts) {
        kit::SettingsText settings(text);
        SettingsTable table = settings.table();
        for (const char* common : {"id", "kind", "at"}) CHECK_FALSE(table.text(common, "").empty());
        (void)SerialScanner::parse(table);
        table.no_other_keys();
        CHECK(settings.complaints() == "");
    }
}

}  // namespace lotgate::adapters
