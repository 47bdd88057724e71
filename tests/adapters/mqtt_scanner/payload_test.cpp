#include "adapters/mqtt_scanner/payload.hpp"

#include "tests/kit/settings_text.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace lotgate::adapters {

namespace {

PayloadConfig config_of(const std::string& settings) {
    kit::SettingsText text(settings);
    SettingsTable table = text.table();
    PayloadConfig config = parse_payload(table);
    table.no_other_keys();
    REQUIRE(text.complaints().empty());
    return config;
}

}  // namespace

TEST_CASE("our own JSON carries code, identity, time, step and badge", "[adapters][mqtt]") {
    const auto reads = read_payload(
        {}, R"({"id":"01J","ts":"2026-01-02T03:04:05Z","code":"]C101","step":"pack","badge":"7"})");
    REQUIRE(reads);
    REQUIRE(reads->size() == 1);
    const PayloadRead& read = reads->front();
    CHECK(read.code == "]C101");
    CHECK(read.id == "01J");
    REQUIRE(read.made_at);
    CHECK(to_string(*read.made_at).substr(0, 19) == "2026-01-02T03:04:05");
    CHECK(read.step == "pack");
    CHECK(read.badge == "7");
}

TEST_CASE("somebody who overrules says so in the message", "[adapters][mqtt]") {
    const auto reads = read_payload(
        {},
        R"({"code":"A","override":{"badge":"S-7","pin":4711,"reason":"checked","second_badge":"S-9","second_pin":"0815","code":"WRONG_DOOR"}})");
    REQUIRE(reads);
    const auto& given = reads->front().overriding;
    REQUIRE(given);
    CHECK(given->badge == "S-7");
    CHECK(given->pin == "4711");
    CHECK(given->reason == "checked");
    CHECK(given->second_badge == "S-9");
    CHECK(given->second_pin == "0815");
    CHECK(given->code == "WRONG_DOOR");
    CHECK_FALSE(read_payload({}, R"({"code":"A","override":"yes"})")->front().overriding);
}

TEST_CASE("a serial or lot keyed in beside the code comes along", "[adapters][mqtt]") {
    const auto reads = read_payload({}, R"({"code":"A","serial":"S-7","lot":4711})");
    REQUIRE(reads);
    CHECK(reads->front().serial == "S-7");
    CHECK(reads->front().lot == "4711");
    CHECK(read_payload({}, R"({"code":"A"})")->front().serial.empty());
}

TEST_CASE("GS inside JSON arrives as one byte", "[adapters][mqtt]") {
    const auto reads = read_payload({}, "{\"code\":\"]d210L\\u001d21A\"}");
    REQUIRE(reads);
    CHECK(reads->front().code ==
          "]d210L\x1D"
          "21A");
}

TEST_CASE("paths lead to the members of other people's JSON", "[adapters][mqtt]") {
    const PayloadConfig config =
        config_of("code_path = \"d.v\"\nid_path = \"meta.n\"\ntime_path = \"meta.at\"\n");
    const auto reads =
        read_payload(config, R"({"meta":{"n":42,"at":1767225600000},"d":{"v":12345}})");
    REQUIRE(reads);
    CHECK(reads->front().code == "12345");
    CHECK(reads->front().id == "42");
    CHECK(reads->front().made_at == Instant{1'767'225'600'000'000});
}

TEST_CASE("tags of a Zebra IoT Connector are reads, several in one message", "[adapters][mqtt]") {
    const PayloadConfig config = config_of("payload = \"zebra\"\n");
    const std::string message =
        R"([{"type":"CUSTOM","timestamp":"2026-01-02T03:04:05.678+0000","data":{"idHex":"3034"}},)"
        R"({"type":"CUSTOM","timestamp":"2026-01-02T03:04:05Z","data":{"idHex":"3035"}}])";
    const auto reads = read_payload(config, message);
    REQUIRE(reads);
    REQUIRE(reads->size() == 2);
    CHECK((*reads)[0].code == "3034");
    CHECK((*reads)[1].code == "3035");
    // No id, but a time: the message itself is the identity, and the same again is the same.
    CHECK_FALSE((*reads)[1].id.empty());
    CHECK(read_payload(config, message)->at(1).id == (*reads)[1].id);
}

TEST_CASE("plain text is the code and has no identity", "[adapters][mqtt]") {
    const PayloadConfig config = config_of("payload = \"text\"\n");
    const auto reads = read_payload(config, "]C10109506000134352\r\n");
    REQUIRE(reads);
    CHECK(reads->front().code == "]C10109506000134352");
    CHECK(reads->front().id.empty());
    CHECK_FALSE(read_payload(config, "\r\n"));
}

TEST_CASE("what cannot be read is refused with its reason, never with an exception",
          "[adapters][mqtt]") {
    const std::string deep = std::string(100, '[') + std::string(100, ']');
    std::string many = "[";
    for (int i = 0; i < 65; ++i) many += R"({"code":"A"},)";
    many.back() = ']';
    for (const std::string& bad : {std::string("{"),
                                   std::string(""),
                                   std::string("[]"),
                                   std::string("[1]"),
                                   std::string("\"code\""),
                                   std::string(R"({"code":""})"),
                                   std::string(R"({"code":{"a":1}})"),
                                   std::string(R"({"kode":"A"})"),
                                   std::string("{\"code\":\"\xff\"}"),
                                   R"({"code":")" + std::string(10'000, 'x') + "\"}",
                                   deep,
                                   many}) {
        INFO(bad.substr(0, 60));
        const auto reads = read_payload({}, bad);
        REQUIRE_FALSE(reads);
        CHECK(reads.error().code() == FaultCode::invalid_input);
        CHECK_FALSE(reads.error().detail().empty());
    }
}

TEST_CASE("an answer is JSON whatever is in it", "[adapters][mqtt]") {
    const std::string text = answer_payload("1\"", "bad", "LOT_EXPIRED", "Say \"no\"\n<b>");
    const boost::json::value answer = boost::json::parse(text);
    CHECK(answer.at("id").as_string() == "1\"");
    CHECK(answer.at("told").as_string() == "Say \"no\"\n<b>");
    CHECK(text.find('\n') == std::string::npos);
}

}  // namespace lotgate::adapters
