#include "daemon/cli/run.hpp"

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread, at its start
    const char* const socket = std::getenv("LOTGATE_SOCKET");
    const lotgate::cli::Surroundings around{
        std::cin, std::cout, std::cerr, socket == nullptr ? "" : socket};
    return lotgate::cli::run(arguments, around);
}
