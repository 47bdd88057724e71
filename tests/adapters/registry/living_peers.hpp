#pragma once

// The other end of every kind of device, alive: the simulated devices on real wires.

#include "tests/adapters/peer_process.hpp"
#include "tests/adapters/registry/device_bench.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <string>

namespace lotgate::test {

/// The other end of every kind, alive: simulated devices on real wires, and a load that never ends.
class LivingPeers {
public:
    LivingPeers() : sim_({LOTGATE_BIN_DIR "/lotgate-sim", warehouse(), "--control", control()}) {
        REQUIRE_FALSE(sim_.first_line().empty());
        ready_ = boost::json::parse(sim_.first_line());
        control_.connect(boost::asio::local::stream_protocol::endpoint(control()));
        const std::string load =
            R"({"do":"load","rate_per_s":200,"seconds":3600,"wait_ms":100,"code":"]C0C{n}",)"
            R"("scanners":[{"id":"tcp_scanner","plc":"modbus_conveyor","point":0},)"
            R"("serial_scanner","mqtt_scanner"]})"
            "\n";
        boost::asio::write(control_, boost::asio::buffer(load));
    }

    [[nodiscard]] std::uint16_t broker() const { return broker_.port(); }

    /// Where the other end of that kind listens; 0 where it does not.
    [[nodiscard]] std::uint16_t port_of(const std::string& kind) const {
        const auto* const one = ready_.at("devices").as_object().if_contains(kind);
        const auto* const number = one == nullptr ? nullptr : one->as_object().if_contains("port");
        return number == nullptr ? std::uint16_t{0} : number->to_number<std::uint16_t>();
    }

    [[nodiscard]] MakeDevice device(const std::string& kind) const {
        return device(kind, port_of(kind));
    }

    /// The same, but led to another port.
    [[nodiscard]] MakeDevice device(const std::string& kind, std::uint16_t port) const {
        std::string settings = needed_settings(kind, port, tty());
        if (kind == "mqtt_scanner") settings += "same_code_quiet = \"0ms\"\n";
        return device_of(kind, settings);
    }

private:
    [[nodiscard]] std::string control() const { return (folder_.path() / "sim.sock").string(); }

    [[nodiscard]] std::string tty() const { return (folder_.path() / "tty").string(); }

    [[nodiscard]] std::string warehouse() const {
        const auto path = folder_.path() / "warehouse.json";
        std::ofstream(path) << fmt::format(
            R"({{"devices":[
                {{"kind":"scanner_tcp_listen","id":"tcp_scanner","port":0}},
                {{"kind":"scanner_pty","id":"serial_scanner","link":"{0}/tty"}},
                {{"kind":"scanner_mqtt","id":"mqtt_scanner","port":{1},
                  "topic":"lotgate/v1/TEST-1/H1/event","ack_topic":"lotgate/v1/TEST-1/H1/ack"}},
                {{"kind":"printer_zpl","id":"zpl_printer","port":0,"labels_dir":"{0}","ms_per_label":5}},
                {{"kind":"printer_tspl","id":"tspl_printer","port":0,"labels_dir":"{0}","ms_per_label":5}},
                {{"kind":"plc_divert","id":"modbus_conveyor","port":0}}]}})",
            folder_.path().string(),
            broker_.port());
        return path.string();
    }

    kit::TemporaryFolder folder_;
    kit::Broker broker_;
    PeerProcess sim_;
    boost::json::value ready_;
    boost::asio::io_context io_;
    boost::asio::local::stream_protocol::socket control_{io_};
};

}  // namespace lotgate::test
