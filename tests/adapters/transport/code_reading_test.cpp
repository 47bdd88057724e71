// The keys by which a device's codes are read, and what is refused of them.

#include "adapters/transport/code_reading.hpp"

#include "tests/kit/settings_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <string>
#include <utility>

namespace lotgate::adapters {

namespace {

std::string complaints_about(const std::string& text) {
    kit::SettingsText settings(text);
    SettingsTable table = settings.table();
    (void)parse_code_reading(table);
    return settings.complaints();
}

boost::asio::awaitable<ScanAnswer> told(Scan scan) {
    const bool separates = scan.reading && !scan.reading->gs_texts.empty();
    co_return ScanAnswer(Light::good, separates ? scan.reading->gs_texts.front() : "none", "");
}

boost::asio::awaitable<void> ask(OnScan on_scan, std::string& code) {
    Scan scan(DeviceId::parse("D1").value(), "x", Instant{0});
    const ScanAnswer answer = co_await on_scan(std::move(scan));
    code = answer.code;
}

std::string answer_of(const OnScan& on_scan) {
    boost::asio::io_context loop;
    std::string code;
    boost::asio::co_spawn(loop, ask(on_scan, code), boost::asio::detached);
    loop.run();
    return code;
}

}  // namespace

TEST_CASE("texts for GS are known with their escapes, the longest first", "[settings]") {
    kit::SettingsText settings(
        "gs_texts = [\"~\", \"<GS>\", '\\x1E', \"\\\\1D\"]\ndata_identifiers = [\"S\", \"25S\"]\n"
        "code_prefix = '\\x02'\nexpects_gs1 = true\n");
    SettingsTable table = settings.table();
    const auto reading = parse_code_reading(table);
    table.no_other_keys();
    REQUIRE(reading);
    CHECK(settings.complaints().find("escape") != std::string::npos);  // "\1D" is none
    CHECK(reading->gs_texts.front() == "<GS>");
    CHECK(reading->data_identifiers.size() == 2);
    CHECK(reading->prefix == "\x02");
    CHECK(reading->expects_gs1);
}

TEST_CASE("a device without any of the keys reads as the symbol has it", "[settings]") {
    kit::SettingsText settings("baud = 9600\n");
    SettingsTable table = settings.table();
    CHECK(parse_code_reading(table) == nullptr);
    CHECK(settings.complaints().empty());
}

TEST_CASE("a text for GS that could stand in a lot is refused with the reason", "[settings]") {
    for (const char* text : {"GS", "x", "7", "_", "-", "%"}) {
        INFO(text);
        CHECK(complaints_about(std::string("gs_texts = [\"") + text + "\"]\n")
                  .find("lot or serial") != std::string::npos);
    }
    for (const char* text : {"~", "|", "#", "^", "<GS>", "{GS}", "@@"}) {
        INFO(text);
        CHECK(complaints_about(std::string("gs_texts = [\"") + text + "\"]\n").empty());
    }
    CHECK_FALSE(complaints_about("gs_texts = [\"\"]\n").empty());
    CHECK_FALSE(complaints_about("gs_texts = ['\\x1D']\n").empty());
    CHECK_FALSE(complaints_about("gs_texts = [\"<<<<<<<<<<<<<<<<<\"]\n").empty());
}

TEST_CASE("what is no data identifier is named", "[settings]") {
    for (const char* text : {"", "s", "1", "1234S", "SS", "S1"}) {
        INFO(text);
        CHECK_FALSE(
            complaints_about(std::string("data_identifiers = [\"") + text + "\"]\n").empty());
    }
    CHECK(complaints_about("data_identifiers = [\"Q\", \"1T\", \"25S\", \"9N\"]\n").empty());
}

TEST_CASE("every scan of the device says how its codes are to be read", "[scanner]") {
    auto reading = std::make_shared<CodeReading>();
    reading->gs_texts = {"<GS>"};
    CHECK(answer_of(with_reading(told, reading)) == "<GS>");
    CHECK(answer_of(with_reading(told, nullptr)) == "none");
}

}  // namespace lotgate::adapters
