#include "adapters/transport/serial_line.hpp"

#include <array>

namespace lotgate::adapters {

namespace {

struct Speed {
    unsigned baud;
    speed_t code;
};

constexpr std::array<Speed, 13> speeds{{{300, B300},
                                        {600, B600},
                                        {1200, B1200},
                                        {2400, B2400},
                                        {4800, B4800},
                                        {9600, B9600},
                                        {19200, B19200},
                                        {38400, B38400},
                                        {57600, B57600},
                                        {115200, B115200},
                                        {230400, B230400},
                                        {460800, B460800},
                                        {921600, B921600}}};

}  // namespace

std::optional<SerialLine> parse_serial_line(unsigned baud,
                                            const std::string& line,
                                            const std::string& flow) {
    SerialLine found;
    found.speed = B0;
    for (const Speed& speed : speeds) {
        if (speed.baud == baud) found.speed = speed.code;
    }
    if (found.speed == B0 || line.size() != 3) return std::nullopt;
    if (line[0] != '7' && line[0] != '8') return std::nullopt;
    found.control = line[0] == '7' ? CS7 : CS8;
    if (line[1] == 'E') found.control |= PARENB;
    if (line[1] == 'O') found.control |= PARENB | PARODD;
    if (line[1] != 'N' && line[1] != 'E' && line[1] != 'O') return std::nullopt;
    // A byte with wrong parity arrives as NUL, so that the code it belongs to is refused instead
    // of being one character shorter.
    if (line[1] != 'N') found.input |= INPCK;
    if (line[2] != '1' && line[2] != '2') return std::nullopt;
    if (line[2] == '2') found.control |= CSTOPB;
    if (flow == "software") {
        found.input |= IXON | IXOFF;
    } else if (flow == "hardware") {
        found.control |= CRTSCTS;
    } else if (flow != "none") {
        return std::nullopt;
    }
    return found;
}

}  // namespace lotgate::adapters
