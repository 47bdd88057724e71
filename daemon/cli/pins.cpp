#include "daemon/cli/pins.hpp"

#include <istream>
#include <ostream>

namespace lotgate::cli {

std::string read_pin(const Surroundings& around, const std::string& badge) {
    around.err << "PIN of " << badge << ": ";
    std::string line;
    std::getline(around.in, line);
    return line;
}

Pins read_pins(const Surroundings& around, const Invocation& said) {
    Pins pins;
    if (!said.asks_pin) return pins;
    pins.first = read_pin(around, said.badge);
    if (!said.second_badge.empty()) pins.second = read_pin(around, said.second_badge);
    return pins;
}

}  // namespace lotgate::cli
