// The decoder as a program of its own, for its tests and for trying things out.

#include "daemon/cli/decode/decode_command.hpp"

#include <string>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    return lotgate::cli::decode_command(arguments);
}
