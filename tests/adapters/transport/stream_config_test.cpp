#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/mqtt_session.hpp"
#include "adapters/transport/serial_line.hpp"
#include "tests/kit/settings_text.hpp"

#include <catch2/catch.hpp>

namespace lotgate::adapters {

TEST_CASE("a serial line is described in three characters", "[adapters][serial]") {
    for (const char* line : {"8N1", "7E1", "8E1", "7O1", "8N2", "8O2"}) {
        INFO(line);
        CHECK(parse_serial_line(9600, line, "none"));
    }
    for (const char* line : {"", "8N", "9N1", "8X1", "8N3", "8N11"}) {
        INFO(line);
        CHECK_FALSE(parse_serial_line(9600, line, "none"));
    }
    CHECK_FALSE(parse_serial_line(12345, "8N1", "none"));
}

TEST_CASE("settings of links name all their problems at once", "[adapters][settings]") {
    kit::SettingsText serial("baud = 12345\nline = \"9Q1\"\nflow = \"maybe\"\n");
    SettingsTable serial_table = serial.table();
    (void)parse_serial(serial_table);
    // The port is missing, and three values are wrong.
    CHECK(serial.problems().size() == 4);

    kit::SettingsText tcp("port = 70000\n");
    SettingsTable tcp_table = tcp.table();
    (void)parse_tcp(tcp_table, 2112);
    CHECK(tcp.problems().size() == 2);

    kit::SettingsText mqtt("keepalive = \"0s\"\nhandled_within = \"1h\"\n");
    SettingsTable mqtt_table = mqtt.table();
    (void)parse_mqtt(mqtt_table, {});
    CHECK(mqtt.problems().size() == 3);
}

TEST_CASE("a broker with TLS is asked on the port for TLS", "[adapters][mqtt]") {
    kit::SettingsText text("client_id = \"lotgate-DC1\"\nca_file = \"/etc/ca.pem\"\n");
    SettingsTable table = text.table();
    CHECK(parse_mqtt(table, {}).port == 8883);
    CHECK(text.complaints().empty());
}

TEST_CASE("an allow list takes addresses and prefixes and nothing else", "[adapters][tcp]") {
    CHECK(check_allow({}));
    CHECK(check_allow({"10.1.2.3", "10.1.0.0/16", "::1", "fd00::/8"}));
    for (const char* bad : {"scanner", "10.1.2", "10.1.2.3/40", "10.1.2.0/", "fd00::/200"}) {
        INFO(bad);
        CHECK_FALSE(check_allow({bad}));
    }
}

}  // namespace lotgate::adapters
