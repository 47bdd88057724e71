#include "adapters/transport/modbus_bus.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;

constexpr const char* line_forms = "write \"8E1\", \"8N1\", \"8N2\" or \"8O1\"";

bool is_address(const std::string& host) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    return !error && !address.is_unspecified();
}

bool is_line(const std::string& line) {
    return line == "8E1" || line == "8N1" || line == "8N2" || line == "8O1";
}

ModbusTcpLine parse_tcp_line(SettingsTable& table) {
    ModbusTcpLine line;
    line.host = table.required_text("host");
    line.port = static_cast<std::uint16_t>(table.integer("port", 502, {1, 65535}));
    if (!line.host.empty() && !is_address(line.host))
        table.problem("host",
                      fmt::format("\"{}\" is not a numeric address", line.host),
                      "write the PLC's IP address: looking up a name could stall its diverts");
    return line;
}

ModbusSerialLine parse_serial_line(SettingsTable& table) {
    ModbusSerialLine line;
    line.port = table.required_text("serial_port");
    line.baud = static_cast<unsigned>(table.integer("baud", line.baud, {1200, 115200}));
    line.line = table.text("line", line.line);
    line.is_rs485 = table.flag("rs485", line.is_rs485);
    if (!is_line(line.line))
        table.problem("line", fmt::format("\"{}\" is no line setting", line.line), line_forms);
    return line;
}

}  // namespace

ModbusBusConfig parse_modbus_bus(SettingsTable& table) {
    ModbusBusConfig config;
    if (table.has("serial_port"))
        config.line = parse_serial_line(table);
    else
        config.line = parse_tcp_line(table);
    config.request_within = table.duration("request_within", config.request_within, {10ms, 10s});
    config.connect_within = table.duration("connect_within", config.connect_within, {50ms, 10s});
    config.gap = table.duration("gap", config.gap, {0ms, 1s});
    config.back_off_max = table.duration("back_off_max", config.back_off_max, {100ms, 5min});
    config.silent_max =
        static_cast<unsigned>(table.integer("silent_max", config.silent_max, {1, 100}));
    config.leave_alone = table.duration("leave_alone", config.leave_alone, {100ms, 5min});
    return config;
}

std::string describe(const ModbusBusConfig& config) {
    if (const auto* tcp = std::get_if<ModbusTcpLine>(&config.line))
        return fmt::format("{}:{}", tcp->host, tcp->port);
    const auto& serial = std::get<ModbusSerialLine>(config.line);
    return fmt::format("{} {} {}", serial.port, serial.baud, serial.line);
}

Result<> check(const ModbusBusConfig& config) {
    if (const auto* tcp = std::get_if<ModbusTcpLine>(&config.line)) {
        if (is_address(tcp->host) && tcp->port != 0) return {};
        return fail(FaultCode::invalid_input,
                    "not a numeric address with a port: " + describe(config));
    }
    const auto& serial = std::get<ModbusSerialLine>(config.line);
    if (!serial.port.empty() && is_line(serial.line)) return {};
    return fail(FaultCode::invalid_input, "not a serial line: " + describe(config));
}

}  // namespace lotgate::adapters
