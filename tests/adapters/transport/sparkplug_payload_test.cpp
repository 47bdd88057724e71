#include "adapters/transport/sparkplug_payload.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace lotgate::adapters {

namespace {

std::string bytes_of(std::string_view hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
        bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16)));
    return bytes;
}

/// As npm sparkplug-payload 1.0.3 writes {"timestamp":5,"metrics":[{"name":"Node Control/Rebirth",
/// "type":"Boolean","value":true}]}.
const std::string rebirth =
    bytes_of("0805121a0a144e6f646520436f6e74726f6c2f52656269727468200b7001");

}  // namespace

TEST_CASE("a host's command is understood as its own encoder wrote it", "[sparkplug]") {
    const auto command = decode_sparkplug(rebirth);
    REQUIRE(command);
    CHECK(command->at == Instant{5000});
    REQUIRE(command->metrics.size() == 1);
    CHECK(command->metrics[0].name == "Node Control/Rebirth");
    CHECK(command->metrics[0].type == SparkplugType::boolean);
    CHECK(std::get<bool>(command->metrics[0].value));
    CHECK(encode(*command) == rebirth);
}

TEST_CASE("what is told of a device comes back as it was told", "[sparkplug]") {
    SparkplugPayload payload;
    payload.at = Instant{1'700'000'000'000'000};
    payload.seq = 255;
    payload.metrics.emplace_back("Counters/scans", SparkplugType::uint64, std::uint64_t{1} << 40U);
    payload.metrics.emplace_back("", SparkplugType::real, 5.2);
    payload.metrics[1].alias = 300;
    payload.metrics[1].is_historical = true;
    payload.metrics.emplace_back("Because", SparkplugType::text, "\"<b>\" ^FS");
    payload.metrics.emplace_back("Last useful", SparkplugType::moment, std::monostate());
    const auto back = decode_sparkplug(encode(payload));
    REQUIRE(back);
    CHECK(back->at == payload.at);
    CHECK(back->seq == payload.seq);
    REQUIRE(back->metrics.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        INFO(i);
        CHECK(back->metrics[i].name == payload.metrics[i].name);
        CHECK(back->metrics[i].alias == payload.metrics[i].alias);
        CHECK(back->metrics[i].type == payload.metrics[i].type);
        CHECK(back->metrics[i].value == payload.metrics[i].value);
        CHECK(back->metrics[i].is_historical == payload.metrics[i].is_historical);
    }
}

TEST_CASE("a payload that is none is refused, however it is broken", "[sparkplug]") {
    CHECK(decode_sparkplug("")->metrics.empty());
    for (std::size_t cut = 3; cut + 1 < rebirth.size(); ++cut) {
        INFO("cut after " << cut);
        CHECK(decode_sparkplug(rebirth.substr(0, cut)).error().code() == FaultCode::corrupt);
    }
    CHECK_FALSE(decode_sparkplug(std::string(11, '\xff')));
    CHECK(decode_sparkplug(std::string(70'000, '\0')).error().code() == FaultCode::full);
    SparkplugPayload many;
    many.metrics.resize(101);
    CHECK(decode_sparkplug(encode(many)).error().code() == FaultCode::full);
    std::minstd_rand engine(1);
    for (int i = 0; i < 20'000; ++i) {
        std::string noise = rebirth;
        noise[engine() % noise.size()] = static_cast<char>(engine() % 256);
        static_cast<void>(decode_sparkplug(noise));  // under the sanitizers
    }
}

}  // namespace lotgate::adapters
