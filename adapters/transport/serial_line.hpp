#pragma once

// The words of a serial line ("115200", "8N1", "software") as termios knows them.

#include <optional>
#include <string>

#include <termios.h>

namespace lotgate::adapters {

struct SerialLine {
    speed_t speed = B115200;
    tcflag_t control = CS8;
    tcflag_t input = 0;
};

/// Nothing where one of the words is not known.
[[nodiscard]] std::optional<SerialLine> parse_serial_line(unsigned baud,
                                                          const std::string& line,
                                                          const std::string& flow);

}  // namespace lotgate::adapters
