#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/serial_line.hpp"

#include <utility>

namespace lotgate::adapters {

using namespace std::chrono_literals;

SerialConfig parse_serial(SettingsTable& table, SerialConfig defaults) {
    SerialConfig config = std::move(defaults);
    // A caller that knows the port otherwise gives it as the default.
    config.port =
        config.port.empty() ? table.required_text("port") : table.text("port", config.port);
    config.baud = static_cast<unsigned>(table.integer("baud", config.baud, {300, 921'600}));
    config.line = table.text("line", config.line);
    config.flow = table.one_of("flow", {"none", "software", "hardware"});
    config.hang_up = table.flag("hang_up", config.hang_up);
    if (!parse_serial_line(config.baud, "8N1", "none")) {
        table.problem("baud",
                      "this speed is none that serial ports have",
                      "300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, "
                      "460800 or 921600");
    }
    if (!parse_serial_line(9600, config.line, config.flow)) {
        table.problem("line",
                      "data bits (7 or 8), parity (N, E or O) and stop bits (1 or 2) are expected",
                      "line = \"8N1\"");
    }
    return config;
}

TcpConfig parse_tcp(SettingsTable& table, std::uint16_t default_port) {
    TcpConfig config;
    config.host = table.required_text("host");
    config.port = static_cast<std::uint16_t>(table.integer("port", default_port, {1, 65'535}));
    config.connect_within = table.duration("connect_within", config.connect_within, {100ms, 60s});
    return config;
}

}  // namespace lotgate::adapters
